/** https://auth0.com/docs/get-started/authentication-and-authorization-flow/resource-owner-password-flow */
export const PASSWORD_REALM_GRANT = 'http://auth0.com/oauth/grant-type/password-realm'
