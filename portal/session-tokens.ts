import { errors, jwtVerify, SignJWT } from 'jose'
import {
  CLOCK_TOLERANCE_SECONDS,
  isOfNow,
  parseTermsRequest,
  TERMS_ANSWER_SECONDS,
  TERMS_REQUEST_SECONDS,
  type DocumentAnswer,
  type TermsAnswer,
  type TermsRequest,
} from '../actions/shared/session-token.ts'
import type { PortalConfig } from './config.ts'

/** Longer tokens are refused unread: ours stay under 1 kB even with a long application name. */
const MAX_TOKEN_CHARACTERS = 4096

/** A session token of `enforce-terms` that may be acted on. */
export interface VerifiedTermsRequest {
  /** `iss`: the host of this login, one of `loginHosts`. */
  readonly loginHost: string
  /** `sub`: the user_id. Personal data: it goes into the answer and nowhere else. */
  readonly userId: string
  readonly request: TermsRequest
  /** The key that verified the token; the answer must be signed with it. */
  readonly signingKey: string
}

/** Why a token is refused: the code is for the user, the reason (no claim's value) for the log. */
export interface TokenRefusal {
  readonly code: 'token_expired' | 'token_invalid'
  readonly reason: string
  /** What the user reads, where the token was good once. */
  readonly locales?: readonly string[]
}

/**
 * Verifies the token of a Terms link: HS256 only, by the current key and then the previous one;
 * `iat`, `exp`, `iss` and `sub` present; a life no longer than ours; `iss` a login host of ours; made
 * for the Terms page.
 * @param nowMilliseconds since the epoch
 */
export const verifyTermsRequest = async (
  token: string,
  config: PortalConfig,
  nowMilliseconds: number,
): Promise<VerifiedTermsRequest | TokenRefusal> => {
  if (token.length > MAX_TOKEN_CHARACTERS) return { code: 'token_invalid', reason: 'too_long' }
  const { signingKey, previousSigningKey, loginHosts } = config
  const first = await verifyWith(token, signingKey, loginHosts, nowMilliseconds)
  if (previousSigningKey === undefined || !('reason' in first) || first.reason !== WRONG_KEY)
    return first
  return verifyWith(token, previousSigningKey, loginHosts, nowMilliseconds)
}

/**
 * Makes the token that Auth0's `validateToken` and `enforce-terms` expect on the way back.
 * https://auth0.com/docs/customize/actions/redirect-with-actions
 * @param state as it came with the link; Auth0 compares it with that of the `/continue` request
 * @param nowMilliseconds since the epoch
 */
export const signTermsAnswer = async (
  { loginHost, userId, request, signingKey }: VerifiedTermsRequest,
  { answers, state }: Pick<TermsAnswer, 'answers'> & { readonly state: string },
  nowMilliseconds: number,
): Promise<string> => {
  const claims: TermsAnswer = {
    purpose: 'terms_answer',
    nonce: request.nonce,
    answers: request.hash_characters === undefined ? answers.map(shortenHash) : answers,
  }
  const issuedAt = Math.floor(nowMilliseconds / 1000)
  return new SignJWT({ ...claims, state })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(loginHost)
    .setSubject(userId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + TERMS_ANSWER_SECONDS)
    .sign(keyBytes(signingKey))
}

/** As an older build of `enforce-terms` takes it. */
const shortenHash = (answer: DocumentAnswer): DocumentAnswer => ({
  ...answer,
  hash: Buffer.from(answer.hash, 'base64url').toString('hex', 0, 8),
})

const WRONG_KEY = errors.JWSSignatureVerificationFailed.code

const keyBytes = (signingKey: string): Uint8Array => new TextEncoder().encode(signingKey)

const verifyWith = async (
  token: string,
  signingKey: string,
  loginHosts: readonly string[],
  nowMilliseconds: number,
): Promise<VerifiedTermsRequest | TokenRefusal> => {
  try {
    const { payload } = await jwtVerify(token, keyBytes(signingKey), {
      algorithms: ['HS256'],
      requiredClaims: ['iat', 'exp', 'iss', 'sub'],
      issuer: [...loginHosts],
      // Also refuses an `iat` in the future, which `exp` alone would let through.
      maxTokenAge: TERMS_REQUEST_SECONDS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(nowMilliseconds),
    })
    const { iss, sub } = payload
    if (!isOfNow(payload, TERMS_REQUEST_SECONDS, new Date(nowMilliseconds)))
      return { code: 'token_invalid', reason: 'lives_too_long' }
    const request = parseTermsRequest(payload)
    if (!request || !isFilled(iss) || !isFilled(sub))
      return { code: 'token_invalid', reason: 'not_a_terms_request' }
    return { loginHost: iss, userId: sub, request, signingKey }
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error
    if (error instanceof errors.JWTExpired) {
      const { locales = [] } = parseTermsRequest(error.payload) ?? {}
      return { code: 'token_expired', reason: error.code, locales }
    }
    const claim = error instanceof errors.JWTClaimValidationFailed ? `:${error.claim}` : ''
    return { code: 'token_invalid', reason: error.code + claim }
  }
}

const isFilled = (value: unknown): value is string => typeof value === 'string' && value !== ''
