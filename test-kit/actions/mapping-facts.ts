import type { IdpFacts } from '../../actions/map-idp-attributes/facts.ts'
import type { MapIdpAttributesSettings, Mapping } from '../../actions/map-idp-attributes/mapping.ts'
import { signInFacts } from './sign-in-facts.ts'

export { IDENTITY } from './sign-in-facts.ts'

/** A sign-in in which the attribute that the mapping below reads is `new`. */
export const factsWith = (
  facts: Partial<Omit<IdpFacts, 'identities' | 'currentIdentity'>> = {},
): IdpFacts => ({
  isRefreshExchange: false,
  connectionMetadata: { region: 'eu' },
  organizationMetadata: { plan: 'gold' },
  ...facts,
  ...signInFacts({ profile: { attribute: 'new' }, ...facts }),
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
  defaults: { mode: 'force', missing: 'keep', unusable: 'keep' },
  limits: { length: 256, elements: 50, bytes: 2048 },
  mappings,
  ...settings,
})
