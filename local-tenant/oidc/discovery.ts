import type { OidcHandler } from './answer.ts'
import { PASSWORD_REALM_GRANT } from './grant-types.ts'

/** `/.well-known/openid-configuration` (OpenID Connect Discovery §3), with what this tenant has. */
export const discovery: OidcHandler = ({ context: { issuer } }) => ({
  ...FOR_EVERYBODY,
  body: {
    issuer,
    authorization_endpoint: `${issuer}authorize`,
    token_endpoint: `${issuer}oauth/token`,
    userinfo_endpoint: `${issuer}userinfo`,
    jwks_uri: `${issuer}.well-known/jwks.json`,
    revocation_endpoint: `${issuer}oauth/revoke`,
    end_session_endpoint: `${issuer}oidc/logout`,
    scopes_supported: ['openid', 'profile', 'email', 'phone', 'offline_access'],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post', 'web_message'],
    grant_types_supported: [
      'authorization_code',
      'refresh_token',
      'client_credentials',
      'password',
      PASSWORD_REALM_GRANT,
    ],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    code_challenge_methods_supported: ['S256'],
    claims_supported: [
      'aud',
      'auth_time',
      'email',
      'email_verified',
      'exp',
      'family_name',
      'given_name',
      'iat',
      'iss',
      'name',
      'nickname',
      'picture',
      'sid',
      'sub',
    ],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  },
})

export const jwks: OidcHandler = ({ context }) => {
  const { kty, n, e, kid } = context.store.state.signing_key
  return { ...FOR_EVERYBODY, body: { keys: [{ kty, n, e, kid, alg: 'RS256', use: 'sig' }] } }
}

const FOR_EVERYBODY = { status: 200, headers: { 'access-control-allow-origin': '*' } }
