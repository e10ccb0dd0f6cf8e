import { isRefreshExchange, type ActionEvent } from '../shared/event.ts'
import { readSignIn, type SignInFacts } from '../shared/sign-in.ts'

export interface IdpFacts extends SignInFacts {
  /** Nobody asked the identity provider in a refresh-token exchange: what lies there is old. */
  readonly isRefreshExchange: boolean
  readonly connectionMetadata: unknown
  readonly organizationMetadata: unknown
}

export const readIdpFacts = (event: ActionEvent): IdpFacts => ({
  ...readSignIn(event),
  isRefreshExchange: isRefreshExchange(event),
  connectionMetadata: event.connection.metadata,
  organizationMetadata: event.organization?.metadata,
})
