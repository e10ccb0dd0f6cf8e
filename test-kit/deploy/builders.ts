/** Plain data for the pure parts of `deploy/`. */
import { createHash } from 'node:crypto'
import type { Repository, RepositoryAction } from '../../deploy/repository.ts'
import type { Tenant, TenantAction } from '../../deploy/tenant.ts'

export const build = (name: string, says = 'one'): { code: string; hash: string } => {
  const body = `exports.onExecutePostLogin = async () => {} // ${says}\n`
  const hash = createHash('sha256').update(body).digest('hex')
  return { code: `// ${name} sha256:${hash}\n${body}`, hash }
}

export const aRepositoryAction = (
  name: string,
  change: Partial<RepositoryAction> = {},
): RepositoryAction => ({
  name,
  ...build(name),
  runtime: 'node22',
  triggers: [{ id: 'post-login', version: 'v3' }],
  dependencies: [],
  declaredDependencies: change.dependencies ?? [],
  secretNames: [],
  declaredSecrets: change.secretNames ?? [],
  modules: [],
  ...change,
})

export const aRepository = (
  actions = [aRepositoryAction('first', { secretNames: ['API_KEY'] }), aRepositoryAction('second')],
): Repository => ({
  actions,
  bindings: {
    'post-login': actions.map(({ name }) => ({ actionName: name, displayName: name })),
  },
  bundlesHash: createHash('sha256')
    .update(actions.map(({ hash }) => hash).join())
    .digest('hex'),
  warnings: [],
})

/** The Action as it is in a tenant when `wanted` was deployed `version` times. */
export const aTenantAction = (
  wanted: RepositoryAction,
  change: Partial<TenantAction> = {},
  version = 1,
): TenantAction => {
  const { code, runtime, dependencies, secretNames, modules, name, triggers } = wanted
  const content = { code, runtime, dependencies, secretNames, modules }
  const secretsSetAt = Object.fromEntries(
    secretNames.map((secret) => [secret, '2026-11-01T10:00:00.000Z']),
  )
  return {
    id: `id-${name}`,
    name,
    triggers,
    draft: { ...content },
    status: 'built',
    buildErrors: [],
    allChangesDeployed: true,
    secretsSetAt,
    deployed: {
      ...content,
      id: `version-${name}-${version}`,
      number: version,
      createdAt: '2026-11-01T10:00:00.000Z',
      secretsSetAt,
      status: 'built',
    },
    isInstalled: false,
    ...change,
  }
}

export const aTenant = ({
  deployed,
  bound = [],
}: { deployed?: Repository; bound?: string[] } = {}): Tenant => ({
  domain: 'example.eu.auth0.com',
  actions: (deployed?.actions ?? []).map((action) => aTenantAction(action)),
  bindings: { 'post-login': bound.map((name) => ({ actionName: name, displayName: name })) },
})
