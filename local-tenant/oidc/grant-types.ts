/** https://auth0.com/docs/get-started/authentication-and-authorization-flow/resource-owner-password-flow */
export const PASSWORD_REALM_GRANT = 'http://auth0.com/oauth/grant-type/password-realm'

/** Grants of Auth0 that this tenant does not implement. */
export const UNIMPLEMENTED_GRANTS: ReadonlySet<string> = new Set([
  'http://auth0.com/oauth/grant-type/mfa-oob',
  'http://auth0.com/oauth/grant-type/mfa-otp',
  'http://auth0.com/oauth/grant-type/mfa-recovery-code',
  'http://auth0.com/oauth/grant-type/passwordless/otp',
  'http://auth0.com/oauth/grant-type/token-exchange/federated-connection-access-token',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:okta:params:oauth:grant-type:webauthn',
  'urn:openid:params:grant-type:ciba',
])
