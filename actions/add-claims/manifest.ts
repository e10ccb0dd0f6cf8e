import { attributesOf, readsOf, type Manifest } from '../shared/manifest.ts'
import type { AddClaimsSettings } from './schema.ts'
import { settings } from './settings.ts'

export const manifestOf = ({ claims }: AddClaimsSettings): Manifest => ({
  writes: [],
  reads: claims.flatMap(({ from, when = {} }, index) => [
    ...('metadata' in from
      ? [{ path: `claims[${index}].from`, metadata: from.metadata, names: from.path.map(String) }]
      : []),
    ...readsOf(`claims[${index}].when`, when),
  ]),
  readsAttributes: claims.flatMap(({ from, when = {} }, index) => [
    ...('profile' in from ? [{ path: `claims[${index}].from`, name: from.profile[0] }] : []),
    ...attributesOf(`claims[${index}].when`, when),
  ]),
  secrets: [],
  optional: true,
  fails: 'open',
})

export const manifest = manifestOf(settings)
