/**
 * The contract between `enforce-terms` and the Terms page: what the session token says on the way
 * out, what the answer must say on the way back, and how good the shared key must be.
 *
 * Both tokens are JWTs signed with HS256 (RFC 7519, RFC 7518 §3.2). Auth0 adds `iat`, `exp`, `iss`
 * (the host of this login, without scheme), `sub` (the user_id) and `ip` to the first; the page
 * must put `iat`, `exp`, `iss` (unchanged), `sub` (unchanged) and `state` into the second.
 * https://auth0.com/docs/customize/actions/redirect-with-actions
 */

import { isObject, own } from './json.ts'

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

/** How far the clocks of Auth0, the Terms page and an Action may be apart, in seconds. */
export const CLOCK_TOLERANCE_SECONDS = 60

/** Shortest signing key in bytes of UTF-8: as long as the output of SHA-256 (RFC 7518 §3.2). */
export const MIN_SIGNING_KEY_BYTES = 32

/** Length of the `hash` of an answer. */
export const HASH_CHARACTERS = 32

/** The most documents that one page asks for. */
export const MAX_DOCUMENTS = 10

/** One document that the page must show and the user must answer. */
export interface AskedDocument {
  /** Up to 32 lower-case letters, digits and `-`; the page finds the text by it. */
  readonly id: string
  /** The version to show, and no other. */
  readonly version: string
  /** Whether a refusal ends the sign-in. An optional document is answered as freely with no. */
  readonly required: boolean
  /** The version this user accepted before; absent where they meet the document for the first time. */
  readonly previous?: string
  /** ISO 8601 in UTC: not in force yet, so it may be put off instead of declined. */
  readonly effective_at?: string
  /** What has to happen before the text can be accepted: it is opened, or scrolled to its end. */
  readonly view?: 'open' | 'scroll'
}

/** The claims that `enforce-terms` adds to the token that goes out. */
export interface TermsRequest {
  readonly purpose: 'terms_request'
  /** Ties the answer to this transaction; the page copies it. */
  readonly nonce: string
  /** In the order of the settings, each once. */
  readonly documents: readonly AskedDocument[]
  /** BCP 47 tags in the user's order of preference, as the application or Auth0 gave them. */
  readonly locales: readonly string[]
  /** Name of the application the user is on the way to, to be shown. */
  readonly client_name: string
  /**
   * How many characters each `hash` of the answer has. Absent where an older build asks, which takes
   * the short form only.
   */
  readonly hash_characters?: typeof HASH_CHARACTERS
}

/** What the user said about one document. */
export interface DocumentAnswer {
  readonly id: string
  readonly version: string
  /** `deferred` only where the request said `effective_at`, `declined` only where it did not. */
  readonly answer: 'accepted' | 'declined' | 'deferred'
  /** BCP 47 tag of the text the user saw. */
  readonly locale: string
  /**
   * The first 192 bits of the SHA-256 of that text's Markdown, bytes of UTF-8, in base64url. The
   * short form is older: the first 64 bits in hexadecimal digits.
   */
  readonly hash: string
}

/** The claims that the page adds to the answer. */
export interface TermsAnswer {
  readonly purpose: 'terms_answer'
  readonly nonce: string
  /** One for each document that was asked for, in the same order. */
  readonly answers: readonly DocumentAnswer[]
}

const DOCUMENT_ID = /^[a-z][a-z0-9-]{0,31}$/
const VERSION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/
const NONCE = /^[A-Za-z0-9_-]{16,64}$/
const LOCALE = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}$/
const TEXT_HASH = /^(?:[\w-]{32}|[0-9a-f]{16})$/
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z$/

/** The name of a document in settings, tokens and records; a folder of texts may have it. */
export const isDocumentId = (value: unknown): value is string => matches(DOCUMENT_ID, value)

/** A version as settings and tokens may spell it: up to 32 letters, digits, `.`, `_`, `-`. */
export const isTermsVersion = (value: unknown): value is string => matches(VERSION, value)

/** The form of a BCP 47 language tag (RFC 5646); not whether the language exists. */
export const isLocale = (value: unknown): value is string => matches(LOCALE, value)

/** The `hash` of an answer, in its present form or in the short one. */
export const isTextHash = (value: unknown): value is string => matches(TEXT_HASH, value)

/** A moment in ISO 8601 and UTC, e.g. `2026-11-01T00:00:00Z`. */
export const isUtcTime = (value: unknown): value is string =>
  matches(UTC, value) && !Number.isNaN(Date.parse(value))

/**
 * Reads the claims of a token whose signature, time, issuer and subject were verified before.
 * Answers `undefined` for a token made for anything else.
 */
export const parseTermsRequest = (claims: unknown): TermsRequest | undefined => {
  if (own(claims, 'purpose') !== 'terms_request' || own(claims, '__proto__') !== undefined)
    return undefined
  const [nonce, documents] = [own(claims, 'nonce'), own(claims, 'documents')]
  if (!matches(NONCE, nonce) || !isListOf(isAskedDocument, documents)) return undefined
  const [locales, clientName] = [own(claims, 'locales'), own(claims, 'client_name')]
  return {
    purpose: 'terms_request',
    nonce,
    documents,
    locales: Array.isArray(locales) ? locales.filter(isLocale) : [],
    client_name: typeof clientName === 'string' ? clientName : '',
    ...(own(claims, 'hash_characters') === HASH_CHARACTERS && { hash_characters: HASH_CHARACTERS }),
  }
}

