import { SignJWT, type JWTPayload } from 'jose'

/** Claims to set; `undefined` removes one. */
export type ClaimChanges = Readonly<Record<string, unknown>>

/** The instant at which the tests with a fixed clock happen. */
export const NOW = Date.UTC(2026, 10, 20, 12)

export const SIGNING_KEY = 'current-key-0123456789-abcdefghij-KLMNOP'
export const PREVIOUS_KEY = 'previous-key-0123456789-abcdefghi-KLMNOP'
export const LOGIN_HOST = 'login.example.com'
export const STATE = 'g6Fo2SBzdGF0ZQ'

export const keyBytes = (key: string): Uint8Array => new TextEncoder().encode(key)

/** The claim that asks for one version of the terms of service. */
export const askingFor = (version: string): ClaimChanges => ({
  documents: [{ id: 'terms-of-service', version, required: true }],
})

/** The claims of a token as enforce-terms lets Auth0 sign it. */
export const termsRequestClaims = (changes: ClaimChanges = {}, now = NOW): JWTPayload => {
  const issuedAt = Math.floor(now / 1000)
  const claims: ClaimChanges = {
    iat: issuedAt,
    iss: LOGIN_HOST,
    sub: 'auth0|5f7c8ec7c33c6c004bbafe82',
    exp: issuedAt + 1800,
    ip: '203.0.113.7',
    purpose: 'terms_request',
    ...askingFor('2026-11-01'),
    nonce: 'nonce-0123456789',
    locales: ['en'],
    client_name: 'Example Shop',
    hash_characters: 32,
    ...changes,
  }
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
}

export const signTermsRequest = (
  changes: ClaimChanges = {},
  { key = SIGNING_KEY, alg = 'HS256', now = NOW } = {},
): Promise<string> =>
  new SignJWT(termsRequestClaims(changes, now))
    .setProtectedHeader({ alg, typ: 'JWT' })
    .sign(keyBytes(key))
