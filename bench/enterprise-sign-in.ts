/** A sign-in by an enterprise connection whose identity is the user's only one, so the root is its. */
export const ENTERPRISE = {
  connection: { id: 'con_1', name: 'enterprise-saml', strategy: 'samlp', metadata: {} },
  user: {
    user_id: 'samlp|enterprise-saml|ada',
    identities: [
      {
        connection: 'enterprise-saml',
        isSocial: false,
        provider: 'samlp',
        user_id: 'enterprise-saml|ada',
      },
    ],
  },
}
