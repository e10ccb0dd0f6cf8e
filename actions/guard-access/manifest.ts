import { attributesOf, readsOf, type Manifest } from '../shared/manifest.ts'
import type { GuardAccessSettings } from './schema.ts'
import { settings } from './settings.ts'

export const manifestOf = ({ verifiedEmailWhen: when = {} }: GuardAccessSettings): Manifest => ({
  writes: [],
  reads: readsOf('verifiedEmailWhen', when, true),
  readsAttributes: attributesOf('verifiedEmailWhen', when),
  external: [
    {
      key: 'app_metadata.blocked_clients',
      writer: 'administrator',
      why: 'The applications from which a user was withdrawn.',
    },
  ],
  secrets: [],
  optional: true,
  fails: 'closed',
})

export const manifest = manifestOf(settings)
