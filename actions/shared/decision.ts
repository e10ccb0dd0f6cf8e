/**
 * What an Action decides, as plain data. `allow` carries metadata changes, and the record of a
 * refusal does; no other denial can: Auth0 keeps the changes of an Action that denies, so a denial
 * that writes by mistake must not be possible to express.
 * https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
import type { JsonValue } from './json.ts'
import type { MetadataChange, MetadataPlan } from './metadata.ts'

export type Decision = Allow | Redirect | Deny | Declined

/**
 * Why: what was looked at, the settings' place or the metadata key, and what came of it. For tools
 * that explain a sign-in, also one in which nothing was to do; nothing of it is logged.
 */
export interface Reason {
  readonly code: string
  readonly path: string
}

/** The sign-in goes on. */
export interface Allow {
  readonly kind: 'allow'
  readonly changes: readonly MetadataChange[]
  readonly claims: readonly Claim[]
  /** Things worth a line in the tenant's log. */
  readonly notes: readonly Note[]
  /** Transaction metadata that has served its purpose. */
  readonly forget: readonly string[]
  readonly reasons: readonly Reason[]
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
  readonly reasons: readonly Reason[]
}

/** The sign-in ends with `error=access_denied`. */
export interface Deny<Code extends string = string> {
  readonly kind: 'deny'
  readonly code: Exclude<Code, 'terms_declined'>
  readonly reasons: readonly Reason[]
}

/** The sign-in ends as with `Deny`, because the user declined, and that is kept. */
export interface Declined {
  readonly kind: 'deny'
  readonly code: 'terms_declined'
  /** For the log: why the record is not whole. */
  readonly target?: 'terms_record_full'
  readonly record: readonly MetadataChange[]
  readonly reasons: readonly Reason[]
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

export const deny = <Code extends string>(
  code: Deny<Code>['code'],
  reasons: readonly Reason[] = [],
): Deny<Code> => ({ kind: 'deny', code, reasons })

/** Lets the sign-in go on, with what is given and nothing else. */
export const allow = (parts: Partial<Omit<Allow, 'kind'>> = {}): Allow => ({
  kind: 'allow',
  changes: [],
  claims: [],
  notes: [],
  forget: [],
  reasons: [],
  ...parts,
})

/** Lets the sign-in go on with a plan's changes; what the plan refused becomes notes. */
export const allowPlan = (
  plan: MetadataPlan,
  notes: readonly Note[],
  reasons: readonly Reason[],
): Allow => allow({ changes: plan.changes, notes: [...notes, ...plan.refused], reasons })
