import type { ExternalKey } from './shared/manifest.ts'

/**
 * Metadata that our Actions read and others write. The build
 * refuses a claim, condition or look-up that reads what no Action writes and nobody named here.
 */
export const externalKeys: readonly ExternalKey[] = [
  {
    key: 'app_metadata.service_account',
    writer: 'administrator',
    why: 'Marks the accounts that no human signs in with; enforce-terms asks them for nothing.',
  },
]
