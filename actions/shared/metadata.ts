/**
 * Metadata changes: from what the profile holds and what it should hold to the fewest calls that
 * lead from one to the other.
 *
 * A call costs the tenant a profile update only when it changes something, with one exception: a
 * `null` is written even if the key is not there. And a call replaces its whole top-level key.
 * https://auth0.com/docs/manage-users/user-accounts/metadata/manage-user-metadata
 */
import {
  isObject,
  jsonBytes,
  jsonEqual,
  own,
  readPath,
  type JsonObject,
  type JsonValue,
} from './json.ts'

export type MetadataKind = 'app_metadata' | 'user_metadata'

/** The profile's metadata as the event holds it: anything, where a custom database wrote it. */
export type StoredMetadata = Readonly<Record<MetadataKind, unknown>>

/** The top-level keys that should hold a value; `null` means the key should not be there. */
export type DesiredMetadata = Readonly<Partial<Record<MetadataKind, Readonly<MetadataValues>>>>

export interface MetadataValues {
  [key: string]: JsonValue
}

/** A place that an Action wrote in the past and writes no more. */
export interface RetiredKey {
  readonly metadata: MetadataKind
  readonly path: readonly [string, ...string[]]
  /** For a rename: where the value goes, in the same metadata, if nothing is there yet. */
  readonly movedTo?: readonly [string, ...string[]]
}

/** One call of `api.user.setAppMetadata` or `setUserMetadata`; a `null` deletes the key. */
export interface MetadataChange {
  readonly metadata: MetadataKind
  readonly key: string
  readonly value: JsonValue
}

/** A change that was not made: why, and at which key. */
export interface MetadataRefusal {
  readonly code: 'metadata_unreadable' | 'metadata_key_refused' | 'metadata_budget_exceeded'
  readonly target: string
}

export interface MetadataPlan {
  readonly changes: readonly MetadataChange[]
  readonly refused: readonly MetadataRefusal[]
}

/**
 * Bytes of JSON that each metadata object may take once an acceptance of terms is in it. Auth0
 * allows 10 KB for the whole profile (enforced from 2027-03-04). The two objects are measured apart,
 * because a user can fill `user_metadata` and must not keep us from writing `app_metadata`.
 * https://auth0.com/docs/manage-users/user-accounts/metadata/metadata-fields-data
 */
export const TERMS_BUDGET_BYTES = 6144

/** The same for every other Action, so that an acceptance of terms always finds room. */
export const METADATA_BUDGET_BYTES = TERMS_BUDGET_BYTES - 2048

/** Names that Auth0 refuses at the top level of `app_metadata`; the page is linked above. */
const RESERVED_KEYS: ReadonlySet<string> = new Set([
  '__tenant',
  '_id',
  'blocked',
  'clientID',
  'created_at',
  'email_verified',
  'email',
  'globalClientID',
  'global_client_id',
  'identities',
  'lastIP',
  'lastLogin',
  'loginsCount',
  'metadata',
  'multifactor_last_modified',
  'multifactor',
  'updated_at',
  'user_id',
])

/** Root attributes of the profile: inside an Action, `app_metadata` of the same name hides them. */
const ROOT_ATTRIBUTES: ReadonlySet<string> = new Set([
  'app_metadata',
  'enrolledFactors',
  'family_name',
  'given_name',
  'groups',
  'last_password_reset',
  'name',
  'nickname',
  'phone_number',
  'phone_verified',
  'picture',
  'user_metadata',
  'username',
])

const REFUSED = /[.$]/

/** Says in words why a top-level key may not be written, or `undefined` when it may. */
export const metadataKeyProblem = (metadata: MetadataKind, key: string): string | undefined => {
  if (key === '') return 'is empty'
  if (REFUSED.test(key)) return 'holds "." or "$", which Auth0 refuses'
  if (key in {}) return 'is a name that JavaScript objects inherit'
  if (metadata === 'user_metadata') return undefined
  if (RESERVED_KEYS.has(key)) return 'is reserved by Auth0 in app_metadata'
  return ROOT_ATTRIBUTES.has(key) ? 'would hide the root attribute of the same name' : undefined
}

/**
 * The fewest changes that make every desired key hold its value. Keys that are not named stay
 * untouched. What may not be written is refused with a code, one key at a time, and never cut to
 * fit; a change that does not make the metadata larger is never refused for its size.
 */
export const planMetadata = (
  stored: StoredMetadata,
  desired: DesiredMetadata,
  budgetBytes: number,
): MetadataPlan => {
  const { wanted, refused } = findDifferences(stored, desired)
  const changes: MetadataChange[] = []
  // Measured only where something changes, which in most sign-ins is nowhere.
  const bytes: Partial<Record<MetadataKind, number>> = {}
  // What frees room goes first: a change that only fits afterwards would else wait for the next
  // sign-in and cost a second write.
  for (const { growth, ...change } of [
    ...wanted.filter(({ growth }) => growth <= 0),
    ...wanted.filter(({ growth }) => growth > 0),
  ]) {
    const { metadata } = change
    const used = (bytes[metadata] ??= metadataBytes(stored[metadata]))
    if (growth > 0 && used + growth > budgetBytes) {
      refused.push({ code: 'metadata_budget_exceeded', target: targetOf(change) })
    } else {
      bytes[metadata] = used + growth
      changes.push(change)
    }
  }
  return { changes, refused }
}

/**
 * The metadata as it is once what is retired went, or moved to where nothing is yet. An Action decides
 * on this, so that a value that moves counts in its new place at once.
 */
