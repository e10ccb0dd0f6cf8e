import type { MetadataKind, RetiredKey } from './metadata.ts'
import { testsIn, type Source, type When } from './when.ts'

/**
 * A place in metadata, names joined by `.`: `app_metadata.idp.department`. None of the names holds a
 * dot, because Auth0 refuses it.
 */
export type MetadataPlace = `${MetadataKind}.${string}`

/** What an Action says of itself. The build holds `tenant.yaml` and the other Actions to it. */
export interface Manifest {
  /**
   * Where this Action writes, as deep as that is known: below a place that is named, anything may
   * stand. Each top-level key belongs to one Action whole.
   */
  readonly writes: readonly MetadataPlace[]
  /** Whose word these places hold, e.g. `an identity provider`. It never exempts anybody. */
  readonly wordOf?: string
  /** Places of which `writes` holds no more, and that it removes. */
  readonly retiredKeys?: readonly RetiredKey[]
  /** Where its settings and its code read. */
  readonly reads: readonly MetadataRead[]
  /** Root attributes of the profile that it reads; `app_metadata` of one name would hide them. */
  readonly readsAttributes?: readonly AttributeRead[]
  /** What others write and its code reads, whatever the settings say. */
  readonly external?: readonly ExternalKey[]
  /** Names of the Action's secrets in `tenant.yaml`. */
  readonly secrets: readonly string[]
  /**
   * A project may do without it: then `tenant.yaml` does not list it, and its folder stays, so that
   * updates of it find their place.
   */
  readonly optional?: true
  /** Which way a sign-in goes when the Action fails. */
  readonly fails: 'open' | 'closed'
}

export interface MetadataRead {
  /** Where the settings ask for it, e.g. `claims[2].from`, or which part of the code does. */
  readonly path: string
  readonly metadata: MetadataKind
  readonly names: readonly string[]
  /** Whether what is found there exempts somebody or lets them in. */
  readonly exempts?: true
}

export interface AttributeRead {
  readonly path: string
  readonly name: string
}

/** Metadata that our Actions read and never write. */
export interface ExternalKey {
  /** E.g. `app_metadata.contract`; all that lies below it is meant too. */
  readonly key: MetadataPlace
  /**
   * Whose word it is. `administrator`: your people and systems, by the Management API, and nobody
   * else; only their word may exempt somebody or let them in. `identityProvider`: whoever passes on
   * what another company says. `user`: whoever passes on what users say; all of `user_metadata`.
   */
  readonly writer: 'administrator' | 'identityProvider' | 'user'
  /** For whoever reads this later. */
  readonly why: string
}

/** The metadata that a condition at `path` of the settings reads. */
export const readsOf = (path: string, when: When, exempts?: true): MetadataRead[] =>
  testsIn(path, when).flatMap(({ source, test, ...place }) => {
    const metadata = METADATA_OF[source]
    const names = (test.path ?? []).map(String)
    return metadata === undefined ? [] : { ...place, metadata, names, ...(exempts && { exempts }) }
  })

const METADATA_OF: Readonly<Partial<Record<Source, MetadataKind>>> = {
  appMetadata: 'app_metadata',
  userMetadata: 'user_metadata',
}

/** The attributes of the root that a condition reads, where the primary identity is used. */
export const attributesOf = (path: string, when: When): AttributeRead[] =>
  testsIn(path, when).flatMap(({ source, test, ...place }) =>
    source === 'attribute' ? { ...place, name: test.path?.[0] ?? '' } : [],
  )

/** The top-level keys that an Action, and no other, writes: `app_metadata.idp`. */
export const keysOf = ({ writes }: Pick<Manifest, 'writes'>): string[] => [
  ...new Set(writes.map(topLevel)),
]

export const topLevel = (place: string): string => place.split('.', 2).join('.')
