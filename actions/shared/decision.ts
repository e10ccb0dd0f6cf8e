/**
 * What an Action decides, as plain data. `allow` carries metadata changes, and the record of a
 * refusal does; no other denial can: Auth0 keeps the changes of an Action that denies, so a denial
 * that writes by mistake must not be possible to express.
 * https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
import type { JsonValue } from './json.ts'
import type { MetadataChange, MetadataPlan } from './metadata.ts'

export type Decision = Allow | Redirect | Deny | Declined

/** The sign-in goes on. */
export interface Allow {
  readonly kind: 'allow'
  readonly changes: readonly MetadataChange[]
  readonly claims: readonly Claim[]
  /** Things worth a line in the tenant's log. */
  readonly notes: readonly Note[]
  /** Transaction metadata that has served its purpose. */
  readonly forget: readonly string[]
}

/** The user is sent to a page of ours and comes back to `onContinuePostLogin`. */
export interface Redirect {
  readonly kind: 'redirect'
  readonly url: string
  /** Goes into the session token. Signed, not encrypted: nothing personal. */
  readonly payload: object
  /** Name of the Action secret that signs the session token. */
  readonly signedWith: string
  readonly expiresInSeconds: number
  /** Transaction metadata that must still be there when the user comes back. */
  readonly remember: Readonly<Record<string, string>>
}

/** The sign-in ends with `error=access_denied`. */
export interface Deny {
  readonly kind: 'deny'
  readonly code: Exclude<DenyCode, 'terms_declined'>
}

/** The sign-in ends as with `Deny`, because the user declined, and that is kept. */
export interface Declined {
  readonly kind: 'deny'
  readonly code: 'terms_declined'
  /** For the log: why the record is not whole. */
  readonly target?: 'terms_record_full'
  readonly record: readonly MetadataChange[]
}

export interface Claim {
  /** `saml_response` is an attribute of the assertion, in SAML and WS-Federation sign-ins. */
  readonly token: 'id_token' | 'access_token' | 'saml_response'
  readonly name: string
  readonly value: JsonValue
}

/** A stable code, and the metadata key, claim or setting that it is about. */
export interface Note {
  readonly code: string
  readonly target?: string
}

export type DenyCode = keyof typeof DENY_SENTENCES

/**
 * The sentence for the user behind each code. The application receives `<code>: <sentence>` as
 * `error_description`. A code never changes once released; a sentence may.
 */
export const DENY_SENTENCES = {
  access_record_unreadable: 'We could not check whether you may use this application.',
  action_failed: 'Something went wrong on our side. Please try again.',
  client_blocked: 'Your access to this application was withdrawn.',
  email_unverified:
    'Please open the message we sent to your e-mail address and confirm it, then sign in again.',
  organization_not_allowed: 'Please sign in with an organization that may use this application.',
  role_not_allowed: 'You lack the role that this application asks for. An administrator can help.',
  terms_answer_invalid: 'Your answer to the terms could not be verified. Please sign in again.',
  terms_declined: 'You declined the terms, so you cannot be signed in.',
  terms_interaction_required: 'Please sign in with a browser to accept the current terms.',
  terms_key_missing: 'The terms cannot be shown right now. Please try again later.',
  terms_key_weak: 'The terms cannot be shown right now. Please try again later.',
  terms_record_full: 'Your acceptance could not be recorded. Please contact support.',
  terms_record_unreadable: 'We could not check whether you accepted the terms.',
  terms_url_invalid: 'The terms cannot be shown right now. Please try again later.',
  terms_version_changed: 'The terms changed while you were reading. Please sign in again.',
} as const

export const deny = (code: Deny['code']): Deny => ({ kind: 'deny', code })

/** Lets the sign-in go on, with what is given and nothing else. */
export const allow = (parts: Partial<Omit<Allow, 'kind'>> = {}): Allow => ({
  kind: 'allow',
  changes: [],
  claims: [],
  notes: [],
  forget: [],
  ...parts,
})

/** Lets the sign-in go on with a plan's changes; what the plan refused becomes notes. */
export const allowPlan = (plan: MetadataPlan, notes: readonly Note[] = []): Allow =>
  allow({ changes: plan.changes, notes: [...notes, ...plan.refused] })
