import type { Manifest, MetadataPlace } from '../shared/manifest.ts'
import { RECORD_TIMES } from './look-up.ts'
import type { EnrichProfileSettings } from './schema.ts'
import { settings } from './settings.ts'
import { TASK_KEYS } from './tasks.ts'

export const manifestOf = (settings: EnrichProfileSettings): Manifest => {
  const { signUpFields, refusedSignUpFields, preferredLanguage, tasks } = settings
  const lookups = Object.entries(settings.lookups)
  const fields = [...Object.keys(signUpFields), ...refusedSignUpFields, preferredLanguage.key]
  return {
    writes: [
      ...fields.map((key): MetadataPlace => `user_metadata.${key}`),
      ...tasks.flatMap((name) => TASK_KEYS[name].writes).map(inAppMetadata),
      ...tasks.map((name) => inAppMetadata(`tasks.${name}`)),
      ...lookups.flatMap(([name, { pick }]) =>
        [...Object.keys(pick), ...RECORD_TIMES].map((key) =>
          inAppMetadata(`lookups.${name}.${key}`),
        ),
      ),
      'app_metadata.activity',
    ],
    retiredKeys: settings.retiredKeys ?? [],
    wordOf: 'a sign-up form or another system',
    reads: [
      ...tasks.flatMap((name, index) =>
        TASK_KEYS[name].reads.map((place) => ({
          path: `tasks[${index}]`,
          metadata: 'app_metadata' as const,
          names: place.split('.'),
        })),
      ),
      ...lookups.map(([name, { id }]) => ({
        path: `lookups.${name}.id`,
        metadata: 'app_metadata' as const,
        names: id,
      })),
    ],
    secrets: lookups.flatMap(([, { urlSecret, tokenSecret }]) => [urlSecret, tokenSecret]),
    optional: true,
    fails: 'open',
  }
}

const inAppMetadata = (place: string): MetadataPlace => `app_metadata.${place}`

export const manifest = manifestOf(settings)
