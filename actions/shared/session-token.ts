/**
 * The contract between `enforce-terms` and the Terms page: what the session token says on the way
 * out, what the answer must say on the way back, and how good the shared key must be.
 *
 * Both tokens are JWTs signed with HS256 (RFC 7519, RFC 7518 §3.2). Auth0 adds `iat`, `exp`, `iss`
 * (the host of this login, without scheme), `sub` (the user_id) and `ip` to the first; the page
 * must put `iat`, `exp`, `iss` (unchanged), `sub` (unchanged) and `state` into the second.
 * https://auth0.com/docs/customize/actions/redirect-with-actions
 */

/** Query parameter on the way out, form field on the way back; Auth0's own default name. */
export const SESSION_TOKEN_PARAMETER = 'session_token'

/**
 * Life of the token that goes out, in seconds. It has to outlive the reading of the terms, because
 * the page keeps no state and checks it again when the form is submitted; Auth0 forgets the login
 * after an hour.
 */
export const TERMS_REQUEST_SECONDS = 1800

/** Life of the answer, in seconds: one form post, plus the minute Auth0 advises for clock skew. */
export const TERMS_ANSWER_SECONDS = 120

/** Shortest signing key in bytes of UTF-8: as long as the output of SHA-256 (RFC 7518 §3.2). */
export const MIN_SIGNING_KEY_BYTES = 32

/** The claims that `enforce-terms` adds to the token that goes out. */
export interface TermsRequest {
  readonly purpose: 'terms_request'
  /** The version in force, which the page must show. */
  readonly terms_version: string
  /** Ties the answer to this transaction; the page copies it. */
  readonly nonce: string
  /** BCP 47 tags in the user's order of preference, as the application or Auth0 gave them. */
  readonly locales: readonly string[]
  /** Name of the application the user is on the way to, to be shown. */
  readonly client_name: string
}

/** The claims that the page adds to the answer. */
export interface TermsAnswer {
  readonly purpose: 'terms_answer'
  readonly terms_version: string
  readonly nonce: string
  readonly answer: 'accepted' | 'declined'
  /** BCP 47 tag of the text the user saw. */
  readonly locale: string
}

const VERSION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/
const NONCE = /^[A-Za-z0-9_-]{16,64}$/
const LOCALE = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}$/

/** A version as settings and tokens may spell it: up to 32 letters, digits, `.`, `_`, `-`. */
export const isTermsVersion = (value: unknown): value is string => matches(VERSION, value)

/** The form of a BCP 47 language tag (RFC 5646); not whether the language exists. */
export const isLocale = (value: unknown): value is string => matches(LOCALE, value)

/**
 * Reads the claims of a token whose signature, time, issuer and subject were verified before.
 * Answers `undefined` for a token made for anything else.
 */
export const parseTermsRequest = (claims: unknown): TermsRequest | undefined => {
  if (!isObject(claims) || claims['purpose'] !== 'terms_request') return undefined
  const { terms_version, nonce, locales, client_name } = claims
  if (!isTermsVersion(terms_version) || !matches(NONCE, nonce)) return undefined
  return {
    purpose: 'terms_request',
    terms_version,
    nonce,
    locales: Array.isArray(locales) ? locales.filter(isLocale) : [],
    client_name: typeof client_name === 'string' ? client_name : '',
  }
}

/**
 * Reads the claims of an answer that Auth0 verified before. Answers `undefined` for anything that
 * is not an answer, the token that went out included.
 */
export const parseTermsAnswer = (claims: unknown): TermsAnswer | undefined => {
  if (!isObject(claims) || claims['purpose'] !== 'terms_answer') return undefined
  const { terms_version, nonce, answer, locale } = claims
  if (!isTermsVersion(terms_version) || !matches(NONCE, nonce) || !isLocale(locale))
    return undefined
  if (answer !== 'accepted' && answer !== 'declined') return undefined
  return { purpose: 'terms_answer', terms_version, nonce, answer, locale }
}

/** Why a signing key is refused: not there, too short, or plainly not random. */
export type SigningKeyProblem = 'missing' | 'short' | 'placeholder'

/**
 * What is wrong with a signing key, or `undefined` when it may be used. A Deploy CLI marker that
 * was never replaced (`##NAME##`, `@@NAME@@`) or a value of fewer than eight different characters
 * counts as a placeholder: anyone could guess it and sign an acceptance.
 */
export const signingKeyProblem = (value: unknown): SigningKeyProblem | undefined => {
  if (typeof value !== 'string' || value === '') return 'missing'
  if (/^(?:##|@@)/.test(value)) return 'placeholder'
  if (Buffer.byteLength(value) < MIN_SIGNING_KEY_BYTES) return 'short'
  return new Set(value).size < 8 ? 'placeholder' : undefined
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const matches = (pattern: RegExp, value: unknown): value is string =>
  typeof value === 'string' && pattern.test(value)
