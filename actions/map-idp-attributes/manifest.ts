import { attributesOf, readsOf, type Manifest, type MetadataPlace } from '../shared/manifest.ts'
import { WRITTEN } from './decide.ts'
import type { MapIdpAttributesSettings } from './mapping.ts'
import { settings } from './settings.ts'

export const manifestOf = ({ mappings, retiredKeys = [] }: MapIdpAttributesSettings): Manifest => ({
  writes: [
    ...new Set([
      ...mappings.map(({ to }): MetadataPlace => `${to.metadata}.${to.path.join('.')}`),
      ...mappings
        .filter(({ to }) => to.metadata === 'user_metadata')
        .map(({ to }): MetadataPlace => `user_metadata.${to.path[0]}.${WRITTEN}`),
    ]),
  ],
  wordOf: 'an identity provider',
  retiredKeys,
  reads: mappings.flatMap(({ when }, index) => readsOf(`mappings[${index}].when`, when)),
  readsAttributes: mappings.flatMap(({ when, from }, index) => [
    ...attributesOf(`mappings[${index}].when`, when),
    ...from.flatMap(({ attribute, currentIdentity, identity }, place) =>
      Object.entries({ attribute, currentIdentity, 'identity.path': identity?.path }).flatMap(
        ([name, path]) =>
          path === undefined
            ? []
            : [{ path: `mappings[${index}].from[${place}].${name}`, name: path[0] }],
      ),
    ),
  ]),
  secrets: [],
  optional: true,
  fails: 'open',
})

export const manifest = manifestOf(settings)
