import type { Request, Response } from 'express'
import { findUser } from '../lookup.ts'
import type { OidcContext } from './oidc-context.ts'
import { readWords } from './parameters.ts'
import { readProfileClaims, readUserinfoToken } from './token-set.ts'

/** `/userinfo` (OpenID Connect Core §5.3), for opaque access tokens and for those of an API. */
export const userinfo =
  (context: OidcContext) =>
  async (request: Request, response: Response): Promise<void> => {
    const token = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const claims = token === undefined ? undefined : await readUserinfoToken(context, token)
    const user = findUser(context.store.state, claims?.sub)
    const scopes = readWords(typeof claims?.['scope'] === 'string' ? claims['scope'] : '')
    response.set('cache-control', 'no-store')
    if (
      user === undefined ||
      !scopes.includes('openid') ||
      context.revokedTokenIds.has(claims?.jti ?? '')
    ) {
      response
        .status(401)
        .set('www-authenticate', token === undefined ? 'Bearer' : 'Bearer error="invalid_token"')
        .json({ error: 'invalid_token', error_description: 'The access token holds no longer.' })
      return
    }
    response.json({ sub: user.user_id, ...readProfileClaims(user, scopes) })
  }
