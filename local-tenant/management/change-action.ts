import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { ActionVersion, StoredAction, StoredSecret } from '../store.ts'
import { LIMITS, type SentAction, type SentSecret } from './parse-action.ts'
import { DEFAULT_RUNTIME } from './triggers.ts'

/** Milliseconds until a draft is built. Auth0 takes longer; here an import need not wait. */
const BUILD_MS = { plain: 50, withDependencies: 400 } as const

/** A new Action with its draft, not deployed. */
export const createAction = (
  sent: SentAction & Required<Pick<SentAction, 'name' | 'supported_triggers'>>,
  now: number,
): StoredAction => {
  const at = new Date(now).toISOString()
  return {
    id: randomUUID(),
    name: sent.name,
    supported_triggers: sent.supported_triggers,
    created_at: at,
    updated_at: at,
    code: sent.code ?? '',
    runtime: sent.runtime ?? DEFAULT_RUNTIME,
    dependencies: sent.dependencies ?? [],
    secrets: mergeSecrets([], sent.secrets ?? [], at),
    built_at: builtAt(now, sent.dependencies?.length ?? 0),
    versions: [],
    all_changes_deployed: false,
  }
}

/** Replaces what was sent and starts a build, even when nothing differs (recorded). */
export const updateDraft = (action: StoredAction, sent: SentAction, now: number): void => {
  const at = new Date(now).toISOString()
  const { name, supported_triggers, code, runtime, dependencies, secrets } = sent
  if (name !== undefined) action.name = name
  if (supported_triggers !== undefined) action.supported_triggers = supported_triggers
  if (code !== undefined) action.code = code
  if (runtime !== undefined) action.runtime = runtime
  if (dependencies !== undefined) action.dependencies = dependencies
  if (secrets !== undefined) action.secrets = mergeSecrets(action.secrets, secrets, at)
  action.updated_at = at
  action.built_at = builtAt(now, action.dependencies.length)
  action.all_changes_deployed = isDeployed(action)
}

/**
 * Makes `content` the next version and deploys it. A version number is never used twice, and a
 * version may equal the one before.
 */
export const deployVersion = (
  action: StoredAction,
  content: Pick<
    ActionVersion,
    'code' | 'runtime' | 'dependencies' | 'secrets' | 'supported_triggers'
  >,
  now: number,
): ActionVersion => {
  const at = new Date(now).toISOString()
  const version: ActionVersion = {
    id: randomUUID(),
    number: (action.versions.at(-1)?.number ?? 0) + 1,
    code: content.code,
    runtime: content.runtime,
    dependencies: content.dependencies,
    secrets: content.secrets,
    supported_triggers: content.supported_triggers,
    created_at: at,
    updated_at: at,
    // A built draft has its packages already; else draft and version are ready together.
    built_at: new Date(Math.max(now + BUILD_MS.plain, Date.parse(action.built_at))).toISOString(),
  }
  action.versions = [...action.versions, version].slice(-LIMITS.versions)
  action.deployed_version_id = version.id
  action.all_changes_deployed = isDeployed(action)
  return version
}

/** The list replaces the secrets; a known name without `value` keeps its value and its date. */
const mergeSecrets = (
  stored: readonly StoredSecret[],
  sent: readonly SentSecret[],
  at: string,
): StoredSecret[] =>
  sent.map(({ name, value }) => {
    const old = stored.find((secret) => secret.name === name)
    if (value === undefined && old !== undefined) return old
    return { name, value: value ?? '', updated_at: at }
  })

const builtAt = (now: number, dependencies: number): string =>
  new Date(now + (dependencies > 0 ? BUILD_MS.withDependencies : BUILD_MS.plain)).toISOString()

const isDeployed = (action: StoredAction): boolean => {
  const version = action.versions.find(({ id }) => id === action.deployed_version_id)
  return version !== undefined && isDeepStrictEqual(contentOf(action), contentOf(version))
}

const contentOf = (draft: Omit<ActionVersion, 'id' | 'number'> | StoredAction): unknown => ({
  code: draft.code,
  runtime: draft.runtime,
  supported_triggers: draft.supported_triggers.map(({ id, version }) => [id, version]),
  dependencies: draft.dependencies.map(({ name, version }) => [name, version]),
  secrets: draft.secrets.map(({ name, value }) => [name, value]),
})
