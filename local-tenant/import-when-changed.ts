import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTenant, type Bundle } from '../build.mjs'
import { importTenant } from '../deploy/import-tenant.ts'
import { readLocalJson, writeLocalJson, type LocalFolder } from './local-folder.ts'
import type { TenantState } from './store.ts'
import type { Tenant } from './tenant.ts'

export interface LocalImport {
  root: string
  bundles: readonly Bundle[]
  /** The environment for the Deploy CLI. */
  env: Readonly<Record<string, string>>
  tenant: Pick<Tenant, 'store' | 'managementLog'>
  /** Keeps the fingerprint of the last import. */
  folder: Pick<LocalFolder, 'imported'>
  /** Runs the Deploy CLI; rejects when it fails. */
  run?: typeof importTenant
}

/**
 * Lets the Deploy CLI import `tenant.yaml` unless the last import was of the very same file,
 * bundles and secrets, and the tenant still has its Actions deployed and bound: one import takes
 * the Deploy CLI seconds. Rejects when they are not after the import. Answers whether it did, and how many Management API writes that made.
 */
export const importWhenChanged = async (
  local: LocalImport,
): Promise<{ wasImported: boolean; writes: number }> => {
  const { root, env, folder, run = importTenant } = local
  const { store, managementLog } = local.tenant
  const fingerprint = fingerprintOf(local)
  const writesBefore = managementLog.writes()
  const writes = (): number => managementLog.writes() - writesBefore
  if (
    readLocalJson(folder.imported) === fingerprint &&
    (await missingFrom(local, store.state)).length === 0
  ) {
    return { wasImported: false, writes: writes() }
  }
  // An import that fails half-way leaves neither the old nor the new.
  writeLocalJson(folder.imported, null)
  await run('Importing tenant.yaml with the Deploy CLI', {
    inputFile: join(root, 'tenant.yaml'),
    env,
  })
  const missing = await missingFrom(local, store.state)
  if (missing.length > 0) {
    throw new Error(`The Deploy CLI ended well, but the tenant lacks: ${missing.join(', ')}`)
  }
  // First what was imported, then the note about it: a note alone would be believed.
  store.flush()
  writeLocalJson(folder.imported, fingerprint)
  return { wasImported: true, writes: writes() }
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

/**
 * The Actions of `tenant.yaml` that are not deployed with the code just built and the secrets of
 * this start, or are not bound in its order. Others that are bound too are no business of ours.
 */
const missingFrom = async (
  { root, bundles, env }: LocalImport,
  state: TenantState,
): Promise<string[]> => {
  const { actions, triggers } = await readTenant(root)
  const undeployed = bundles.filter(({ name, file }) => {
    const action = Object.values(state.actions).find((candidate) => candidate.name === name)
    const deployed = action?.versions.find(({ id }) => id === action.deployed_version_id)
    const secrets = actions.find((entry) => entry.name === name)?.secrets ?? []
    return (
      deployed?.code !== readFileSync(join(root, file), 'utf8') ||
      secrets.some(({ name: secret, value: marker }) => {
        const kept = deployed.secrets.find((one) => one.name === secret)?.value
        return kept === undefined || kept !== env[marker.replaceAll('@@', '')]
      })
    )
  })
  const expected = (triggers['post-login'] ?? []).map(({ action_name }) => action_name)
  const bound = (state.bindings['post-login'] ?? [])
    .map(({ action_id }) => state.actions[action_id]?.name ?? '')
    .filter((name) => expected.includes(name))
  return [
    ...undeployed.map(({ name }) => name),
    ...expected.filter((name, index) => bound[index] !== name).map((name) => `binding of ${name}`),
  ]
}