/**
 * Reads the claims of an answer that Auth0 verified before. Answers `undefined` for anything that
 * is not an answer, the token that went out included. Which documents were asked for is not known
 * here.
 */
export const parseTermsAnswer = (claims: unknown): TermsAnswer | undefined => {
  if (own(claims, 'purpose') !== 'terms_answer' || own(claims, '__proto__') !== undefined)
    return undefined
  const [nonce, answers] = [own(claims, 'nonce'), own(claims, 'answers')]
  return matches(NONCE, nonce) && isListOf(isDocumentAnswer, answers)
    ? { purpose: 'terms_answer', nonce, answers }
    : undefined
}

/**
 * Whether a token is of now: `iat` is not in the future and no longer ago than the token may live,
 * and `exp` gives it no longer life. Otherwise one answer of whoever holds the key would count for years.
 */
export const isOfNow = (claims: unknown, lifeSeconds: number, now: Date): boolean => {
  const secondsOf = (name: string, otherwise?: number): number => {
    const seconds = own(claims, name) ?? otherwise
    return typeof seconds === 'number' && Number.isInteger(seconds) ? seconds : NaN
  }
  const [iat, exp, nbf] = [secondsOf('iat'), secondsOf('exp'), secondsOf('nbf', 0)]
  const here = now.getTime() / 1000
  const latest = here + CLOCK_TOLERANCE_SECONDS
  const longest = lifeSeconds + CLOCK_TOLERANCE_SECONDS
  return iat <= latest && nbf <= latest && here - iat <= longest && exp - iat <= longest
}

/** Why a signing key is refused: not there, too short, or published as an example. */
export type SigningKeyProblem = 'missing' | 'short' | 'placeholder'

/** Long enough to pass, and known to everybody. Compared without case and without `-`, `_`, space. */
const PLACEHOLDERS: readonly string[] = [
  'your32charactersecretgoeshere',
  'replacewithopensslrandbase6448',
  'astringsecretatleast256bitslong',
  'changemechangemechangemechangeme',
  '01234567890123456789012345678901',
  '0123456789abcdef0123456789abcdef',
  '12345678901234567890123456789012',
  'abcdefghijklmnopqrstuvwxyz123456',
  'abcdefghijklmnopqrstuvwxyz012345',
]

/**
 * What is wrong with a signing key, or `undefined` when it may be used. A placeholder is one of the
 * list, or a marker of the Deploy CLI (`##NAME##`, `@@NAME@@`) that was not replaced. What is random
 * is not guessed here: a wrong guess would lock every user out. The deploy does.
 */
export const signingKeyProblem = (value: unknown): SigningKeyProblem | undefined => {
  if (typeof value !== 'string' || value === '') return 'missing'
  if (/^(##|@@)\w+\1$/.test(value)) return 'placeholder'
  if (Buffer.byteLength(value) < MIN_SIGNING_KEY_BYTES) return 'short'
  const plain = value.toLowerCase().replaceAll(/[-_ ]/g, '')
  return PLACEHOLDERS.includes(plain) ? 'placeholder' : undefined
}

/** Says of each member what it must be; an optional one may be absent. */
type MemberChecks = Readonly<Record<string, (value: unknown) => boolean>>

/** These members and no others: what is not understood must not pass for an answer. */
const hasMembers = (checks: MemberChecks, value: unknown): boolean =>
  isObject(value) &&
  Object.keys(value).every((key) => Object.hasOwn(checks, key)) &&
  Object.entries(checks).every(([key, check]) => check(own(value, key)))

const isAskedDocument = (value: unknown): value is AskedDocument =>
  hasMembers(
    {
      id: isDocumentId,
      version: isTermsVersion,
      required: (required) => typeof required === 'boolean',
      previous: (previous) => previous === undefined || isTermsVersion(previous),
      effective_at: (time) => time === undefined || isUtcTime(time),
      view: (view) => view === undefined || view === 'open' || view === 'scroll',
    },
    value,
  )

const isDocumentAnswer = (value: unknown): value is DocumentAnswer =>
  hasMembers(
    {
      id: isDocumentId,
      version: isTermsVersion,
      answer: (word) => word === 'accepted' || word === 'declined' || word === 'deferred',
      locale: isLocale,
      hash: isTextHash,
    },
    value,
  )

/** A list of 1 to `MAX_DOCUMENTS` members, no two about the same document. */
const isListOf = <Member extends { readonly id: string }>(
  isMember: (value: unknown) => value is Member,
  value: unknown,
): value is Member[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= MAX_DOCUMENTS &&
  value.every(isMember) &&
  new Set(value.map(({ id }) => id)).size === value.length

const matches = (pattern: RegExp, value: unknown): value is string =>
  typeof value === 'string' && pattern.test(value)
