import {
  findPrimaryIdentity,
  isRefreshExchange,
  readMetadata,
  type ActionEvent,
} from '../shared/event.ts'
import { own } from '../shared/json.ts'
import type { StoredMetadata } from '../shared/metadata.ts'

export interface IdpFacts extends IdentitiesFacts {
  /** Nobody asked the identity provider in a refresh-token exchange: what lies there is old. */
  readonly isRefreshExchange: boolean
  readonly strategy: string
  readonly connection: string
  readonly connectionMetadata: unknown
  /** Id and name; empty in a sign-in without one. */
  readonly organization: readonly string[]
  readonly organizationMetadata: unknown
  /** `client_id`. */
  readonly client: string
  /** The root of `event.user`. */
  readonly profile: unknown
  readonly metadata: StoredMetadata
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

export const readIdpFacts = (event: ActionEvent): IdpFacts => {
  const { connection, organization, client, user } = event
  const name = textOf(connection.name)
  return {
    isRefreshExchange: isRefreshExchange(event),
    strategy: textOf(connection.strategy),
    connection: name,
    connectionMetadata: connection.metadata,
    organization: organization ? [organization.id, organization.name].map(textOf) : [],
    organizationMetadata: organization?.metadata,
    client: textOf(client.client_id),
    profile: user,
    metadata: readMetadata(event),
    ...readIdentities(user, name),
  }
}

/** A name that is no text would be made one for each mapping, and it may be a list of a megabyte. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

export const readIdentities = (user: unknown, connection: string): IdentitiesFacts => {
  const primary = findPrimaryIdentity({ user })
  const list = own(user, 'identities')
  const identities = (Array.isArray(list) ? list : []).map((identity: unknown, index): Identity => {
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