export const settleRetired = (
  stored: StoredMetadata,
  retired: readonly RetiredKey[],
): StoredMetadata => {
  const settled = { ...stored }
  for (const { metadata, path, movedTo } of retired) {
    const current = settled[metadata]
    const value = readPath(current, path)
    if (!isObject(current) || value === undefined) continue
    const keys: MetadataValues = {}
    if (movedTo && (readPath(current, movedTo) ?? undefined) === undefined) {
      writeAt(keys, current, movedTo, copied(value))
    }
    writeAt(keys, current, path, undefined)
    const next = { ...current, ...keys }
    settled[metadata] = Object.fromEntries(
      Object.entries(next).filter(([key, member]) => member !== null || !Object.hasOwn(keys, key)),
    )
  }
  return settled
}

/** The plan that leads from what is stored to what is settled, and to what is desired over that. */
export const planSettled = (
  stored: StoredMetadata,
  settled: StoredMetadata,
  desired: DesiredMetadata,
  budgetBytes: number,
): MetadataPlan => {
  const both = (metadata: MetadataKind): MetadataValues => {
    const [before, after] = [stored[metadata], settled[metadata]]
    if (!isObject(before) || !isObject(after)) return { ...desired[metadata] }
    const values: MetadataValues = {}
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (before[key] !== after[key]) values[key] = (after[key] ?? null) as JsonValue
    }
    return { ...values, ...desired[metadata] }
  }
  return planMetadata(
    stored,
    { app_metadata: both('app_metadata'), user_metadata: both('user_metadata') },
    budgetBytes,
  )
}

/** Those of `retired` whose new place the plan refused: they stay where they are. */
export const withoutRoom = (
  { refused }: MetadataPlan,
  retired: readonly RetiredKey[],
): readonly RetiredKey[] =>
  retired.filter(({ metadata, movedTo: [key = ''] = [] }) =>
    refused.some(({ target }) => target === targetOf({ metadata, key })),
  )

/**
 * Sets what a top-level key should hold so that it has this value at a place under it, or nothing
 * there. A change replaces its top-level key whole, so what else lies there comes along, but for
 * names that would have the change refused: a right that must go would stay with them.
 */
export const writeAt = (
  keys: MetadataValues,
  stored: unknown,
  [key = '', ...names]: readonly string[],
  value: JsonValue | undefined,
): void => {
  const current = own(stored, key)
  // Nothing comes along of what is no object, however long it is.
  const whole = Object.hasOwn(keys, key) ? keys[key] : isObject(current) ? copied(current) : null
  keys[key] = setAt(whole, names, value) ?? null
}

const copied = (value: unknown): JsonValue =>
  withoutRefusedNames(JSON.parse(JSON.stringify(value)) as JsonValue)

/** The holder with a value set or taken away; `undefined` when that leaves it empty. */
const setAt = (
  holder: unknown,
  [name, ...names]: readonly string[],
  value: JsonValue | undefined,
): JsonValue | undefined => {
  if (name === undefined) return value
  const object: JsonObject = isObject(holder) ? { ...(holder as JsonObject) } : {}
  const inner = setAt(own(object, name), names, value)
  if (inner !== undefined) return { ...object, [name]: inner }
  delete object[name]
  return Object.keys(object).length > 0 ? object : undefined
}

interface WantedChange extends MetadataChange {
  /** Bytes that the metadata gains. */
  readonly growth: number
}

const findDifferences = (
  stored: StoredMetadata,
  desired: DesiredMetadata,
): { wanted: WantedChange[]; refused: MetadataRefusal[] } => {
  const wanted: WantedChange[] = []
  const refused: MetadataRefusal[] = []
  for (const metadata of ['app_metadata', 'user_metadata'] as const) {
    // A stored null is no object either: the setters of `api.user` throw on it.
    const current = stored[metadata] === undefined ? {} : stored[metadata]
    for (const [key, value] of Object.entries(desired[metadata] ?? {})) {
      const before = own(current, key)
      const target = targetOf({ metadata, key })
      if (!isObject(current)) {
        refused.push({ code: 'metadata_unreadable', target })
      } else if (jsonEqual(before ?? null, value)) {
        continue
      } else if (metadataKeyProblem(metadata, key) !== undefined || holdsRefusedName(value)) {
        refused.push({ code: 'metadata_key_refused', target })
      } else {
        const growth =
          memberBytes(key, value === null ? undefined : value) - memberBytes(key, before)
        wanted.push({ metadata, key, value, growth })
      }
    }
  }
  return { wanted, refused }
}

/**
 * Auth0 names no depth below which `.` and `$` are fine, and a refused update fails the sign-in. A
 * custom database may have stored such a name beside ours, under a key that is rewritten whole.
 */
const holdsRefusedName = (value: JsonValue): boolean =>
  Array.isArray(value)
    ? value.some(holdsRefusedName)
    : isObject(value) &&
      Object.entries(value).some(([name, inner]) => REFUSED.test(name) || holdsRefusedName(inner))

/** What Auth0 takes of a value: an Action can write the names that it refuses nowhere. */
export const withoutRefusedNames = (value: JsonValue): JsonValue => {
  if (Array.isArray(value)) return value.map(withoutRefusedNames)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !REFUSED.test(name))
      .map(([name, inner]) => [name, withoutRefusedNames(inner)]),
  )
}

const targetOf = ({ metadata, key }: Pick<MetadataChange, 'metadata' | 'key'>): string =>
  `${metadata}.${key}`

const metadataBytes = (value: unknown): number =>
  isObject(value)
    ? Object.entries(value).reduce((sum, [key, member]) => sum + memberBytes(key, member), 2)
    : jsonBytes(value === undefined ? {} : value)

/** Bytes of `"key":value,`; nothing for a key that is not there. */
const memberBytes = (key: string, value: unknown): number =>
  value === undefined ? 0 : jsonBytes(key) + jsonBytes(value) + 2
