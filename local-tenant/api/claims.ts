/**
 * Claims that only Auth0 sets. If an Action sets one, it is missing from the token without an
 * error.
 * https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
 */
export const RESTRICTED_CLAIMS: ReadonlySet<string> = new Set(
  `acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id
  cnf cty dest entitlements events exp groups gty htm htu iat internalService iss jcard jku jti jwe
  jwk kid may_act mky nbf nonce object_id org_id org_name orig origid permissions roles rph s_hash
  sid sip_callid sip_cseq_num sip_date sip_from_tag sip_via_branch sub sub_jwk toe txn typ uuid vot
  vtm x5t#S256`.split(/\s+/),
)

const AUTH0_DOMAIN = /(?:^|\.)(?:auth0\.com|webtask\.io|webtask\.run)$/

/** Whether a claim of this name reaches the token: not restricted, not in a namespace of Auth0. */
export const isSettableClaim = (name: string): boolean => {
  if (RESTRICTED_CLAIMS.has(name) || /^urn:auth0(?:$|[:/])/i.test(name)) return false
  return !(URL.canParse(name) && AUTH0_DOMAIN.test(new URL(name).hostname))
}

/** @throws For `scope`, the only name that Auth0 refuses with an error. */
export const assertClaimName = (name: string): void => {
  if (name === 'scope') throw new Error('The "scope" claim cannot be set.')
}
