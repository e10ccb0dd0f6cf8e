/** The words in which `settings.ts` says what is mapped. Types only. */
import type { MetadataKind } from '../shared/metadata.ts'

export interface MapIdpAttributesSettings {
  readonly defaults: Defaults
  readonly limits: Limits
  /**
   * In the order of their precedence: of several mappings to one target, the first whose conditions
   * hold and that has something to say decides.
   */
  readonly mappings: readonly Mapping[]
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
  /** Characters (UTF-16 units) of each text. */
  readonly length: number
  readonly elements: number
  /** Bytes as JSON. */
  readonly bytes: number
}

/** From what the identity provider said, or a fallback, to one place in our metadata. */
export type Mapping = Kind &
  Target & {
    /** Which sign-ins it is for: all that is given must hold; `{}` is for every sign-in. */
    readonly when: Condition
    /** The first source that is there and not `null` is taken. */
    readonly from: readonly [Source, ...Source[]]
    /** Applied in this order, each to every text of a value with several. */
    readonly transforms?: readonly Transform[]
    readonly mode?: Mode
    readonly limits?: Partial<Limits>
    /** The value gives a right: each mapping to its target must say what ends it. */
    readonly grants?: true
  }

/**
 * What the value becomes. `strings` takes one text or many and keeps them sorted, each once, so
 * that neither the order nor the form a provider happens to choose is a change; the others take
 * exactly one. `date` keeps the day as it is written (`YYYY-MM-DD`), whatever the time zone.
 */
type Kind =
  | KindOf<'strings', readonly string[]>
  | KindOf<'string' | 'date', string>
  | KindOf<'integer', number>
  | KindOf<'boolean', boolean>

interface KindOf<As, Value> {
  readonly as: As
  /**
   * When no source is there, or the transforms leave nothing of a single value. Anything but `keep`
   * also holds, with `force`, where the identity used now does not meet `when` and no mapping to
   * the same target has a `when` that holds: nobody says the value any more.
   */
  readonly missing?: Otherwise<Value>
  /**
   * When a source is there and cannot be used: an object, too long, too many, of another type, or
   * nobody can tell which identity said it. Where the value gives a right, this and `missing` are
   * required, neither may keep, and the mode is `force`.
   */
  readonly unusable?: Otherwise<Value>
}

/** What becomes of the target when there is no value for it; only `force` deletes. */
type Otherwise<Value> = 'keep' | 'delete' | { readonly default: Value }

type Target =
  | { readonly to: Place<'app_metadata'>; readonly overwriteUserEdits?: never }
  | {
      readonly to: Place<'user_metadata'>
      /**
       * Without it, `force` touches only the value that it wrote last: a copy of it lies in
       * `written` beside it, and what the user changed or removed since then stays so.
       */
      readonly overwriteUserEdits?: boolean
    }

/** A key, which no other Action may write, and names under it. */
interface Place<Metadata extends MetadataKind> {
  readonly metadata: Metadata
  readonly path: readonly [string, string, ...string[]]
}

/**
 * Own properties from the outside in. A name with dots or a URI is one element, a number is the
 * index of a list: `['http://schemas.example/claims/dept']`, `['address', 0, 'country']`.
 */
export type Path = readonly [string, ...(string | number)[]]

export type Source = OneOf<{
  /**
   * What the provider of the identity used now says: on the root of `event.user` when that is the
   * primary identity, in its `profileData` otherwise. Unusable when that cannot be told.
   */
  currentIdentity: Path
  /**
   * On the root of `event.user`, whichever identity is used now: what the primary identity's
   * provider said. A mapping whose `when` is about the identity used now must say so, `of: 'primary'`.
   */
  attribute: Path
  /** What an identity of the user said last, the primary or a linked one, whichever is used now. */
  identity: OneOf<{ connection: string; provider: string }> & { readonly path: Path }
  connectionMetadata: string
  organizationMetadata: string
  constant: string | number | boolean | readonly string[]
}> & { readonly of?: 'primary' }

/** A text or several of which one must be it. */
type AnyOf = string | readonly string[]

/** `strategy`, `connection`, `claim` and the e-mail are those of the identity used now. */
export interface Condition {
  readonly strategy?: AnyOf
  readonly connection?: AnyOf
  /** Id or name. */
  readonly organization?: AnyOf
  /** `client_id`. */
  readonly client?: AnyOf
  /** An attribute that is there and, with `equals`, is this or has this among its elements. */
  readonly claim?: { readonly path: Path; readonly equals?: string | number | boolean }
  readonly emailVerified?: boolean
  /** Domain, in lower case, of an address that is verified. */
  readonly emailDomain?: AnyOf
}

export type Transform =
  | 'trim'
  | 'lower'
  | 'upper'
  | OneOf<{
      /** All texts, sorted, as one with this between them. */
      join: string
      split: string
      stripPrefix: string
      stripSuffix: string
      /** The first group of a pattern, or what all of it matched; texts without a match go. */
      capture: Pattern
      /** Each match replaced; `with` may hold `$1`, `$<name>`, `$&`. */
      replace: Pattern & { readonly with: string }
      /** What the table says for a text, else `otherwise`; without it, texts not listed go. */
      lookUp: { readonly table: Readonly<Record<string, string>>; readonly otherwise?: string }
      /** Only the texts that match stay. */
      filter: OneOf<{ prefix: string; suffix: string; contains: string; matches: Pattern }>
      /** From groups to roles or entitlements; a group may have one `*`. Other groups go. */
      roles: Readonly<Record<string, AnyOf>>
      /** Of the sorted texts, the first so many. */
      limit: number
    }>

/** A regular expression that the build proved to be fast; `check-pattern.ts` says which are. */
export interface Pattern {
  readonly pattern: string
  readonly ignoreCase?: boolean
}

/** Exactly one of the members. */
type OneOf<Members> = {
  [Name in keyof Members]: { readonly [Given in Name]: Members[Given] } & {
    readonly [Other in Exclude<keyof Members, Name>]?: never
  }
}[keyof Members]
