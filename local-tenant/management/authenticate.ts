import { errors, importJWK, jwtVerify, type JWK } from 'jose'
import type { TenantContext } from '../context.ts'
import { problem, type Answer } from './answer.ts'
import { managementAudience } from '../management-token.ts'

export type Authentication =
  { admitted: true; scopes: ReadonlySet<string> } | { admitted: false; answer: Answer }

/**
 * Checks the Bearer token (RFC 6750) of one request. 401 when it is missing or no valid access
 * token of this tenant for the Management API, 403 `insufficient_scope` when it holds none of
 * `expected`.
 */
export const authenticate = async (
  context: TenantContext,
  authorization: string | undefined,
  expected: readonly string[],
): Promise<Authentication> => {
  const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) return refused(problem(401, 'Missing authentication'))
  const scopes = await readScopes(context, token)
  if (typeof scopes === 'string') return refused(problem(401, scopes))
  if (!expected.some((scope) => scopes.has(scope))) {
    const message = `Insufficient scope, expected any of: ${expected.join(',')}`
    return refused(problem(403, message, 'insufficient_scope'))
  }
  return { admitted: true, scopes }
}

const refused = (answer: Answer): Authentication => ({ admitted: false, answer })

/** The scopes of a valid token, or why it is not valid. */
const readScopes = async (context: TenantContext, token: string): Promise<Set<string> | string> => {
  const { kty, n, e, kid } = context.store.state.signing_key
  const publicKey = { kty, n, e, kid } as JWK
  try {
    const { payload } = await jwtVerify(token, await importJWK(publicKey, 'RS256'), {
      algorithms: ['RS256'],
      issuer: context.issuer,
      audience: managementAudience(context),
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(context.now()),
    })
    const scope = payload['scope']
    return new Set(typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [])
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      return 'Expired token received for JSON Web Token validation'
    return 'Invalid token'
  }
}
