import { isSameString } from '../same-string.ts'
import { answerTokens } from './answer-tokens.ts'
import { findOwn, findUser } from '../lookup.ts'
import { issueRefreshToken, revokeRefreshToken } from './refresh-tokens.ts'
import { randomToken, sha256 } from '../secrets.ts'
import { oauthError, refusal } from './answer.ts'
import type { Grant } from './token-request.ts'

/** `authorization_code`: RFC 6749 §4.1.3. Actions ran before the code was made. */
export const exchangeCode: Grant = async ({ context, client, values }) => {
  const { code, redirect_uri: redirectUri, code_verifier: verifier } = values
  if (code === undefined) return oauthError('invalid_request', 'code is missing')
  const redeemed = context.codes.redeem(code)
  if (redeemed.kind === 'replayed') {
    const { accessTokenId, refreshTokenId } = redeemed.issued
    const family = findOwn(context.store.state.refresh_tokens, refreshTokenId)
    if (family !== undefined) revokeRefreshToken(context, family)
    if (accessTokenId !== undefined) context.revokedTokenIds.add(accessTokenId)
  }
  if (redeemed.kind !== 'found') return INVALID_CODE
  const { grant, issued } = redeemed
  if (grant.clientId !== client.client_id || grant.redirectUri !== redirectUri) return INVALID_CODE
  if (!isVerified(grant.codeChallenge, verifier)) {
    return { ...oauthError('invalid_grant', 'Failed to verify code verifier'), status: 401 }
  }
  const user = findUser(context.store.state, grant.signedIn.userId)
  if (user === undefined) return INVALID_CODE
  issued.accessTokenId = randomToken()
  let refreshToken: string | undefined
  if (grant.signedIn.scopes.includes('offline_access')) {
    const made = issueRefreshToken(context, grant.signedIn)
    issued.refreshTokenId = made.id
    refreshToken = made.token
  }
  return answerTokens(context, user, grant.signedIn, {
    refreshToken,
    nonce: grant.nonce,
    accessTokenId: issued.accessTokenId,
  })
}

const INVALID_CODE = refusal('invalid_grant', 'Invalid authorization code')

/** RFC 7636 §4.6; a verifier without a challenge is a downgrade attempt (RFC 9700 §2.1.1). */
const isVerified = (challenge: string | undefined, verifier: string | undefined): boolean =>
  challenge === undefined
    ? verifier === undefined
    : verifier !== undefined &&
      /^[A-Za-z0-9._~-]{43,128}$/.test(verifier) &&
      isSameString(sha256(verifier), challenge)
