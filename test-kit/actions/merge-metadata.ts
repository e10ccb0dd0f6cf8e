import type { MetadataChange, StoredMetadata } from '../../actions/shared/metadata.ts'

/**
 * Auth0's merge, written down a second time without a look at the planner: a value replaces its
 * whole top-level key, `null` deletes it, everything else stays.
 * https://auth0.com/docs/manage-users/user-accounts/metadata/manage-metadata-api
 */
export const mergeMetadata = (
  stored: StoredMetadata,
  changes: readonly MetadataChange[],
): StoredMetadata => {
  const merged = {
    app_metadata: new Map(Object.entries(stored.app_metadata ?? {})),
    user_metadata: new Map(Object.entries(stored.user_metadata ?? {})),
  }
  for (const { metadata, key, value } of changes) {
    if (value === null) merged[metadata].delete(key)
    else merged[metadata].set(key, value)
  }
  return {
    ...stored,
    ...(changes.some(({ metadata }) => metadata === 'app_metadata')
      ? { app_metadata: Object.fromEntries(merged.app_metadata) }
      : {}),
    ...(changes.some(({ metadata }) => metadata === 'user_metadata')
      ? { user_metadata: Object.fromEntries(merged.user_metadata) }
      : {}),
  }
}
