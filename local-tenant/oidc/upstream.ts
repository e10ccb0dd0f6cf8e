/** Simulated identity providers: the accounts they know, and what a sign-in there does here. */
import type { TenantContext } from '../context.ts'
import { generatedProfile } from '../generated-profile.ts'
import { isObject, isString } from '../json.ts'
import type { Connection, User } from '../store.ts'
import { findByIdentity, readRootSync, SYNCED_NAMES } from './identities.ts'

/** An account at an identity provider. */
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
  isObject(value) && typeof value['id'] === 'string' && isObject(value['attributes'])

/** Root attributes that no identity provider may write. */
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
 * What a sign-in at an identity provider does to the profiles, as at Auth0:
 *
 * - The root belongs to the primary identity, the first of `identities`. What another identity's
 *   provider says goes into `profileData` of that identity, and the root stays as it is.
 * - `set_user_root_attributes` says when the primary's provider may write the names and the
 *   picture. E-mail, `email_verified` and the provider's own attributes are written each time. With
 *   `never_on_login` an unknown account makes no user: the answer is `undefined`.
 * - An e-mail address is unverified unless the provider calls it verified.
 *
 * https://auth0.com/docs/manage-users/user-accounts/user-profiles/configure-connection-sync-with-auth0
 */
export const applyUpstreamLogin = (
  context: TenantContext,
  connection: Connection,
  account: UpstreamAccount,
): User | undefined => {
  const { state } = context.store
  const said = readProfile(account)
  const known = findByIdentity(state, connection, upstreamIdentityId(connection, account))
  const user = known?.user ?? makeUser(context, connection, account)
  const synced = readRootSync(connection)
  if (known === undefined) {
    if (synced === 'never_on_login') return undefined
    state.users[user.user_id] = Object.assign(user, said)
  } else if (known.identity !== user.identities[0]) {
    known.identity.profileData = said
  } else {
    Object.assign(user, synced === 'on_each_login' ? said : withoutNames(said))
  }
  context.store.touch()
  return user
}

/** The normalized profile of an account. */
const readProfile = ({ attributes }: UpstreamAccount): Record<string, unknown> => {
  const { email } = attributes
  const taken = Object.entries(attributes).filter(([name]) => !NOT_FROM_UPSTREAM.has(name))
  return {
    ...(typeof email === 'string' && { name: email, nickname: email.split('@')[0] ?? email }),
    email_verified: false,
    ...structuredClone(Object.fromEntries(taken)),
  }
}

const withoutNames = (profile: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(profile).filter(([name]) => !SYNCED_NAMES.has(name)))

const makeUser = (
  { now }: TenantContext,
  connection: Connection,
  account: UpstreamAccount,
): User => {
  const { email } = account.attributes
  const id = upstreamIdentityId(connection, account)
  const at = new Date(now()).toISOString()
  return {
    ...generatedProfile(isString(email) ? email : undefined, account.id),
    user_id: `${connection.strategy}|${id}`,
    email_verified: false,
    identities: [
      {
        connection: connection.name,
        provider: connection.strategy,
        user_id: id,
        isSocial: isSocial(connection),
      },
    ],
    created_at: at,
    updated_at: at,
  }
}

/** `google-oauth2|…` for social connections, `samlp|<connection>|…` for enterprise ones. */
const upstreamIdentityId = (connection: Connection, account: UpstreamAccount): string =>
  isSocial(connection) ? account.id : `${connection.name}|${account.id}`

/** For social connections Auth0 names connection and strategy alike. */
const isSocial = (connection: Connection): boolean => connection.strategy === connection.name
