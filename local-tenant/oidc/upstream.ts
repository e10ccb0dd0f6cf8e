/** Simulated identity providers: the accounts they know, and what a sign-in there does here. */
import type { TenantContext } from '../context.ts'
import type { Connection, TenantState, User } from '../store.ts'

/** An account at an identity provider, which no one here can change. */
export interface UpstreamAccount {
  /** Google's number, the SAML NameID or OpenID Connect `sub`. */
  id: string
  /** What the identity provider says at each sign-in, under the names it uses. */
  attributes: Record<string, unknown>
}

/** The accounts of a connection: `options.accounts`, put there by the seed. */
export const readUpstreamAccounts = (connection: Connection): UpstreamAccount[] => {
  const { accounts } = connection.options
  return Array.isArray(accounts) ? accounts.filter(isAccount) : []
}

const isAccount = (value: unknown): value is UpstreamAccount =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  typeof value.id === 'string' &&
  'attributes' in value &&
  typeof value.attributes === 'object' &&
  value.attributes !== null

/** Root attributes that belong to the tenant, whatever an identity provider calls its own. */
const NOT_FROM_UPSTREAM: ReadonlySet<string> = new Set([
  'user_id',
  'identities',
  'app_metadata',
  'user_metadata',
  'created_at',
  'updated_at',
  'logins_count',
  'last_login',
  'last_ip',
  'blocked',
  'multifactor',
  '__proto__',
])

/**
 * Finds or makes the user of an upstream account and overwrites the root attributes with what the
 * identity provider said, as Auth0 does at each login by default. An e-mail address that the
 * provider did not call verified is not.
 * https://auth0.com/docs/manage-users/user-accounts/user-profiles/configure-connection-sync-with-auth0
 */
export const applyUpstreamLogin = (
  context: TenantContext,
  connection: Connection,
  account: UpstreamAccount,
): User => {
  const userId = upstreamUserId(connection, account)
  const { users } = context.store.state
  const user = findByIdentity(context.store.state, connection, account) ?? {
    user_id: userId,
    email_verified: false,
    identities: [
      {
        connection: connection.name,
        provider: connection.strategy,
        user_id: userId.slice(userId.indexOf('|') + 1),
        isSocial: isSocial(connection),
      },
    ],
    created_at: new Date(context.now()).toISOString(),
    updated_at: new Date(context.now()).toISOString(),
    logins_count: 0,
  }
  const attributes = Object.entries(account.attributes).filter(
    ([name]) => !NOT_FROM_UPSTREAM.has(name),
  )
  Object.assign(user, {
    ...defaultNames(account.attributes),
    email_verified: false,
    ...structuredClone(Object.fromEntries(attributes)),
  })
  users[user.user_id] = user
  context.store.touch()
  return user
}

/** `google-oauth2|…` for social connections, `samlp|<connection>|…` for enterprise ones. */
const upstreamUserId = (connection: Connection, account: UpstreamAccount): string =>
  isSocial(connection)
    ? `${connection.strategy}|${account.id}`
    : `${connection.strategy}|${connection.name}|${account.id}`

/** For social connections Auth0 names connection and strategy alike. */
const isSocial = (connection: Connection): boolean => connection.strategy === connection.name

/** The identity may have been linked to another user since. */
const findByIdentity = (
  state: TenantState,
  connection: Connection,
  account: UpstreamAccount,
): User | undefined => {
  const userId = upstreamUserId(connection, account)
  const identityId = userId.slice(userId.indexOf('|') + 1)
  return Object.values(state.users).find((user) =>
    user.identities.some(
      (identity) => identity.connection === connection.name && identity.user_id === identityId,
    ),
  )
}

/** Auth0 always fills `name` and `nickname`. */
const defaultNames = ({ email }: Record<string, unknown>): Record<string, string> =>
  typeof email === 'string' ? { name: email, nickname: email.split('@')[0] ?? email } : {}
