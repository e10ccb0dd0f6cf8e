import { DeployFailure } from './failure.ts'
import type {
  ActionContent,
  BuildStatus,
  DeployedVersion,
  TenantAction,
  TenantBinding,
} from './tenant.ts'

/**
 * Reads an Action of `GET /api/v2/actions/actions`. Throws `tenant_failed` when it has no id, name
 * or code: nothing can be planned on that.
 */
export const parseAction = (value: unknown): TenantAction => {
  const action = objectOf(value)
  const id = textOf(action['id'])
  const name = textOf(action['name'])
  if (id === '' || name === '') {
    throw new DeployFailure('tenant_failed', 'The tenant listed an Action without id or name.')
  }
  const draft = parseContent(action)
  const version = action['deployed_version']
  // What the version does not say, the draft of the same Action does.
  const deployed =
    version === undefined || version === null
      ? undefined
      : parseVersion({
          ...pick(action, ['dependencies', 'runtime', 'secrets']),
          ...objectOf(version),
        })
  const status = parseStatus(action['status'])
  return {
    id,
    name,
    triggers: listOf(action['supported_triggers']).map((trigger) => ({
      id: textOf(objectOf(trigger)['id']),
      version: textOf(objectOf(trigger)['version']),
    })),
    draft,
    status: parseStatus(objectOf(version)['status']) === 'failed' ? 'failed' : status,
    buildErrors: [action, objectOf(version)].flatMap(parseBuildErrors),
    // Only a plain `false` tells of an undeployed draft.
    allChangesDeployed: action['all_changes_deployed'] !== false,
    secretsSetAt: parseSecretDates(action),
    ...(deployed !== undefined && { deployed }),
    isInstalled:
      typeof action['installed_integration_id'] === 'string' ||
      objectOf(action['integration']) === action['integration'],
  }
}

/** Reads a version as `deployed_version` and the versions endpoint show it. */
export const parseVersion = (value: unknown): DeployedVersion | undefined => {
  const version = objectOf(value)
  const { id, number } = version
  if (typeof id !== 'string' || typeof number !== 'number') return undefined
  return {
    ...parseContent(version),
    id,
    number,
    createdAt: textOf(version['created_at']),
    secretsSetAt: parseSecretDates(version),
  }
}

export const parseBinding = (value: unknown): TenantBinding => {
  const binding = objectOf(value)
  const actionName = textOf(objectOf(binding['action'])['name'])
  if (actionName === '') {
    throw new DeployFailure('tenant_failed', 'The tenant listed a binding without its Action.')
  }
  return { actionName, displayName: textOf(binding['display_name']) || actionName }
}

const parseContent = (source: Record<string, unknown>): ActionContent => ({
  code: textOf(source['code']),
  runtime: textOf(source['runtime']),
  dependencies: listOf(source['dependencies'])
    .map((dependency) => ({
      name: textOf(objectOf(dependency)['name']),
      version: textOf(objectOf(dependency)['version']),
    }))
    .toSorted((one, other) => compareText(one.name, other.name)),
  secretNames: listOf(source['secrets'])
    .map((secret) => textOf(objectOf(secret)['name']))
    .toSorted(compareText),
})

const parseSecretDates = (source: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    listOf(source['secrets']).map((secret) => [
      textOf(objectOf(secret)['name']),
      textOf(objectOf(secret)['updated_at']),
    ]),
  )

const pick = (source: Record<string, unknown>, keys: string[]): Record<string, unknown> =>
  Object.fromEntries(keys.map((key) => [key, source[key]]))

const parseStatus = (value: unknown): BuildStatus => {
  const status = textOf(value).toLowerCase()
  return status === 'failed' || status === 'built' ? status : 'building'
}

const parseBuildErrors = (source: Record<string, unknown>): string[] =>
  listOf(source['errors']).map((error) => {
    const { msg, id } = objectOf(error)
    return textOf(msg) || textOf(id) || 'no reason given'
  })

/** By code unit, so that the order is the same on every computer. */
export const compareText = (one: string, other: string): number =>
  one < other ? -1 : one > other ? 1 : 0

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
