/**
 * `app_metadata.terms`, the evidence: the last answer to each document, and a bounded history of
 * the answers before. Whatever is stored is read; what is not of our form counts as absent.
 *
 * For readers of the older form, `{ version, accepted_at, locale }` alone, the record keeps these
 * members of the last acceptance of the primary document (the first required one) at its top.
 */
import { isObject, jsonBytes, own, type JsonObject } from '../shared/json.ts'
import {
  planMetadata,
  TERMS_BUDGET_BYTES,
  type MetadataChange,
  type MetadataPlan,
  type StoredMetadata,
} from '../shared/metadata.ts'
import {
  isDocumentId,
  isLocale,
  isTermsVersion,
  isTextHash,
  isUtcTime,
  type DocumentAnswer,
} from '../shared/session-token.ts'
import { parseCountry } from '../shared/country.ts'

/** The `app_metadata` key of the record; written by this Action only. */
export const TERMS_KEY = 'terms'

/** Bytes of JSON that the record may take with its history. Five documents always fit. */
export const MAX_RECORD_BYTES = 2048

/** Earlier answers that are kept, where the bytes allow it. */
export const MAX_HISTORY = 20

/**
 * The last answer to one document: `version` with either `accepted_at` or `declined_at`. Times are
 * ISO 8601 in UTC, `locale` and `hash` those of the text the user saw, `client` the `client_id`. A
 * coming version that was put off stands beside it, or alone.
 */
export type DocumentState = Partial<Record<keyof typeof STATE_MEMBERS, string>>

export interface TermsRecord {
  /** Of the last acceptance of the primary document. */
  readonly top: DocumentState
  /** By document id. */
  readonly documents: ReadonlyMap<string, DocumentState>
  /** Answers that later ones replaced, newest last. */
  readonly history: readonly DocumentState[]
  /** Where the last answer came from, as the network said; absent where nobody knows. */
  readonly country: string | undefined
  /** Members that this build does not know: after a roll-back, those of a later one. */
  readonly unknown: JsonObject
}

const isClient = (value: unknown): boolean =>
  typeof value === 'string' && /^[\w.:/-]{1,48}$/.test(value)

const TOP_MEMBERS = { version: isTermsVersion, accepted_at: isUtcTime, locale: isLocale }

const ANSWER_MEMBERS = {
  ...TOP_MEMBERS,
  declined_at: isUtcTime,
  hash: isTextHash,
  client: isClient,
}

const DEFERRED_MEMBERS = { deferred_version: isTermsVersion, deferred_at: isUtcTime }

const STATE_MEMBERS = { ...ANSWER_MEMBERS, ...DEFERRED_MEMBERS }

/** What is kept of a state that is no answer: a refusal stays one even where the rest is broken. */
const UNANSWERED_MEMBERS = { ...DEFERRED_MEMBERS, declined_at: isUtcTime }

/** All that a refusal needs to have its effect. */
const REFUSAL_MEMBERS = { version: isTermsVersion, declined_at: isUtcTime }

const HISTORY_MEMBERS = { id: isDocumentId, ...ANSWER_MEMBERS }

/** The members of `value` that are what they must be. */
const pick = <Name extends string>(
  checks: Readonly<Record<Name, (value: unknown) => boolean>>,
  value: unknown,
): Partial<Record<Name, string>> => {
  const picked: Partial<Record<Name, string>> = {}
  for (const name in checks) {
    const member = own(value, name)
    if (checks[name](member)) picked[name] = member as string
  }
  return picked
}

const KNOWN_MEMBERS = new Set([...Object.keys(TOP_MEMBERS), 'documents', 'history', 'country'])

/** A number or a string at the top, under a name such as ours. */
const pickUnknown = (stored: unknown): JsonObject => {
  const unknown: JsonObject = {}
  for (const [name, value] of Object.entries(isObject(stored) ? stored : {})) {
    const isPlain = typeof value === 'string' || typeof value === 'number'
    if (isPlain && /^[a-z][a-z_]*$/.test(name) && !KNOWN_MEMBERS.has(name)) unknown[name] = value
  }
  return unknown
}

/** Whether a document was accepted or declined; both at once is neither. */
const isAnswered = ({ version, accepted_at, declined_at }: DocumentState): boolean =>
  version !== undefined && (accepted_at === undefined) !== (declined_at === undefined)

/**
 * Whether there is no record, or one that is an object, has its states in one, and has nothing
 * unreadable in those of the documents with these ids.
 */
export const isRecordReadable = (appMetadata: unknown, ids: readonly string[]): boolean => {
  const stored = own(appMetadata, TERMS_KEY)
  const documents = own(stored, 'documents')
  if (![stored, documents].every((value) => isObject(value ?? {}))) return false
  const states =
    (documents ?? undefined) === undefined ? [stored] : ids.map((id) => own(documents, id))
  return states.every((state) => isStateReadable(state ?? {}))
}

/** Members that are not ours are those of a later build. */
const isStateReadable = (stored: unknown): boolean => {
  if (!isObject(stored)) return false
  const state = pick(STATE_MEMBERS, stored)
  const isWhole = Object.keys(STATE_MEMBERS).every(
    (name) => own(stored, name) === undefined || Object.hasOwn(state, name),
  )
  const { version, accepted_at, declined_at } = state
  const isEmpty = [version, accepted_at, declined_at].every((member) => member === undefined)
  return isWhole && (isEmpty || isAnswered(state))
}

