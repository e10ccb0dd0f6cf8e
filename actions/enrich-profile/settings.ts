import type { EnrichProfileSettings } from './schema.ts'

export const settings: EnrichProfileSettings = {
  signUpFields: {
    newsletter: { type: 'boolean' },
    birth_year: { type: 'integer', min: 1900, max: 2100 },
    company: { type: 'string', maxLength: 100 },
  },
  refusedSignUpFields: ['consentGiven', 'accepted_terms'],
  tasks: ['assign_customer_id'],
  // For a team without such a system: an empty object, and both secrets out of tenant.yaml. The
  // build names what is left over.
  lookups: {
    customer: {
      urlSecret: 'CUSTOMER_URL',
      tokenSecret: 'CUSTOMER_TOKEN',
      id: ['customer_id'],
      timeoutMs: 1500,
      freshForHours: 24,
      pick: {
        tier: {
          path: ['tier'],
          type: 'string',
          maxLength: 16,
          allowed: ['basic', 'silver', 'gold'],
        },
        account_manager: { path: ['account_manager'], type: 'string', maxLength: 80 },
      },
    },
  },
  budgetMs: 2500,
  preferredLanguage: { key: 'preferred_language', supported: ['en', 'de'] },
}
