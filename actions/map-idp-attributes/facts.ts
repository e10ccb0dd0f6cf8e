import { isRefreshExchange, readMetadata, type ActionEvent } from '../shared/event.ts'
import type { StoredMetadata } from '../shared/metadata.ts'

export interface IdpFacts {
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
  readonly emailVerified: boolean
  /** In lower case; `undefined` for an address that is not verified. */
  readonly emailDomain: string | undefined
  /** The root of `event.user`. */
  readonly profile: unknown
  readonly metadata: StoredMetadata
}

export const readIdpFacts = (event: ActionEvent): IdpFacts => {
  const { connection, organization, client, user } = event
  // A provider may send the text "false".
  const emailVerified = (user.email_verified as unknown) === true
  const email: unknown = emailVerified ? user.email : undefined
  return {
    isRefreshExchange: isRefreshExchange(event),
    strategy: textOf(connection.strategy),
    connection: textOf(connection.name),
    connectionMetadata: connection.metadata,
    organization: organization ? [organization.id, organization.name].map(textOf) : [],
    organizationMetadata: organization?.metadata,
    client: textOf(client.client_id),
    emailVerified,
    emailDomain: typeof email === 'string' ? email.toLowerCase().split('@').at(-1) : undefined,
    profile: user,
    metadata: readMetadata(event),
  }
}

/** A name that is no text would be made one for each mapping, and it may be a list of a megabyte. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
