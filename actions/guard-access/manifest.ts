import type { Manifest } from '../shared/manifest.ts'

export const manifest: Manifest = {
  writes: [],
  reads: [],
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
}
