import type { ActionVersion, Dependency, StoredAction, StoredSecret } from '../store.ts'

/** How long a build stays `pending`, in milliseconds; then it is `building` until `built_at`. */
const PENDING_MS = 20

export type BuildStatus = 'pending' | 'building' | 'built'

/** Where the build of the draft is at `now`. */
export const buildStatus = (
  build: { updated_at: string; built_at: string },
  now: number,
): BuildStatus => {
  if (now >= Date.parse(build.built_at)) return 'built'
  return now < Date.parse(build.updated_at) + PENDING_MS ? 'pending' : 'building'
}

/** An Action as `GET /actions/actions/{id}` shows it. */
export const actionView = (action: StoredAction, now: number): Record<string, unknown> => {
  const status = buildStatus(action, now)
  return {
    ...identityOf(action),
    code: action.code,
    dependencies: dependencyViews(action.dependencies, status),
    runtime: action.runtime,
    status,
    secrets: action.secrets.map(secretView),
    ...deployedViews(action, now),
    all_changes_deployed: action.all_changes_deployed,
  }
}

/** An Action inside a binding: its deployed version without the draft. */
export const boundActionView = (action: StoredAction, now: number): Record<string, unknown> => ({
  ...identityOf(action),
  ...deployedViews(action, now),
  // Auth0 always answers `false` here (recorded).
  all_changes_deployed: false,
})

/** A version as `GET …/versions/{id}` shows it. */
export const versionView = (
  action: StoredAction,
  version: ActionVersion,
  now: number,
): Record<string, unknown> => ({
  ...versionContent(version, version.id === action.deployed_version_id, now),
  action: { ...identityOf(action), all_changes_deployed: false },
})

/** What `deploy` answers: the new version before its own build begins (recorded). */
export const newVersionView = (
  action: StoredAction,
  version: ActionVersion,
): Record<string, unknown> => ({
  ...versionView(action, version, Date.parse(version.created_at)),
  deployed: false,
  status: 'built',
})

const identityOf = (action: StoredAction): Record<string, unknown> => ({
  id: action.id,
  name: action.name,
  supported_triggers: action.supported_triggers,
  created_at: action.created_at,
  updated_at: action.updated_at,
})

const deployedViews = (action: StoredAction, now: number): Record<string, unknown> => {
  const version = action.versions.find(({ id }) => id === action.deployed_version_id)
  if (version === undefined) return {}
  const status = buildStatus(version, now)
  return {
    current_version: {
      id: version.id,
      code: version.code,
      runtime: version.runtime,
      status: status.toUpperCase(),
      number: version.number,
      ...(status === 'built' && { build_time: version.built_at }),
      created_at: version.created_at,
      updated_at: version.updated_at,
    },
    deployed_version: versionContent(version, true, now),
  }
}

const versionContent = (
  version: ActionVersion,
  deployed: boolean,
  now: number,
): Record<string, unknown> => {
  const status = buildStatus(version, now)
  return {
    id: version.id,
    number: version.number,
    code: version.code,
    dependencies: dependencyViews(version.dependencies, 'built'),
    deployed,
    ...(status === 'built' && { built_at: version.built_at }),
    secrets: version.secrets.map(secretView),
    status,
    created_at: version.created_at,
    updated_at: version.updated_at,
    runtime: version.runtime,
    supported_triggers: version.supported_triggers,
  }
}

/** Values never leave the tenant. */
const secretView = ({ name, updated_at }: StoredSecret): Omit<StoredSecret, 'value'> => ({
  name,
  updated_at,
})

/** `registry_url` is shown until the build has fetched the packages (recorded). */
const dependencyViews = (dependencies: readonly Dependency[], status: BuildStatus): Dependency[] =>
  status === 'built'
    ? dependencies.map(({ name, version }) => ({ name, version }))
    : [...dependencies]
