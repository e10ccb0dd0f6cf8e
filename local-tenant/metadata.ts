/** Auth0's rules for metadata, which hold for Actions and for the Management API. */
import { isObject } from './json.ts'

/**
 * Auth0's rule for `app_metadata` and `user_metadata` in one update: the keys of `patch` replace
 * those of `current` at the first level only, `null` removes a key, an empty `patch` wipes
 * everything. Metadata that is no object is replaced.
 * https://auth0.com/docs/manage-users/user-accounts/metadata/manage-metadata-api
 */
export const mergeMetadata = (
  current: unknown,
  patch: Record<string, unknown>,
): Record<string, unknown> => {
  if (Object.keys(patch).length === 0) return {}
  const merged = { ...(isObject(current) ? current : {}), ...patch }
  return Object.fromEntries(
    Object.entries(merged).filter(([key, value]) => value !== null || !Object.hasOwn(patch, key)),
  )
}

/**
 * Names that `app_metadata` must not hold at its first level.
 * https://auth0.com/docs/manage-users/user-accounts/metadata/metadata-fields-data
 */
export const RESERVED_APP_METADATA: ReadonlySet<string> = new Set([
  '__tenant',
  '_id',
  'blocked',
  'clientID',
  'created_at',
  'email_verified',
  'email',
  'globalClientID',
  'global_client_id',
  'identities',
  'lastIP',
  'lastLogin',
  'loginsCount',
  'metadata',
  'multifactor_last_modified',
  'multifactor',
  'updated_at',
  'user_id',
])

export type MetadataName = 'app_metadata' | 'user_metadata'

/**
 * Why Auth0 refuses to store `patch`, or `undefined` when it may be merged. Names with `.` or `$`
 * are refused at every depth: Auth0 documents no exception for nested ones.
 */
export const metadataProblem = (name: MetadataName, patch: unknown): string | undefined => {
  if (!isObject(patch)) return `Expected type object for ${name}`
  if (name === 'app_metadata') {
    const reserved = Object.keys(patch).find((key) => RESERVED_APP_METADATA.has(key))
    if (reserved !== undefined) return `app_metadata must not contain ${reserved}`
  }
  return badName(patch) ? `Names in ${name} must not contain '.' or '$'` : undefined
}

const badName = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(badName)
  if (!isObject(value)) return false
  return Object.entries(value).some(([key, inner]) => /[.$]/.test(key) || badName(inner))
}
