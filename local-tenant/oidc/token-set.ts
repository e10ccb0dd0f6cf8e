/** Makes the tokens of a sign-in, and reads those that come back. */
import { EncryptJWT, importJWK, jwtDecrypt, jwtVerify, SignJWT, type JWTPayload } from 'jose'
import { createHash } from 'node:crypto'
import type { TenantContext } from '../context.ts'
import type { User } from '../store.ts'

/** What the tokens say of a sign-in that all Actions allowed. */
export interface SignedIn {
  userId: string
  clientId: string
  connection: string
  /** What was granted, after `addScope` and `removeScope`. */
  scopes: string[]
  /** The identifier of the API; without one the access token is opaque. */
  audience?: string
  /** The id of the organization that the user signed in to. */
  organization?: string
  /** Absent where no session is: password grants and refresh-token exchanges. */
  sessionId?: string
  /** Set when the application asked with `max_age` (OpenID Connect Core §3.1.2.1). */
  authTimeSeconds?: number
  /** Custom claims; `api` has dropped the restricted names. */
  idTokenClaims: Record<string, unknown>
  accessTokenClaims: Record<string, unknown>
  /** How Auth0 marks access tokens of grants without a browser. */
  gty?: 'password'
}

/** Auth0's defaults. */
const ID_TOKEN_SECONDS = 36_000
const API_ACCESS_TOKEN_SECONDS = 86_400
const USERINFO_ACCESS_TOKEN_SECONDS = 7_200

/** The ID token tells the client who signed in. */
export const signIdToken = async (
  context: TenantContext,
  user: User,
  signedIn: SignedIn,
  nonce: string | undefined,
): Promise<string> => {
  const issuedAt = Math.floor(context.now() / 1000)
  return sign(context, {
    ...readProfileClaims(user, signedIn.scopes),
    ...signedIn.idTokenClaims,
    iss: context.issuer,
    sub: user.user_id,
    aud: signedIn.clientId,
    iat: issuedAt,
    exp: issuedAt + ID_TOKEN_SECONDS,
    ...organizationClaim(signedIn),
    ...(signedIn.sessionId === undefined ? {} : { sid: signedIn.sessionId }),
    ...(signedIn.authTimeSeconds === undefined ? {} : { auth_time: signedIn.authTimeSeconds }),
    ...(nonce === undefined ? {} : { nonce }),
  })
}

/**
 * The access token: a signed JWT for an API, otherwise an encrypted one that only this tenant can
 * read, which is what Auth0 calls opaque.
 * https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles
 */
export const makeAccessToken = async (
  context: TenantContext,
  signedIn: SignedIn,
  tokenId: string,
): Promise<{ token: string; expiresInSeconds: number }> => {
  const issuedAt = Math.floor(context.now() / 1000)
  const userinfo = userinfoAudience(context)
  const claims = {
    iss: context.issuer,
    sub: signedIn.userId,
    iat: issuedAt,
    jti: tokenId,
    azp: signedIn.clientId,
    scope: signedIn.scopes.join(' '),
    ...organizationClaim(signedIn),
    ...(signedIn.gty === undefined ? {} : { gty: signedIn.gty }),
  }
  if (signedIn.audience === undefined) {
    const expiresInSeconds = USERINFO_ACCESS_TOKEN_SECONDS
    const token = await new EncryptJWT({ ...claims, aud: userinfo })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setExpirationTime(issuedAt + expiresInSeconds)
      .encrypt(opaqueTokenKey(context))
    return { token, expiresInSeconds }
  }
  const expiresInSeconds = API_ACCESS_TOKEN_SECONDS
  const token = await sign(context, {
    ...signedIn.accessTokenClaims,
    ...claims,
    aud: signedIn.scopes.includes('openid') ? [signedIn.audience, userinfo] : signedIn.audience,
    exp: issuedAt + expiresInSeconds,
  })
  return { token, expiresInSeconds }
}

const organizationClaim = ({ organization }: SignedIn): { org_id?: string } =>
  organization === undefined ? {} : { org_id: organization }

/** The claims of a valid access token of this tenant for `/userinfo`. */
export const readUserinfoToken = async (
  context: TenantContext,
  token: string,
): Promise<JWTPayload | undefined> => {
  const checks = {
    issuer: context.issuer,
    audience: userinfoAudience(context),
    currentDate: new Date(context.now()),
  }
  try {
    const { payload } =
      token.split('.').length === 5
        ? await jwtDecrypt(token, opaqueTokenKey(context), {
            ...checks,
            keyManagementAlgorithms: ['dir'],
            contentEncryptionAlgorithms: ['A256GCM'],
          })
        : await jwtVerify(token, await publicKey(context), { ...checks, algorithms: ['RS256'] })
    return payload
  } catch {
    return undefined
  }
}

/** The claims of an ID token of this tenant; it may have expired. */
export const readIdTokenHint = async (
  context: TenantContext,
  token: string,
): Promise<JWTPayload | undefined> => {
  try {
    const { payload } = await jwtVerify(token, await publicKey(context), {
      issuer: context.issuer,
      algorithms: ['RS256'],
      currentDate: new Date(0),
    })
    return payload
  } catch {
    return undefined
  }
}

/** The profile claims that the scopes allow (OpenID Connect Core §5.4). */
export const readProfileClaims = (
  user: User,
  scopes: readonly string[],
): Record<string, unknown> => {
  const names = [
    ...(scopes.includes('profile') ? PROFILE_CLAIMS : []),
    ...(scopes.includes('email') ? ['email', 'email_verified'] : []),
    ...(scopes.includes('phone') ? ['phone_number', 'phone_verified'] : []),
  ]
  return Object.fromEntries(
    names.flatMap((name) => (user[name] === undefined ? [] : [[name, user[name]]])),
  )
}

const PROFILE_CLAIMS = [
  'name',
  'nickname',
  'given_name',
  'family_name',
  'username',
  'picture',
  'updated_at',
]

const userinfoAudience = (context: TenantContext): string => `${context.issuer}userinfo`

const sign = async (context: TenantContext, claims: JWTPayload): Promise<string> => {
  const jwk = context.store.state.signing_key
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(jwk.kid && { kid: jwk.kid }) })
    .sign(await importJWK(jwk, 'RS256'))
}

const publicKey = async (context: TenantContext): ReturnType<typeof importJWK> => {
  const { kty, n, e } = context.store.state.signing_key
  return importJWK({ kty, n, e } as { kty: string; n: string; e: string }, 'RS256')
}

const opaqueTokenKey = (context: TenantContext): Uint8Array =>
  new Uint8Array(
    createHash('sha256')
      .update(`opaque access token ${String(context.store.state.signing_key.d)}`)
      .digest(),
  )
