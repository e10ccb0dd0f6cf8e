import { findPrimaryIdentity, type ActionEvent } from '../shared/event.ts'
import { readSignIn, type SignInFacts } from '../shared/sign-in.ts'

export interface AccessFacts extends SignInFacts {
  /** `undefined` where nobody can tell which it is. */
  readonly primaryIdentity: unknown
  /** Of the e-mail address at the root of the profile: what the primary identity's provider says. */
  readonly emailVerified: unknown
}

export const readAccessFacts = (event: ActionEvent): AccessFacts => ({
  ...readSignIn(event),
  primaryIdentity: findPrimaryIdentity(event),
  emailVerified: event.user.email_verified,
})