export const readRecord = (appMetadata: unknown, primary: string | undefined): TermsRecord => {
  const stored = own(appMetadata, TERMS_KEY)
  const top = pick(TOP_MEMBERS, stored)
  // Beside `documents` the top says nothing new, and once another document is the primary one it
  // would pass for an acceptance that nobody gave.
  const states = own(stored, 'documents') ?? (primary === undefined ? {} : { [primary]: top })
  const history = own(stored, 'history')
  return {
    top,
    country: parseCountry(own(stored, 'country')),
    unknown: pickUnknown(stored),
    documents: new Map(
      Object.keys(isObject(states) ? states : {})
        .filter(isDocumentId)
        .map((id) => {
          const state = pick(STATE_MEMBERS, own(states, id))
          return [id, isAnswered(state) ? state : pick(UNANSWERED_MEMBERS, state)] as const
        })
        .filter(([, state]) => Object.keys(state).length > 0),
    ),
    history: (Array.isArray(history) ? history : [])
      .map((entry) => pick(HISTORY_MEMBERS, entry))
      .filter((entry) => entry.id !== undefined && isAnswered(entry)),
  }
}

/** The record with what the user said at this moment, to this application, from this country. */
export const addAnswers = (
  before: TermsRecord,
  answers: readonly DocumentAnswer[],
  {
    at,
    client,
    country,
    primary,
  }: { at: string; client: string; country: string | undefined; primary: string | undefined },
): TermsRecord => {
  const documents = new Map(before.documents)
  const history = [...before.history]
  let { top } = before
  for (const { id, version, answer, locale, hash } of answers) {
    const last = documents.get(id) ?? {}
    if (answer === 'deferred') {
      documents.set(id, { ...last, deferred_version: version, deferred_at: at })
      continue
    }
    if (isAnswered(last)) history.push(pick(HISTORY_MEMBERS, { id, ...last }))
    const state = pick(STATE_MEMBERS, {
      version,
      [`${answer}_at`]: at,
      locale,
      hash,
      client: client.slice(0, 48),
    })
    documents.set(id, state)
    if (id === primary && answer === 'accepted') top = pick(TOP_MEMBERS, state)
  }
  return { ...before, top, documents, history, country }
}

/**
 * The change that stores the record, as much of it as finds room; `undefined` when not even the least
 * does.
 */
export const planRecord = (
  stored: StoredMetadata,
  record: TermsRecord,
  asked: readonly { readonly id: string }[],
): readonly MetadataChange[] | undefined => {
  let least = record
  for (const smaller of everSmaller(record, asked)) {
    least = smaller
    if (jsonBytes(toStored(smaller)) > MAX_RECORD_BYTES) continue
    const { changes, refused } = planTerms(stored, toStored(smaller), TERMS_BUDGET_BYTES)
    if (refused.length === 0) return changes
  }
  const { changes, refused } = planTerms(stored, toStored(least), TERMS_BUDGET_BYTES)
  return refused.length === 0 ? changes : undefined
}

/**
 * First what this build does not know goes, then the history, refusals before acceptances and the
 * oldest of each first, then what was said to documents that are asked for no more.
 */
function* everSmaller(
  record: TermsRecord,
  asked: readonly { readonly id: string }[],
): Generator<TermsRecord> {
  const isRefusal = ({ declined_at }: DocumentState) => declined_at !== undefined
  // By worth: to decline again and again must not push out what was accepted.
  const kept = [
    ...record.history.filter(isRefusal),
    ...record.history.filter((entry) => !isRefusal(entry)),
  ].slice(-MAX_HISTORY)
  const inOrder = () => record.history.filter((entry) => kept.includes(entry))
  yield { ...record, history: inOrder() }
  let smaller: TermsRecord = { ...record, unknown: {}, history: inOrder() }
  yield smaller
  while (kept.shift() !== undefined) {
    smaller = { ...smaller, history: inOrder() }
    yield smaller
  }
  const documents = new Map(record.documents)
  for (const id of record.documents.keys()) {
    if (asked.some((one) => one.id === id)) continue
    documents.delete(id)
    yield { ...smaller, documents: new Map(documents) }
  }
}

/**
 * The change for a record of refusals that finds no room. It is made all the same, because what is not
 * kept would leave refresh tokens in their grace: the shortest record, in place of the one before.
 */
export const planShortRecord = (
  stored: StoredMetadata,
  { top, documents }: TermsRecord,
): readonly MetadataChange[] => {
  const short = Array.from(
    documents,
    ([id, state]) =>
      [id, state.declined_at === undefined ? state : pick(REFUSAL_MEMBERS, state)] as const,
  )
  const record = { top, documents: new Map(short), history: [], country: undefined, unknown: {} }
  return planTerms(stored, toStored(record), Infinity).changes
}

const toStored = ({ unknown, top, country, documents, history }: TermsRecord): JsonObject => ({
  ...unknown,
  ...top,
  ...(country !== undefined && { country }),
  documents: Object.fromEntries(documents),
  ...(history.length > 0 && { history: [...history] }),
})

const planTerms = (stored: StoredMetadata, value: JsonObject, budgetBytes: number): MetadataPlan =>
  planMetadata(stored, { app_metadata: { [TERMS_KEY]: value } }, budgetBytes)
