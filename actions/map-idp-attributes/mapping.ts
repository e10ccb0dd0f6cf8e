/** The words in which `settings.ts` says what is mapped. Types only; the build checks the rest. */
import type { JsonValue, Path } from '../shared/json.ts'
import type { MetadataKind, RetiredKey } from '../shared/metadata.ts'
import type { Pattern, When } from '../shared/when.ts'

export interface MapIdpAttributesSettings {
  readonly defaults: Defaults
  readonly limits: Limits
  /**
   * In the order of their precedence: of several mappings to one target, the first whose conditions
   * hold and that has something to say decides.
   */
  readonly mappings: readonly Mapping[]
  /** What former mappings wrote, removed at the next sign-in of each user. */
  readonly retiredKeys?: readonly RetiredKey[]
}

/** For mappings that do not say it themselves; a connection's before its strategy's. */
export interface Defaults extends Policy {
  readonly strategies?: Readonly<Record<string, Partial<Policy>>>
  readonly connections?: Readonly<Record<string, Partial<Policy>>>
}

export interface Policy {
  readonly mode: Mode
  readonly missing: 'keep' | 'delete'
  readonly unusable: 'keep' | 'delete'
}

/**
 * `import` writes while the target is absent; `fill` while it is absent or empty (`null`, `''`,
 * `[]`, `{}`); `force` at each sign-in where it differs. Only `force` deletes.
 */
export type Mode = 'import' | 'force' | 'fill'

/** What a value may take at most. One that takes more is unusable and logged, never cut. */
export interface Limits {
  /** Characters (UTF-16 units) of each string. */
  readonly length: number
  readonly elements: number
  /** Bytes as JSON. */
  readonly bytes: number
}

/** From what the identity provider said, or a fallback, to one place in our metadata. */
export interface Mapping {
  /** Which sign-ins it is for; `{}` is for every sign-in. */
  readonly when: When
  /** The first source that is there and not `null` is taken. */
  readonly from: readonly [Source, ...Source[]]
  /** Applied in this order, each to every string of a value with several. */
  readonly transforms?: readonly Transform[]
  /**
   * What the value becomes. `strings` takes one string or many and keeps them sorted, each once, so
   * that neither the order nor the form a provider happens to choose is a change; the others take
   * exactly one. `date` keeps the day as it is written (`YYYY-MM-DD`), whatever the time zone.
   */
  readonly as: 'strings' | 'string' | 'date' | 'integer' | 'boolean'
  readonly mode?: Mode
  /**
   * When no source is there, or the transforms leave nothing of a single value. Anything but `keep`
   * also holds, with `force`, where the identity used now does not meet `when` and no mapping to
   * the same target has a `when` that holds: nobody says the value any more.
   */
  readonly missing?: Otherwise
  /**
   * When a source is there and cannot be used: an object, too long, too many, of another type, or
   * nobody can tell which identity said it. Where the value gives a right, this and `missing` are
   * required, neither may keep, and the mode is `force`.
   */
  readonly unusable?: Otherwise
  readonly limits?: Partial<Limits>
  /** The value gives a right: each mapping to its target must say what ends it. */
  readonly grants?: true
  readonly to: Target
  /**
   * For `user_metadata`. Without it, `force` touches only the value that it wrote last: a copy of it
   * lies in `written` beside it, and what the user changed or removed since then stays so.
   */
  readonly overwriteUserEdits?: boolean
}

/** What becomes of the target when there is no value for it; only `force` deletes. */
export type Otherwise = 'keep' | 'delete' | { readonly default: JsonValue }

/** A key, which no other Action may write, and at least one name under it. */
export interface Target {
  readonly metadata: MetadataKind
  readonly path: readonly [string, ...string[]]
}

/** Exactly one of the members, beside `of`. */
export interface Source {
  /**
   * What the provider of the identity used now says: on the root of `event.user` when that is the
   * primary identity, in its `profileData` otherwise. Unusable when that cannot be told.
   */
  readonly currentIdentity?: Path
  /**
   * On the root of `event.user`, whichever identity is used now: what the primary identity's
   * provider said. A mapping whose `when` is about the identity used now must say so, `of: 'primary'`.
   */
  readonly attribute?: Path
  /**
   * What an identity of the user said last, the primary or a linked one, whichever is used now. It is
   * found by `connection` or by `provider`.
   */
  readonly identity?: {
    readonly connection?: string
    readonly provider?: string
    readonly path: Path
  }
  readonly connectionMetadata?: string
  readonly organizationMetadata?: string
  readonly constant?: string | number | boolean | readonly string[]
  readonly of?: 'primary'
}

export type Transform = 'trim' | 'lower' | 'upper' | TransformObject

/** Exactly one of the members. */
export interface TransformObject {
  /** All strings, sorted, as one with this between them. */
  readonly join?: string
  readonly split?: string
  readonly stripPrefix?: string
  readonly stripSuffix?: string
  /** The first group of a pattern, or what all of it matched; strings without a match go. */
  readonly capture?: Pattern
  /** Each match replaced; `with` may hold `$1`, `$<name>`, `$&`. */
  readonly replace?: Pattern & { readonly with: string }
  /** What the table says for a string, else `otherwise`; without it, strings not listed go. */
  readonly lookUp?: {
    readonly table: Readonly<Record<string, string>>
    readonly otherwise?: string
  }
  /** Only the strings stay that begin, end or match so; exactly one of the members. */
  readonly filter?: {
    readonly prefix?: string
    readonly suffix?: string
    readonly contains?: string
    readonly matches?: Pattern
  }
  /** From groups to roles or entitlements; a group may have one `*`. Other groups go. */
  readonly roles?: Readonly<Record<string, string | readonly string[]>>
  /** Of the sorted strings, the first so many. */
  readonly limit?: number
}
