import { readIdentities, type IdpFacts } from '../../actions/map-idp-attributes/facts.ts'
import type { MapIdpAttributesSettings, Mapping } from '../../actions/map-idp-attributes/mapping.ts'

/** The only identity of a user whose profile has no other; `corp` is its connection. */
export const IDENTITY = { connection: 'corp', provider: 'samlp', user_id: 'corp|ada' }

/**
 * A sign-in over a SAML connection; the attribute that the mapping below reads is `new`. A profile
 * without identities is that of the identity used now.
 */
export const factsWith = (
  facts: Partial<Omit<IdpFacts, 'identities' | 'currentIdentity'>> = {},
): IdpFacts => {
  const { connection = IDENTITY.connection, profile = { attribute: 'new' } } = facts
  const user = {
    user_id: `${IDENTITY.provider}|${IDENTITY.user_id}`,
    identities: [{ ...IDENTITY, connection }],
    ...(profile as object),
  }
  return {
    isRefreshExchange: false,
    strategy: 'samlp',
    connectionMetadata: { region: 'eu' },
    organization: ['org_1', 'acme'],
    organizationMetadata: { plan: 'gold' },
    client: 'web-app',
    metadata: { app_metadata: {}, user_metadata: {} },
    ...facts,
    connection,
    profile,
    ...readIdentities(user, connection),
  }
}

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
