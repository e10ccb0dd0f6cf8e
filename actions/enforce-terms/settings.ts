import type { When } from '../shared/when.ts'
import type { EnforceTermsSettings } from './schema.ts'

/** Nobody could accept anything for an account that no human signs in with. */
const HUMANS: When = {
  not: { appMetadata: { path: ['service_account'], equals: true } },
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
      when: HUMANS,
    },
    {
      id: 'privacy-policy',
      title: 'Privacy policy',
      required: true,
      versions: [
        { version: '2025-01-15', effectiveAt: '2025-01-15T00:00:00Z', mustReaccept: true },
      ],
      announceDays: 14,
      when: HUMANS,
    },
    {
      id: 'product-news',
      title: 'Product news',
      required: false,
      versions: [
        { version: '2025-01-15', effectiveAt: '2025-01-15T00:00:00Z', mustReaccept: true },
      ],
      when: HUMANS,
    },
  ],
  refreshGraceDays: 14,
}
