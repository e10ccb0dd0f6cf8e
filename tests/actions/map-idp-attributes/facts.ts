import type { IdpFacts } from '../../../actions/map-idp-attributes/facts.ts'
import type {
  MapIdpAttributesSettings,
  Mapping,
} from '../../../actions/map-idp-attributes/mapping.ts'

/** A sign-in over a SAML connection; the attribute that the mapping below reads is `new`. */
export const factsWith = (facts: Partial<IdpFacts> = {}): IdpFacts => ({
  isRefreshExchange: false,
  strategy: 'samlp',
  connection: 'corp',
  connectionMetadata: { region: 'eu' },
  organization: ['org_1', 'acme'],
  organizationMetadata: { plan: 'gold' },
  client: 'web-app',
  emailVerified: true,
  emailDomain: 'example.com',
  profile: { attribute: 'new' },
  metadata: { app_metadata: {}, user_metadata: {} },
  ...facts,
})

export const MAPPING = {
  when: {},
  from: [{ attribute: ['attribute'] }],
  as: 'string',
  to: { metadata: 'app_metadata', path: ['idp', 'mapped'] },
} as const satisfies Mapping

export const settingsWith = (
  mappings: readonly Mapping[],
  settings: Partial<MapIdpAttributesSettings> = {},
): MapIdpAttributesSettings => ({
  defaults: { mode: 'force', missing: 'keep' },
  limits: { length: 256, elements: 50, bytes: 2048 },
  mappings,
  ...settings,
})
