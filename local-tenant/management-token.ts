import { importJWK, SignJWT } from 'jose'
import type { TenantContext } from './context.ts'

/** Auth0's default for Management API tokens: 24 hours. */
export const MANAGEMENT_TOKEN_SECONDS = 86_400

/** The identifier of the Management API, which its tokens name as audience. */
export const managementAudience = (context: Pick<TenantContext, 'issuer'>): string =>
  `${context.issuer}api/v2/`

/**
 * Signs the access token that `client_credentials` hands out for the Management API. The
 * caller checks whether the client may have these scopes.
 */
export const mintManagementToken = async (
  context: Pick<TenantContext, 'issuer' | 'store' | 'now'>,
  clientId: string,
  scopes: readonly string[],
): Promise<string> => {
  const jwk = context.store.state.signing_key
  const issuedAt = Math.floor(context.now() / 1000)
  return new SignJWT({ azp: clientId, scope: scopes.join(' '), gty: 'client-credentials' })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(jwk.kid && { kid: jwk.kid }) })
    .setIssuer(context.issuer)
    .setSubject(`${clientId}@clients`)
    .setAudience(managementAudience(context))
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + MANAGEMENT_TOKEN_SECONDS)
    .sign(await importJWK(jwk, 'RS256'))
}
