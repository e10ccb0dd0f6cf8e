import type { Manifest } from '../shared/manifest.ts'
import type { AddClaimsSettings } from './schema.ts'
import { settings } from './settings.ts'

export const manifestOf = ({ claims }: AddClaimsSettings): Manifest => ({
  writes: [],
  reads: claims.flatMap(({ from }, index) =>
    'metadata' in from
      ? [{ path: `claims[${index}].from`, metadata: from.metadata, names: from.path }]
      : [],
  ),
  readsAttributes: claims.flatMap(({ from }, index) =>
    'profile' in from ? [{ path: `claims[${index}].from`, name: from.profile[0] }] : [],
  ),
  secrets: [],
  optional: true,
  fails: 'open',
})

export const manifest = manifestOf(settings)
