import type { MetadataKind } from './metadata.ts'

/** What an Action says of itself. The build holds `tenant.yaml` to it, a test the README. */
export interface Manifest {
  /** The top-level metadata keys that this Action, and no other, writes. */
  readonly writes: readonly `${MetadataKind}.${string}`[]
  /** Names of the Action's secrets in `tenant.yaml`. */
  readonly secrets: readonly string[]
  /** Which way a sign-in goes when the Action fails. */
  readonly fails: 'open' | 'closed'
}
