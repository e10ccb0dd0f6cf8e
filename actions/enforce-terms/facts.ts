import { memberOf, type ActionEvent } from '../shared/event.ts'
import { readLocales } from '../shared/locales.ts'
import { readSignIn, type SignInFacts } from '../shared/sign-in.ts'
import type { SecretName } from './manifest.ts'

export interface TermsFacts extends SignInFacts {
  /** Whether the application asked for no page at all (`prompt=none`). */
  readonly isSilent: boolean
  readonly secrets: Readonly<Partial<Record<SecretName, string>>>
  /** BCP 47 tags in order of preference. */
  readonly locales: readonly string[]
  readonly clientName: string
}

export interface TermsAnswerFacts extends SignInFacts {
  /** Claims of the session token that came back, verified by Auth0; `undefined` if none was valid. */
  readonly claims: unknown
  /** What `NONCE_KEY` and `ASKED_KEY` in the transaction's metadata hold. */
  readonly nonce: unknown
  readonly asked: unknown
}

/** Transaction metadata that ties the answer to the redirect that asked for it. */
export const NONCE_KEY = 'terms_nonce'

/** Transaction metadata that ties the answer to the documents and versions that were asked for. */
export const ASKED_KEY = 'terms_asked'

export const readTermsFacts = (event: ActionEvent<SecretName>): TermsFacts => ({
  ...readSignIn(event),
  isSilent:
    memberOf(event.request.query, 'prompt') === 'none' ||
    event.transaction?.prompt?.includes('none') === true,
  secrets: event.secrets,
  locales: readLocales(event),
  clientName: event.client.name.slice(0, 80),
})

export const readTermsAnswerFacts = (
  event: ActionEvent<SecretName>,
  claims: unknown,
): TermsAnswerFacts => ({
  ...readSignIn(event),
  claims,
  nonce: event.transaction?.metadata[NONCE_KEY],
  asked: event.transaction?.metadata[ASKED_KEY],
})
