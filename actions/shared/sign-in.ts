/** What is known of a sign-in, picked from the event and not judged. */
import { parseCountry } from './country.ts'
import {
  findPrimaryIdentity,
  identitiesOf,
  isRefreshExchange,
  memberOf,
  readMetadata,
  type ActionEvent,
} from './event.ts'
import { own, readPath, type Path } from './json.ts'
import type { StoredMetadata } from './metadata.ts'

export interface SignInFacts extends IdentitiesFacts {
  readonly tenant: unknown
  /** Empty where it is no string; so are `connection` and `client`. */
  readonly strategy: string
  readonly connection: string
  /** `client_id`. */
  readonly client: string
  readonly clientMetadata: unknown
  /** Id and name; empty in a sign-in without one. */
  readonly organization: readonly string[]
  /** Names of the roles that the user has, for that organization if there is one. */
  readonly roles: unknown
  readonly protocol: string | undefined
  /** Where the request comes from, as the network says. */
  readonly country: string | undefined
  /** Identifier of the API that the access token is for. */
  readonly audience: string | undefined
  /** Scopes that the application asks for; `undefined` where nobody can tell. */
  readonly scopes: readonly string[] | undefined
  /** The root of `event.user`. */
  readonly profile: unknown
  readonly metadata: StoredMetadata
}

export const readSignIn = (event: ActionEvent<string>): SignInFacts => {
  const { connection, organization, client, user, request } = event
  const name = stringOf(connection.name)
  return {
    tenant: memberOf(event.tenant, 'id'),
    strategy: stringOf(connection.strategy),
    connection: name,
    client: stringOf(client.client_id),
    clientMetadata: client.metadata,
    organization: organization ? [organization.id, organization.name].map(stringOf) : [],
    roles: event.authorization?.roles,
    protocol: event.transaction?.protocol,
    country: parseCountry(memberOf(memberOf(request, 'geoip'), 'countryCode')),
    audience: event.resource_server?.identifier,
    scopes: readScopes(event),
    profile: user,
    metadata: readMetadata(event),
    ...readIdentities(user, name),
  }
}

/** A name that is no string would be made one for each condition, and it may be a list of a megabyte. */
export const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/**
 * In a refresh-token exchange Auth0 need not tell the scopes. Then they are what the application asks
 * for in this exchange. If it asks for nothing, they are all that it was granted (RFC 6749 §6), which
 * Auth0 tells Enterprise customers.
 */
const readScopes = (event: ActionEvent<string>): readonly string[] | undefined => {
  const requested = event.transaction?.requested_scopes ?? []
  if (requested.length > 0 || !isRefreshExchange(event)) return requested
  const asked = memberOf(memberOf(event.request, 'body'), 'scope')
  const granted = event.refresh_token?.resource_servers?.map(({ scopes }) => scopes)
  const lists = typeof asked === 'string' && asked !== '' ? [asked] : granted
  return lists?.flatMap((list) => list.split(/\s+/))
}

interface IdentitiesFacts {
  /** The primary one first. */
  readonly identities: readonly Identity[]
  /** The only identity of the connection used now; `undefined` when there is none, or several. */
  readonly currentIdentity: Identity | undefined
}

export interface Identity {
  readonly connection: unknown
  readonly provider: unknown
  /** `undefined` when no identity is that of the `user_id`, or that one is not the first. */
  readonly isPrimary: boolean | undefined
  readonly profileData: unknown
}

export const readIdentities = (user: unknown, connection: string): IdentitiesFacts => {
  const primary = findPrimaryIdentity({ user })
  const identities = identitiesOf(user).map((identity, index): Identity => {
    const isFirst = index === 0
    const isPrimary = primary === undefined ? undefined : identity === primary
    return {
      connection: own(identity, 'connection'),
      provider: own(identity, 'provider'),
      isPrimary: isPrimary === isFirst ? isFirst : undefined,
      profileData: own(identity, 'profileData'),
    }
  })
  const used = identities.filter((identity) => identity.connection === connection)
  return { identities, currentIdentity: used.length === 1 ? used[0] : undefined }
}

/** What somebody said, or why nobody can tell; the codes are logged. */
export interface Found {
  /** `undefined` or `null` when it is not there. */
  readonly value?: unknown
  readonly problem?: SourceProblem
}

/**
 * `identity_unclear`: no identity, or more than one, has the connection used now, or the primary
 * one cannot be told. `attribute_hidden`: `app_metadata` has a key of that name, which an Action
 * sees in its place.
 */
export type SourceProblem = 'identity_unclear' | 'attribute_hidden'

type IdentityFacts = Pick<SignInFacts, 'currentIdentity' | 'profile' | 'metadata'>

/** What the provider of the identity used now says. */
export const readCurrent = (facts: IdentityFacts, path: Path): Found =>
  readIdentity(facts, facts.currentIdentity, path)

/** Where Auth0 keeps what the provider of an identity says. */
export const readIdentity = (
  facts: IdentityFacts,
  identity: Identity | undefined,
  path: Path,
): Found => {
  if (identity?.isPrimary === undefined) return { problem: 'identity_unclear' }
  return identity.isPrimary
    ? readRoot(facts, path)
    : { value: readPath(identity.profileData, path) }
}

export const readRoot = ({ profile, metadata }: IdentityFacts, path: Path): Found =>
  own(metadata.app_metadata, path[0]) === undefined
    ? { value: readPath(profile, path) }
    : { problem: 'attribute_hidden' }
