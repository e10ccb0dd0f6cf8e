import { findOwn } from '../lookup.ts'
import { sha256 } from '../secrets.ts'
import { oauthError, type OidcHandler } from './answer.ts'
import { authenticateClient } from './client-authentication.ts'
import { parseParameters } from './parameters.ts'
import { revokeRefreshToken } from './refresh-tokens.ts'

/**
 * `/oauth/revoke` (RFC 7009): ends the family of a refresh token, if it is one of this client.
 * Whether there was such a token is not told (§2.2).
 */
export const revokeToken: OidcHandler = ({ context, headers, body }) => {
  const parameters = parseParameters(body)
  const { state } = context.store
  const found = authenticateClient(headers.authorization, parameters, state)
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
  return { status: 200 }
}
