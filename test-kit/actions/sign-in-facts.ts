import { readIdentities, type SignInFacts } from '../../actions/shared/sign-in.ts'

/** The only identity of a user whose profile has no other. */
export const IDENTITY = { connection: 'corp', provider: 'samlp', user_id: 'corp|ada' }

/** What a test may say of a sign-in; identities come from the profile. */
export type SignInOverrides = Partial<Omit<SignInFacts, 'identities' | 'currentIdentity'>>

/** A sign-in over a SAML connection. A profile without identities is that of the identity used now. */
export const signInFacts = (facts: SignInOverrides = {}): SignInFacts => {
  const { connection = IDENTITY.connection, profile = {} } = facts
  const user = {
    user_id: `${IDENTITY.provider}|${IDENTITY.user_id}`,
    identities: [{ ...IDENTITY, connection }],
    ...(profile as object),
  }
  return {
    tenant: 'acme-dev',
    strategy: 'samlp',
    client: 'web-app',
    clientMetadata: {},
    organization: ['org_1', 'acme'],
    roles: ['editor'],
    protocol: 'oidc-basic-profile',
    country: 'CH',
    audience: 'https://api.example.com/',
    scopes: ['openid', 'profile'],
    metadata: { app_metadata: {}, user_metadata: {} },
    ...facts,
    connection,
    profile: user,
    ...readIdentities(user, connection),
  }
}
