/** A user has one primary identity, whose profile is the root, and may have linked ones. */
import type { Connection, Identity, TenantState, User } from '../store.ts'

export interface FoundIdentity {
  user: User
  /** The primary one is `user.identities[0]`. */
  identity: Identity
}

/** The identity of a connection and its user, which is another one after linking. */
export const findByIdentity = (
  state: TenantState,
  connection: Connection,
  identityId: string,
): FoundIdentity | undefined =>
  identitiesAt(state.users, connection.name).find(({ identity }) => identity.user_id === identityId)

/** The identity of a database connection with this e-mail address. */
export const findByEmail = (
  users: Readonly<Record<string, User>>,
  connection: string,
  email: string,
): FoundIdentity | undefined =>
  identitiesAt(users, connection).find(
    (found) => emailOf(found)?.toLowerCase() === email.toLowerCase(),
  )

/** The key of `state.passwords` for an identity of a database connection. */
export const passwordKey = ({ provider, user_id }: Identity): string => `${provider}|${user_id}`

/** The root attributes that `set_user_root_attributes` is about. */
export const SYNCED_NAMES: ReadonlySet<string> = new Set([
  'family_name',
  'given_name',
  'name',
  'nickname',
  'picture',
])

const ROOT_SYNC = ['on_each_login', 'on_first_login', 'never_on_login'] as const

/** When a sign-in writes `SYNCED_NAMES`; Auth0's default for anything unknown. */
export const readRootSync = (connection: Connection | undefined): (typeof ROOT_SYNC)[number] =>
  ROOT_SYNC.find((when) => when === connection?.options['set_user_root_attributes']) ??
  'on_each_login'

const identitiesAt = (users: Readonly<Record<string, User>>, connection: string): FoundIdentity[] =>
  Object.values(users).flatMap((user) =>
    user.identities
      .filter((identity) => identity.connection === connection)
      .map((identity) => ({ user, identity })),
  )

/** The primary identity has the address of the root, a linked one its own. */
export const emailOf = ({ user, identity }: FoundIdentity): string | undefined => {
  if (identity === user.identities[0]) return user.email
  const email = identity.profileData?.['email']
  return typeof email === 'string' ? email : undefined
}
