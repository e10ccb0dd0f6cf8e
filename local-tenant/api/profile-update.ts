/** The one update of the profile that a flow makes, and what Actions see of it before. */
import { isEqualJson, isObject, setOwn } from '../json.ts'
import { mergeMetadata, metadataProblem } from '../metadata.ts'
import type { ApiResult } from './result.ts'

type Metadata = Record<string, unknown>

export interface ProfileChanges {
  app_metadata?: Metadata
  user_metadata?: Metadata
}

/** What Actions asked for and nobody wrote yet: the last value per top-level key. */
export interface PendingMetadata {
  app_metadata: Metadata
  user_metadata: Metadata
  /** Set when the update will be refused. */
  error?: string
}

export const noPendingMetadata = (): PendingMetadata => ({ app_metadata: {}, user_metadata: {} })

/**
 * Adds what one Action asked for. Its `user_metadata` is lost when it also set the primary user.
 * https://auth0.com/docs/customize/actions/limitations
 */
export const addPendingMetadata = (
  pending: PendingMetadata,
  result: Pick<
    ApiResult,
    'app_metadata' | 'user_metadata' | 'profileUpdateError' | 'primaryUserId'
  >,
): PendingMetadata => {
  const error = pending.error ?? result.profileUpdateError
  const user_metadata = result.primaryUserId === undefined ? result.user_metadata : {}
  return {
    app_metadata: { ...pending.app_metadata, ...result.app_metadata },
    user_metadata: { ...pending.user_metadata, ...user_metadata },
    ...(error === undefined ? {} : { error }),
  }
}

/**
 * What must be written: nothing for a value equal to the stored one, but always something for
 * `null`, even if there is no such key. How Auth0 compares objects is not documented; here they are
 * equal when their JSON is, whatever the order of keys.
 *
 * Answers `{ error }` where the Management API would refuse the update: `undefined` as a value, a
 * key with `.` or `$` at any depth, a reserved name in `app_metadata`.
 */
export const planProfileUpdate = (
  user: Record<string, unknown>,
  pending: PendingMetadata,
): { changes: ProfileChanges | undefined } | { error: string } => {
  const error = pending.error ?? refusalOf(pending)
  if (error !== undefined) return { error }
  const app_metadata = differing(user['app_metadata'], pending.app_metadata)
  const user_metadata = differing(user['user_metadata'], pending.user_metadata)
  if (app_metadata === undefined && user_metadata === undefined) return { changes: undefined }
  return {
    changes: {
      ...(app_metadata === undefined ? {} : { app_metadata }),
      ...(user_metadata === undefined ? {} : { user_metadata }),
    },
  }
}

/**
 * The user as the next Action sees it, `app_metadata` on the root included. The argument is left as
 * it is. A root attribute of the identity provider that a deleted key of `app_metadata` had hidden
 * does not come back before the user is read again.
 */
export const applyProfileChanges = <User extends Record<string, unknown>>(
  user: User,
  changes: ProfileChanges,
): User => {
  const changed: Record<string, unknown> = { ...user }
  for (const [key, value] of Object.entries(changes.app_metadata ?? {})) {
    if (NEVER_HIDDEN.has(key)) continue
    if (value !== null) setOwn(changed, key, value)
    else if (isObject(user['app_metadata']) && Object.hasOwn(user['app_metadata'], key)) {
      delete changed[key]
    }
  }
  for (const metadata of ['app_metadata', 'user_metadata'] as const) {
    const asked = changes[metadata] ?? {}
    // Metadata that is no object stays what it is until somebody writes a key.
    if (Object.keys(asked).length > 0) changed[metadata] = mergeMetadata(user[metadata], asked)
  }
  return changed as User
}

const NEVER_HIDDEN = new Set(['user_id', 'app_metadata', 'user_metadata'])

const differing = (stored: unknown, pending: Metadata): Metadata | undefined => {
  const current = isObject(stored) ? stored : {}
  const changes = Object.entries(pending).filter(
    ([key, value]) =>
      value === null || !Object.hasOwn(current, key) || !isEqualJson(current[key], value),
  )
  return changes.length === 0 ? undefined : Object.fromEntries(changes)
}

const refusalOf = (pending: PendingMetadata): string | undefined => {
  const problem =
    metadataProblem('app_metadata', pending.app_metadata) ??
    metadataProblem('user_metadata', pending.user_metadata)
  return problem && `user update failed: Payload validation error: '${problem}'.`
}
