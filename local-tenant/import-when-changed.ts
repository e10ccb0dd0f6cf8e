import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bundle } from '../build.mjs'
import { importTenant } from '../deploy/import-tenant.ts'
import type { TenantState } from './store.ts'

export interface LocalImport {
  root: string
  bundles: readonly Bundle[]
  /** The environment for the Deploy CLI. */
  env: Readonly<Record<string, string>>
  state: TenantState
  /** Fingerprint of the last import, if there was one. */
  imported: unknown
}

/**
 * Lets the Deploy CLI import `tenant.yaml` unless the last import was of the very same file,
 * bundles and secrets and the tenant still has what it brought: one import takes the Deploy CLI
 * seconds. Answers the fingerprint of what is now in the tenant, and whether it was imported now.
 */
export const importWhenChanged = async (
  local: LocalImport,
): Promise<{ fingerprint: string; wasImported: boolean }> => {
  const fingerprint = fingerprintOf(local)
  if (local.imported === fingerprint && missingFrom(local).length === 0) {
    return { fingerprint, wasImported: false }
  }
  await importTenant('Importing tenant.yaml with the Deploy CLI', {
    inputFile: join(local.root, 'tenant.yaml'),
    env: local.env,
  })
  const missing = missingFrom(local)
  if (missing.length > 0) {
    throw new Error(`The Deploy CLI ended well, but the tenant lacks: ${missing.join(', ')}`)
  }
  return { fingerprint, wasImported: true }
}

const fingerprintOf = ({ root, bundles, env }: LocalImport): string => {
  const hash = createHash('sha256').update(readFileSync(join(root, 'tenant.yaml')))
  for (const bundle of bundles) hash.update(bundle.hash)
  for (const [name, value] of Object.entries(env).sort()) {
    // How the Deploy CLI gets in does not change what it brings.
    if (!name.startsWith('AUTH0_') && name !== 'PATH') hash.update(`${name}=${value}\n`)
  }
  return hash.digest('hex')
}

/** Actions that are not deployed with the code just built, or not bound. */
const missingFrom = ({ root, bundles, state }: LocalImport): string[] => {
  const bound = (state.bindings['post-login'] ?? []).map(({ action_id }) => action_id)
  return bundles
    .filter(({ name, file }) => {
      const action = Object.values(state.actions).find((candidate) => candidate.name === name)
      const deployed = action?.versions.find(({ id }) => id === action.deployed_version_id)
      const isDeployed = deployed?.code === readFileSync(join(root, file), 'utf8')
      return !isDeployed || action === undefined || !bound.includes(action.id)
    })
    .map(({ name }) => name)
}
