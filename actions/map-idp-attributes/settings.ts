import type { MapIdpAttributesSettings } from './mapping.ts'

const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims'

/**
 * `mapping.ts` says what each word means; the README has examples for the usual providers. Groups
 * are deleted when missing: providers leave the attribute out for a user who has none.
 */
export const settings: MapIdpAttributesSettings = {
  defaults: { mode: 'force', missing: 'keep', unusable: 'delete' },
  limits: { length: 256, elements: 50, bytes: 2048 },
  mappings: [
    {
      when: { strategy: { equals: 'samlp' } },
      from: [{ currentIdentity: [`${CLAIMS}/department`] }],
      as: 'string',
      to: { metadata: 'app_metadata', path: ['idp', 'department'] },
    },
    {
      when: { strategy: { equals: 'samlp' } },
      from: [{ currentIdentity: ['employee_number'] }],
      as: 'string',
      mode: 'import',
      to: { metadata: 'app_metadata', path: ['idp', 'employee_number'] },
    },
    {
      // Groups give rights, so the connections that are believed are named.
      when: { connection: { oneOf: ['acme-saml', 'globex-oidc'] } },
      from: [{ currentIdentity: ['groups'] }],
      as: 'strings',
      missing: 'delete',
      unusable: 'delete',
      grants: true,
      to: { metadata: 'app_metadata', path: ['idp', 'groups'] },
    },
    {
      when: { strategy: { equals: 'oidc' } },
      from: [{ currentIdentity: ['address', 'country'] }],
      transforms: ['upper'],
      as: 'string',
      mode: 'import',
      to: { metadata: 'user_metadata', path: ['idp', 'country'] },
    },
    {
      when: { connection: { equals: 'google-oauth2' } },
      from: [{ currentIdentity: ['locale'] }],
      as: 'string',
      mode: 'import',
      to: { metadata: 'user_metadata', path: ['idp', 'locale'] },
    },
  ],
}
