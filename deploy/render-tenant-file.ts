import type { Plan } from './plan-deployment.ts'
import type { Repository } from './repository.ts'

/** What the Deploy CLI gets: one `tenant.yaml` and the bundles it names. */
export interface TenantFiles {
  /** Text by path, relative to the folder of `tenant.yaml`. */
  files: Record<string, string>
  /** Secrets whose values have to be in the environment of the Deploy CLI. */
  secretNames: string[]
}

/**
 * Renders the part of `tenant.yaml` that the Deploy CLI writes: the drafts of the Actions that a
 * plan creates or updates. What is left out, the Deploy CLI leaves alone: other Actions and all
 * triggers. `deployed` is false: `deploy-drafts.ts` puts them live.
 *
 * The file is JSON, which is YAML, with the exception of the unquoted markers of secrets, which
 * make a missing value a parse error. Every other `@` and `#` is escaped: a dependency's name can
 * then not be taken for a marker and be replaced by a secret.
 */
export const renderTenantFile = (plan: Plan, repository: Repository): TenantFiles => {
  const changed = plan.actions.filter(({ change }) => change !== 'unchanged')
  const actions = repository.actions.filter(({ name }) =>
    changed.some((action) => action.name === name),
  )
  const section = renderSection(
    'actions',
    actions.map((action) => ({
      name: action.name,
      code: `./actions/${action.name}.js`,
      runtime: action.runtime,
      deployed: false,
      supported_triggers: action.triggers,
      dependencies: action.declaredDependencies,
      // Only then: modules are early access, and tenants without it may refuse the word.
      ...(removesModules(plan, action.name) && { modules: [] }),
      secrets: action.declaredSecrets.map((name) => ({ name, value: { marker: name } })),
    })),
  )
  return {
    files: {
      'tenant.yaml': section,
      ...Object.fromEntries(actions.map(({ name, code }) => [`actions/${name}.js`, code])),
    },
    secretNames: [...new Set(actions.flatMap(({ declaredSecrets }) => declaredSecrets))],
  }
}

const removesModules = (plan: Plan, name: string): boolean =>
  plan.actions.some((action) => action.name === name && action.reasons.includes('modules'))

const renderSection = (key: string, value: unknown): string => {
  const escaped = JSON.stringify(value, null, 2).replaceAll(
    /[@#]/g,
    (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`,
  )
  const marked = escaped.replaceAll(/\{\s*"marker": "(\w+)"\s*\}/g, '@@$1@@')
  return `"${key}": ${marked}\n`
}
