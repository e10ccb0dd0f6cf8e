import { isObject } from './json.ts'
import { mergeMetadata, metadataProblem, RESERVED_APP_METADATA } from './metadata.ts'
import { findUser } from './lookup.ts'
import type { ProfileStore } from './runtime/flow.ts'
import type { Identity, Store, User } from './store.ts'

/** The user of a test run: nobody's profile is read or written. */
export const TEST_RUN_USER_ID = 'test-run|nobody'

/** Attributes that the Management API shows and `event.user` does not have. */
const NOT_IN_EVENT: ReadonlySet<string> = new Set(['last_ip', 'last_login', 'logins_count'])

/** What callers see of an identity: no tokens of identity providers. */
export const identityView = (identity: Identity): Identity => ({
  connection: identity.connection,
  provider: identity.provider,
  user_id: identity.user_id,
  isSocial: identity.isSocial,
  ...(identity.profileData && { profileData: identity.profileData }),
})

/**
 * The profiles as the flow engine reads and changes them.
 *
 * `readUser` gives a copy: every attribute on the root, metadata as stored (`{}` when there is
 * none) and the keys of `app_metadata` over the root attributes of the same name. It throws for a
 * user that is not there. `writeProfile` throws when Auth0 would refuse the update, which fails
 * the sign-in, and does nothing when no key is given.
 * https://auth0.com/docs/manage-users/user-accounts/metadata/manage-user-metadata
 */
export const createProfileStore = (store: Store, now: () => number): ProfileStore => ({
  readUser(userId) {
    if (userId === TEST_RUN_USER_ID) return eventUser(testRunUser(now()))
    return eventUser(existingUser(store, userId))
  },
  writeProfile(userId, changes) {
    const asked = (['app_metadata', 'user_metadata'] as const).flatMap((name) => {
      const patch = changes[name]
      return patch === undefined || Object.keys(patch).length === 0 ? [] : [{ name, patch }]
    })
    for (const { name, patch } of asked) {
      const refusal = Object.values(patch).includes(undefined)
        ? `Missing required property: ${name}`
        : metadataProblem(name, patch)
      if (refusal !== undefined) {
        throw new Error(`user update failed: Payload validation error: '${refusal}'.`)
      }
    }
    if (userId === TEST_RUN_USER_ID || asked.length === 0) return
    const user = existingUser(store, userId)
    for (const { name, patch } of asked) user[name] = mergeMetadata(user[name], copy(patch))
    user.updated_at = new Date(now()).toISOString()
    store.touch()
  },
})

const existingUser = (store: Store, userId: string): User => {
  const user = findUser(store.state, userId)
  if (user === undefined) throw new Error('The user does not exist.')
  return user
}

const eventUser = (user: User): Record<string, unknown> => {
  const { app_metadata = {}, user_metadata = {}, identities } = user
  const attributes = Object.entries(user).filter(([name]) => !NOT_IN_EVENT.has(name))
  const shadows = Object.entries(isObject(app_metadata) ? app_metadata : {}).filter(
    ([name]) => !RESERVED_APP_METADATA.has(name),
  )
  return copy({
    ...Object.fromEntries([...attributes, ...shadows]),
    identities: identities.map(identityView),
    app_metadata,
    user_metadata,
  })
}

const testRunUser = (now: number): User => {
  const at = new Date(now).toISOString()
  return {
    user_id: TEST_RUN_USER_ID,
    email_verified: false,
    identities: [],
    created_at: at,
    updated_at: at,
  }
}

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
