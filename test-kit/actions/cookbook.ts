/** The mappings of the README's cookbook; `cookbook.test.ts` tries each on what the provider says. */
import type { Mapping } from '../../actions/map-idp-attributes/mapping.ts'

export const entra: readonly Mapping[] = [
  // Connection type "Microsoft Azure AD": Auth0 asks Microsoft Graph, groups come by name.
  {
    when: { strategy: { equals: 'waad' } },
    from: [{ currentIdentity: ['department'] }],
    as: 'string',
    missing: 'delete',
    to: { metadata: 'app_metadata', path: ['idp', 'department'] },
  },
  {
    when: { strategy: { equals: 'waad' } },
    from: [{ currentIdentity: ['groups'] }],
    transforms: [
      {
        roles: {
          'App-Shop-Admins': ['shop-admin', 'shop-user'],
          'App-Shop-*': 'shop-user',
          '*-Auditors': 'auditor',
        },
      },
    ],
    as: 'strings',
    missing: 'delete',
    unusable: 'delete',
    grants: true,
    to: { metadata: 'app_metadata', path: ['idp', 'roles'] },
  },
  // SAML: groups come as object ids.
  {
    when: { connection: { equals: 'contoso-saml' } },
    from: [{ currentIdentity: ['http://schemas.microsoft.com/ws/2008/06/identity/claims/groups'] }],
    transforms: [
      {
        lookUp: {
          table: {
            '1f0a4b0e-9a1c-4f59-8d6b-2f6f5f0a7c11': 'shop-admin',
            '7c2d9e55-0f3b-4d0a-9a44-5b1f1d1c2e22': 'shop-user',
          },
        },
      },
    ],
    as: 'strings',
    missing: 'delete',
    unusable: 'delete',
    grants: true,
    to: { metadata: 'app_metadata', path: ['idp', 'roles'] },
  },
]

export const okta: readonly Mapping[] = [
  // The app in Okta needs a groups claim; its filter and ours should agree.
  {
    when: { strategy: { equals: 'okta' } },
    from: [{ currentIdentity: ['groups'] }],
    transforms: [{ filter: { prefix: 'shop-' } }, { stripPrefix: 'shop-' }],
    as: 'strings',
    missing: { default: [] },
    unusable: { default: [] },
    grants: true,
    to: { metadata: 'app_metadata', path: ['idp', 'groups'] },
  },
  {
    when: { strategy: { equals: 'okta' } },
    from: [{ currentIdentity: ['zoneinfo'] }, { constant: 'UTC' }],
    as: 'string',
    mode: 'fill',
    to: { metadata: 'user_metadata', path: ['idp', 'time_zone'] },
  },
]

export const google: readonly Mapping[] = [
  // Goes when the same user comes by another identity, or Google no longer says the address.
  {
    when: {
      strategy: { oneOf: ['google-oauth2', 'google-apps'] },
      emailDomain: { equals: 'example.com' },
    },
    from: [{ constant: 'employee' }],
    as: 'string',
    missing: 'delete',
    to: { metadata: 'app_metadata', path: ['idp', 'user_type'] },
  },
  // Google leaves `locale` out more and more often; what a user chose is never changed.
  {
    when: { strategy: { oneOf: ['google-oauth2', 'google-apps'] } },
    from: [{ currentIdentity: ['locale'] }],
    transforms: [{ capture: { pattern: '^[A-Za-z]{2,3}' } }, 'lower'],
    as: 'string',
    mode: 'import',
    to: { metadata: 'user_metadata', path: ['idp', 'language'] },
  },
]

export const adfs: readonly Mapping[] = [
  {
    when: { strategy: { oneOf: ['adfs', 'samlp'] } },
    from: [
      { currentIdentity: ['http://schemas.xmlsoap.org/claims/Group'] },
      { currentIdentity: ['groups'] },
    ],
    // Long names of a directory: CN=Shop Admins,OU=Groups,DC=contoso,DC=com
    transforms: [{ capture: { pattern: '^(?:CN=)?([^,]+)', ignoreCase: true } }, 'lower'],
    as: 'strings',
    missing: 'delete',
    unusable: 'delete',
    grants: true,
    to: { metadata: 'app_metadata', path: ['idp', 'groups'] },
  },
  {
    when: { strategy: { oneOf: ['adfs', 'samlp'] } },
    from: [
      {
        currentIdentity: [
          'http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname',
        ],
      },
      { currentIdentity: ['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn'] },
      { currentIdentity: ['upn'] },
    ],
    // CONTOSO\ada and ada@contoso.com are both ada.
    transforms: [
      { replace: { pattern: '^[^\\\\]*\\\\', with: '' } },
      { replace: { pattern: '@.*', with: '' } },
      'lower',
    ],
    as: 'string',
    to: { metadata: 'app_metadata', path: ['idp', 'account_name'] },
  },
]

export const saml: readonly Mapping[] = [
  // eduPerson and inetOrgPerson (RFC 2798) by their object identifiers, or by their short names.
  {
    when: { strategy: { equals: 'samlp' } },
    from: [
      { currentIdentity: ['urn:oid:1.3.6.1.4.1.5923.1.1.1.1'] },
      { currentIdentity: ['eduPersonAffiliation'] },
    ],
    transforms: ['lower', { filter: { matches: { pattern: '^(?:faculty|staff|student)$' } } }],
    as: 'strings',
    missing: 'delete',
    unusable: 'delete',
    grants: true,
    to: { metadata: 'app_metadata', path: ['idp', 'affiliation'] },
  },
  {
    when: { strategy: { equals: 'samlp' } },
    from: [
      { currentIdentity: ['urn:oid:2.16.840.1.113730.3.1.3'] },
      { currentIdentity: ['employeeNumber'] },
    ],
    as: 'string',
    mode: 'import',
    to: { metadata: 'app_metadata', path: ['idp', 'employee_number'] },
  },
]

export const oidc: readonly Mapping[] = [
  // The standard claims of OpenID Connect Core §5.1; `address` is an object.
  {
    when: {
      strategy: { equals: 'oidc' },
      attribute: { path: ['address', 'country'], exists: true },
    },
    from: [{ currentIdentity: ['address', 'country'] }],
    transforms: ['upper', { lookUp: { table: { PORTUGAL: 'PT' }, otherwise: 'other' } }],
    as: 'string',
    to: { metadata: 'app_metadata', path: ['idp', 'tax', 'country'] },
  },
  {
    when: { strategy: { equals: 'oidc' } },
    from: [{ currentIdentity: ['birthdate'] }],
    as: 'date',
    mode: 'import',
    to: { metadata: 'app_metadata', path: ['idp', 'birthdate'] },
  },
  // Follows the provider until the user changes it; then it is the user's.
  {
    when: { strategy: { equals: 'oidc' } },
    from: [{ currentIdentity: ['locale'] }],
    as: 'string',
    mode: 'force',
    to: { metadata: 'user_metadata', path: ['idp', 'locale'] },
  },
]

export const linked: readonly Mapping[] = [
  // The company's last word before Google's, whichever identity is used now, until it is unlinked.
  {
    when: {},
    from: [
      { identity: { connection: 'contoso-saml', path: ['department'] } },
      { identity: { provider: 'google-apps', path: ['department'] } },
    ],
    as: 'string',
    missing: 'delete',
    to: { metadata: 'app_metadata', path: ['idp', 'department'] },
  },
]
