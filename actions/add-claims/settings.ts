import type { AddClaimsSettings } from './schema.ts'

const NAMESPACE = 'https://example.com/claims'

export const settings: AddClaimsSettings = {
  maxClaimBytes: 2048,
  maxTokenBytes: 4096,
  claims: [
    {
      claim: `${NAMESPACE}/customer_id`,
      from: { metadata: 'app_metadata', path: ['customer_id'] },
      tokens: ['id_token', 'access_token'],
      samlAttribute: 'customer_id',
    },
    {
      claim: `${NAMESPACE}/terms_version`,
      from: { metadata: 'app_metadata', path: ['terms', 'version'] },
      tokens: ['id_token', 'access_token'],
    },
    {
      claim: `${NAMESPACE}/tier`,
      from: { metadata: 'app_metadata', path: ['lookups', 'customer', 'tier'] },
      tokens: ['access_token'],
      when: { audience: { equals: 'https://api.example.com' } },
    },
    {
      claim: `${NAMESPACE}/department`,
      from: { metadata: 'app_metadata', path: ['idp', 'department'] },
      tokens: ['id_token'],
      samlAttribute: 'department',
      when: {
        any: [{ scope: { contains: 'profile' } }, { protocol: { oneOf: ['samlp', 'wsfed'] } }],
      },
    },
    {
      claim: `${NAMESPACE}/groups`,
      from: { metadata: 'app_metadata', path: ['idp', 'groups'] },
      tokens: ['access_token'],
      when: { scope: { contains: 'read:groups' } },
    },
    {
      claim: `${NAMESPACE}/newsletter`,
      from: { metadata: 'user_metadata', path: ['newsletter'] },
      tokens: ['id_token'],
      when: { scope: { contains: 'profile' } },
    },
  ],
}
