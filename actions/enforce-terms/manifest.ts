import type { Manifest, MetadataRead } from '../shared/manifest.ts'
import type { EnforceTermsSettings, TermsTarget } from './schema.ts'
import { settings } from './settings.ts'

const SECRETS = ['TERMS_URL', 'TERMS_TOKEN_SECRET', 'TERMS_TOKEN_SECRET_PREVIOUS'] as const

export type SecretName = (typeof SECRETS)[number]

export const manifestOf = ({ documents }: EnforceTermsSettings): Manifest => ({
  writes: ['app_metadata.terms'],
  wordOf: 'the user',
  reads: documents.flatMap((document, index) =>
    (['for', 'exceptFor'] as const).flatMap((name) =>
      (document[name] ?? []).flatMap((target, place) =>
        readsOf(`documents[${index}].${name}[${place}]`, target),
      ),
    ),
  ),
  secrets: SECRETS,
  optional: true,
  fails: 'closed',
})

/** What chooses the users of a document exempts the others from it. */
const readsOf = (path: string, { appMetadata }: TermsTarget): MetadataRead[] =>
  appMetadata === undefined
    ? []
    : [
        {
          path: `${path}.appMetadata.path`,
          metadata: 'app_metadata',
          names: appMetadata.path.split('.'),
          exempts: true,
        },
      ]

export const manifest = manifestOf(settings)
