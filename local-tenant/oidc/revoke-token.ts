import type { Request, Response } from 'express'
import { authenticateClient } from './client-authentication.ts'
import { findOwn } from '../lookup.ts'
import type { OidcContext } from './oidc-context.ts'
import { parseParameters } from './parameters.ts'
import { revokeRefreshToken } from './refresh-tokens.ts'
import { sha256 } from '../secrets.ts'
import { oauthError, type TokenAnswer } from './token-answer.ts'

/** `/oauth/revoke` (RFC 7009): ends the family of a refresh token, if it is one of this client. */
export const revokeToken = (context: OidcContext) => (request: Request, response: Response) => {
  const refusal = revoke(context, request)
  response.set('cache-control', 'no-store')
  if (refusal === undefined) {
    response.status(200).end()
    return
  }
  const { status, headers = {}, body } = refusal
  response.status(status).set(headers).json(body)
}

/** Whether there was such a token is not told (RFC 7009 §2.2). */
const revoke = (context: OidcContext, request: Request): TokenAnswer | undefined => {
  const parameters = parseParameters(request.body)
  const { state } = context.store
  const found = authenticateClient(request.headers.authorization, parameters, state)
  if (found.kind === 'refused') return found.answer
  const { token } = parameters.values
  if (token === undefined) return oauthError('invalid_request', 'token is missing')
  const family = findOwn(state.refresh_tokens, token.split('.')[1])
  if (
    family?.client_id === found.client.client_id &&
    [family.token_hash, ...family.used_hashes].includes(sha256(token))
  ) {
    revokeRefreshToken(context, family)
  }
  return undefined
}
