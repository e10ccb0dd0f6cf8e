import type { EnforceTermsSettings, TermsTarget } from './schema.ts'

/** Accounts that no human signs in with, so nobody could accept anything. */
const SERVICE_ACCOUNTS: TermsTarget = {
  appMetadata: { path: 'service_account', equals: true },
}

export const settings: EnforceTermsSettings = {
  documents: [
    {
      id: 'terms-of-service',
      title: 'Terms of use',
      required: true,
      versions: [
        { version: '2025-01-15', effectiveAt: '2025-01-15T00:00:00Z', mustReaccept: true },
        { version: '2026-11-01', effectiveAt: '2026-11-01T00:00:00Z', mustReaccept: true },
      ],
      announceDays: 14,
      exceptFor: [SERVICE_ACCOUNTS],
    },
    {
      id: 'privacy-policy',
      title: 'Privacy policy',
      required: true,
      versions: [
        { version: '2025-01-15', effectiveAt: '2025-01-15T00:00:00Z', mustReaccept: true },
      ],
      announceDays: 14,
      exceptFor: [SERVICE_ACCOUNTS],
    },
    {
      id: 'product-news',
      title: 'Product news',
      required: false,
      versions: [
        { version: '2025-01-15', effectiveAt: '2025-01-15T00:00:00Z', mustReaccept: true },
      ],
      exceptFor: [SERVICE_ACCOUNTS],
    },
  ],
  refreshGraceDays: 14,
}
