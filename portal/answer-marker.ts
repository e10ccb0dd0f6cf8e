import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { TERMS_REQUEST_SECONDS, type DocumentAnswer } from '../actions/shared/session-token.ts'
import { fieldsOf, type Choices } from './answer-form.ts'
import type { VerifiedTermsRequest } from './session-tokens.ts'

/**
 * What the browser keeps of an answer, so that a server without memory knows it again: a cookie
 * for each sign-in that says, to whoever has the key, which answers were given. It outlives the
 * link and says nothing about the user. What makes an answer count only once is Auth0's `state`;
 * this spares the user the error, and refuses a second answer that says something else.
 */
export interface AnswerMarker {
  readonly name: string
  readonly value: string
}

export const makeAnswerMarker = (
  verified: VerifiedTermsRequest,
  answers: readonly DocumentAnswer[],
): AnswerMarker => ({
  name: markerName(verified),
  value: createHmac('sha256', verified.signingKey)
    .update(JSON.stringify([verified.request.nonce, answers.map(contentOf)]))
    .digest('base64url'),
})

/**
 * What a link must bring along for the choices in it to count: it shows that this portal made the
 * link, for this sign-in, from a form that the user sent. No other link can choose or tick.
 */
export const signChoices = (verified: VerifiedTermsRequest, choices: Choices): string =>
  createHmac('sha256', verified.signingKey)
    .update(JSON.stringify(['choices', verified.request.nonce, fieldsOf(choices)]))
    .digest('base64url')

/** Whether `signChoices` made it for these choices. */
export const isSignedFor = (
  signature: string | undefined,
  verified: VerifiedTermsRequest,
  choices: Choices,
): boolean => signature !== undefined && isSameText(signature, signChoices(verified, choices))

/** `Set-Cookie`. Lax: the browser comes to us from the login host, and must bring it along. */
export const renderMarkerCookie = ({ name, value }: AnswerMarker): string =>
  `${name}=${value}; Path=/; Max-Age=${TERMS_REQUEST_SECONDS + 120}; HttpOnly; Secure; SameSite=Lax`

/** The value that this browser keeps for this sign-in. */
export const readAnswerMarker = (
  cookieHeader: string | undefined,
  verified: VerifiedTermsRequest,
): string | undefined => {
  const name = markerName(verified)
  for (const pair of (cookieHeader ?? '').split(';')) {
    const [key, value] = pair.split('=', 2)
    if (key?.trim() === name) return value?.trim()
  }
  return undefined
}

export const isSameAnswer = (kept: string, marker: AnswerMarker): boolean =>
  isSameText(kept, marker.value)

const isSameText = (given: string, expected: string): boolean => {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/** `__Host-`: only this host can have set it (RFC 6265bis §4.1.3.2). */
const markerName = ({ request }: VerifiedTermsRequest): string =>
  `__Host-terms-${createHash('sha256').update(request.nonce).digest('hex').slice(0, 16)}`

const contentOf = ({ id, version, answer, locale, hash }: DocumentAnswer): string[] => [
  id,
  version,
  answer,
  locale,
  hash,
]
