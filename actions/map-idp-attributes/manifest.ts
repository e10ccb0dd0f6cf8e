import type { Manifest, MetadataPlace } from '../shared/manifest.ts'
import { WRITTEN } from './decide.ts'
import type { MapIdpAttributesSettings } from './mapping.ts'
import { settings } from './settings.ts'

export const manifestOf = ({ mappings }: MapIdpAttributesSettings): Manifest => ({
  writes: [
    ...new Set([
      ...mappings.map(({ to }): MetadataPlace => `${to.metadata}.${to.path.join('.')}`),
      ...mappings
        .filter(({ to }) => to.metadata === 'user_metadata')
        .map(({ to }): MetadataPlace => `user_metadata.${to.path[0]}.${WRITTEN}`),
    ]),
  ],
  wordOf: 'an identity provider',
  reads: [],
  readsAttributes: mappings.flatMap(({ from }, index) =>
    from.flatMap(({ attribute, currentIdentity, identity }, place) =>
      Object.entries({ attribute, currentIdentity, 'identity.path': identity?.path }).flatMap(
        ([name, path]) =>
          path === undefined
            ? []
            : [{ path: `mappings[${index}].from[${place}].${name}`, name: path[0] }],
      ),
    ),
  ),
  secrets: [],
  optional: true,
  fails: 'open',
})

export const manifest = manifestOf(settings)
