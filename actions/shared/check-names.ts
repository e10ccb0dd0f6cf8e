/** Checks that settings share. They run in the build, not in Auth0. */
import type { Protocol } from '@auth0/actions-types/post-login/v3'
import { metadataKeyProblem, type MetadataKind } from './metadata.ts'
import { problemAt, type Problem } from './problem.ts'
import { nearest } from './schema.ts'

/** Strategies of connections that Auth0 offers; `auth0` is a database. */
const STRATEGIES: ReadonlySet<string> = new Set([
  'ad',
  'adfs',
  'amazon',
  'apple',
  'asana',
  'atlassian',
  'auth0',
  'auth0-oidc',
  'baidu',
  'bitbucket',
  'bitly',
  'box',
  'cloudflare-mcp',
  'custom',
  'daccount',
  'dropbox',
  'dwolla',
  'email',
  'evernote',
  'evernote-sandbox',
  'exact',
  'facebook',
  'fitbit',
  'github',
  'gitlab',
  'google-apps',
  'google-oauth2',
  'hubspot-mcp',
  'instagram',
  'ip',
  'line',
  'linear-mcp',
  'linkedin',
  'notion-mcp',
  'oauth1',
  'oauth2',
  'office365',
  'oidc',
  'okta',
  'paypal',
  'paypal-sandbox',
  'pingfederate',
  'planningcenter',
  'salesforce',
  'salesforce-community',
  'salesforce-sandbox',
  'samlp',
  'sentry-mcp',
  'sharepoint',
  'shop',
  'shopify',
  'slack',
  'sms',
  'soundcloud',
  'thirtysevensignals',
  'twitter',
  'untappd',
  'vkontakte',
  'waad',
  'weibo',
  'windowslive',
  'wordpress',
  'yahoo',
  'yandex',
])

const PROTOCOLS: Readonly<Record<Protocol, true>> = {
  'oauth2-access-token': true,
  'oauth2-device-code': true,
  'oauth2-password': true,
  'oauth2-refresh-token': true,
  'oauth2-resource-owner': true,
  'oauth2-resource-owner-jwt-bearer': true,
  'oauth2-token-exchange': true,
  'oauth2-webauthn': true,
  'oidc-basic-profile': true,
  'oidc-ciba': true,
  'oidc-ciba-web-link': true,
  'oidc-hybrid-profile': true,
  'oidc-implicit-profile': true,
  samlp: true,
  wsfed: true,
  'wstrust-usernamemixed': true,
}

/**
 * Claim names that Auth0 does not let an Action set; it drops them without a word.
 * https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
 */
export const RESTRICTED_CLAIMS: ReadonlySet<string> = new Set([
  'acr',
  'act',
  'active',
  'amr',
  'at_hash',
  'ath',
  'attest',
  'aud',
  'auth_time',
  'authorization_details',
  'azp',
  'c_hash',
  'client_id',
  'cnf',
  'cty',
  'dest',
  'entitlements',
  'events',
  'exp',
  'groups',
  'gty',
  'htm',
  'htu',
  'iat',
  'internalService',
  'iss',
  'jcard',
  'jku',
  'jti',
  'jwe',
  'jwk',
  'kid',
  'may_act',
  'mky',
  'nbf',
  'nonce',
  'object_id',
  'org_id',
  'org_name',
  'orig',
  'origid',
  'permissions',
  'roles',
  'rph',
  's_hash',
  'scope',
  'sid',
  'sip_callid',
  'sip_cseq_num',
  'sip_date',
  'sip_from_tag',
  'sip_via_branch',
  'sub',
  'sub_jwk',
  'toe',
  'txn',
  'typ',
  'uuid',
  'vot',
  'vtm',
  'x5t#S256',
])

/** Hosts whose namespaces Auth0 keeps for itself. */
const RESERVED_NAMESPACES = ['auth0.com', 'webtask.io', 'webtask.run']

export const checkMetadataKey = (path: string, metadata: MetadataKind, key: string): Problem[] => {
  const problem = metadataKeyProblem(metadata, key)
  return problemAt(path, problem && `"${key}" ${problem}; choose another key`)
}

export const checkStrategy = (path: string, strategy: string): Problem[] =>
  problemAt(
    path,
    STRATEGIES.has(strategy)
      ? undefined
      : `"${strategy}" is not a strategy that Auth0 knows${orNearest(strategy, [...STRATEGIES]) || '; see event.connection.strategy'}`,
  )

const orNearest = (word: string, known: readonly string[]): string => {
  const meant = nearest(word, known)
  return meant === undefined ? '' : `: did you mean "${meant}"?`
}

export const checkProtocol = (path: string, protocol: string): Problem[] =>
  problemAt(
    path,
    Object.hasOwn(PROTOCOLS, protocol)
      ? undefined
      : `"${protocol}" is not a protocol that Auth0 names${orNearest(protocol, Object.keys(PROTOCOLS)) || '; see event.transaction.protocol'}`,
  )

/** A claim needs a namespace of one's own, a URL or URN that is not Auth0's, and a name in it. */
export const checkClaimName = (path: string, name: string): Problem[] => {
  if (RESTRICTED_CLAIMS.has(name)) {
    return problemAt(
      path,
      `"${name}" is restricted: Auth0 would drop it; put a namespace before it`,
    )
  }
  if (/^urn:auth0\b/i.test(name)) return problemAt(path, `"${name}" is in Auth0's own namespace`)
  if (!URL.canParse(name)) {
    return problemAt(path, `"${name}" has no namespace; write https://your-domain.example/${name}`)
  }
  const { hostname, pathname } = new URL(name)
  if (RESERVED_NAMESPACES.some((host) => hostname === host || hostname.endsWith(`.${host}`))) {
    return problemAt(path, `"${name}" is in a namespace that Auth0 keeps for itself`)
  }
  if (pathname.includes('//')) {
    return problemAt(
      path,
      `"${name}" has "//" in its path; take the slash from the end of the namespace`,
    )
  }
  return problemAt(
    path,
    pathname.endsWith('/') ? `"${name}" ends without a name; write one after the slash` : undefined,
  )
}
