import { attributesOf, readsOf, type Manifest } from '../shared/manifest.ts'
import type { EnforceTermsSettings } from './schema.ts'
import { settings } from './settings.ts'

const SECRETS = ['TERMS_URL', 'TERMS_TOKEN_SECRET', 'TERMS_TOKEN_SECRET_PREVIOUS'] as const

export type SecretName = (typeof SECRETS)[number]

export const manifestOf = ({ documents }: EnforceTermsSettings): Manifest => ({
  writes: ['app_metadata.terms'],
  wordOf: 'the user',
  // What chooses the users of a document exempts the others from it.
  reads: documents.flatMap(({ when = {} }, index) =>
    readsOf(`documents[${index}].when`, when, true),
  ),
  readsAttributes: documents.flatMap(({ when = {} }, index) =>
    attributesOf(`documents[${index}].when`, when),
  ),
  secrets: SECRETS,
  optional: true,
  fails: 'closed',
})

export const manifest = manifestOf(settings)
