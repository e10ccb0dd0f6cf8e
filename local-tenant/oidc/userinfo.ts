import { findUser } from '../lookup.ts'
import type { OidcHandler } from './answer.ts'
import { readWords } from './parameters.ts'
import { readProfileClaims, readUserinfoToken } from './token-set.ts'

/** `/userinfo` (OpenID Connect Core §5.3), for opaque access tokens and for those of an API. */
export const userinfo: OidcHandler = async ({ context, headers }) => {
  const token = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(headers.authorization ?? '')?.[1]
  const claims = token === undefined ? undefined : await readUserinfoToken(context, token)
  const user = findUser(context.store.state, claims?.sub)
  const scopes = readWords(typeof claims?.['scope'] === 'string' ? claims['scope'] : '')
  const holds = scopes.includes('openid') && !context.revokedTokenIds.has(claims?.jti ?? '')
  if (user !== undefined && holds) {
    return {
      status: 200,
      headers: { 'cache-control': 'no-store' },
      body: { sub: user.user_id, ...readProfileClaims(user, scopes) },
    }
  }
  return {
    status: 401,
    headers: {
      'cache-control': 'no-store',
      'www-authenticate': token === undefined ? 'Bearer' : 'Bearer error="invalid_token"',
    },
    body: { error: 'invalid_token', error_description: 'The access token holds no longer.' },
  }
}
