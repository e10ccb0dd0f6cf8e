import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildActions } from '../build/build-actions.ts'
import type { Problem, Result } from '../actions/shared/problem.ts'
import { loadTenantFile } from '../build/tenant-file.ts'
import { compareText } from './parse-tenant.ts'
import type { ActionContent, TenantBinding } from './tenant.ts'

export interface RepositoryAction extends ActionContent {
  name: string
  triggers: { id: string; version: string }[]
  /** Of the bundle without its header, SHA-256 in hex. */
  hash: string
  /** As `tenant.yaml` has them, registries included. */
  declaredDependencies: { name: string; version: string; registry_url?: string }[]
  /** In the order of `tenant.yaml`. */
  declaredSecrets: string[]
}

/** What this repository wants a tenant to hold. */
export interface Repository {
  actions: RepositoryAction[]
  bindings: Record<string, TenantBinding[]>
  /** Of all bundles together, SHA-256 in hex: the same here and there means the same code. */
  bundlesHash: string
  /** What the build says and takes all the same. */
  warnings: Problem[]
}

/** Builds the project in `root` and reads it, or tells every problem. */
export const readRepository = async (root: string): Promise<Result<Repository>> => {
  const built = await buildActions(root)
  if (!built.ok) return built
  const tenantFile = await loadTenantFile(root)
  const actions = tenantFile.actions.map((entry): RepositoryAction => {
    const bundle = built.value.bundles.find(({ name }) => name === entry.name)
    if (bundle === undefined) throw new Error(`${entry.name} was not built`)
    const dependencies = entry.dependencies ?? []
    const secrets = (entry.secrets ?? []).map(({ name }) => name)
    return {
      name: entry.name,
      code: readFileSync(join(root, bundle.file), 'utf8'),
      hash: bundle.hash,
      runtime: entry.runtime,
      triggers: entry.supported_triggers,
      dependencies: dependencies
        .map(({ name, version }) => ({ name, version }))
        .toSorted((one, other) => compareText(one.name, other.name)),
      secretNames: secrets.toSorted(compareText),
      modules: [],
      declaredDependencies: dependencies,
      declaredSecrets: secrets,
    }
  })
  return {
    ok: true,
    value: {
      actions,
      bindings: Object.fromEntries(
        Object.entries(tenantFile.triggers).map(([trigger, bindings]) => [
          trigger,
          bindings.map(({ action_name: actionName, display_name: displayName }) => ({
            actionName,
            displayName,
          })),
        ]),
      ),
      bundlesHash: hashOf(actions),
      warnings: built.value.warnings,
    },
  }
}

const hashOf = (actions: readonly RepositoryAction[]): string => {
  const lines = actions.map(({ name, hash }) => `${name} ${hash}\n`).toSorted(compareText)
  return createHash('sha256').update(lines.join('')).digest('hex')
}
