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

/** Whether a document was accepted or declined; both at once is neither. */
const isAnswered = ({ version, accepted_at, declined_at }: DocumentState): boolean =>
  version !== undefined && (accepted_at === undefined) !== (declined_at === undefined)

export const readRecord = (appMetadata: unknown, primary: string | undefined): TermsRecord => {
  const stored = own(appMetadata, TERMS_KEY)
  const top = pick(TOP_MEMBERS, stored)
  // Beside `documents` the top says nothing new, and once another document is the primary one it
  // would pass for an acceptance that nobody gave.
  const states = own(stored, 'documents') ?? (primary === undefined ? {} : { [primary]: top })
  const history = own(stored, 'history')
  return {
    top,
    documents: new Map(
      Object.keys(isObject(states) ? states : {})
        .filter(isDocumentId)
        .map((id) => {
          const state = pick(STATE_MEMBERS, own(states, id))
          return [id, isAnswered(state) ? state : pick(DEFERRED_MEMBERS, state)] as const
        })
        .filter(([, state]) => Object.keys(state).length > 0),
    ),
    history: (Array.isArray(history) ? history : [])
      .map((entry) => pick(HISTORY_MEMBERS, entry))
      .filter((entry) => entry.id !== undefined && isAnswered(entry)),
  }
}

/** The record with what the user said at this moment, to this application. */
export const addAnswers = (
  { top, documents, history }: TermsRecord,
  answers: readonly DocumentAnswer[],
  { at, client, primary }: { at: string; client: string; primary: string | undefined },
): TermsRecord => {
  const record = { top, documents: new Map(documents), history: [...history] }
  for (const { id, version, answer, locale, hash } of answers) {
    const before = record.documents.get(id) ?? {}
    if (answer === 'deferred') {
      record.documents.set(id, { ...before, deferred_version: version, deferred_at: at })
      continue
    }
    if (isAnswered(before)) record.history.push(pick(HISTORY_MEMBERS, { id, ...before }))
    const state = pick(STATE_MEMBERS, {
      version,
      [`${answer}_at`]: at,
      locale,
      hash,
      client: client.slice(0, 48),
    })
    record.documents.set(id, state)
    if (id === primary && answer === 'accepted') record.top = pick(TOP_MEMBERS, state)
  }
  return record
}

/**
 * The change that stores the record. Where it would not fit, the history goes, refusals before
 * acceptances and the oldest of each first, then what was said to documents that are asked for no
 * more; `undefined` when the rest does not fit either.
 */
export const planRecord = (
  stored: StoredMetadata,
  record: TermsRecord,
  asked: readonly { readonly id: string }[],
): readonly MetadataChange[] | undefined => {
  const isRefusal = ({ declined_at }: DocumentState) => declined_at !== undefined
  // By worth: to decline again and again must not push out what was accepted.
  const kept = [
    ...record.history.filter(isRefusal),
    ...record.history.filter((entry) => !isRefusal(entry)),
  ].slice(-MAX_HISTORY)
  const documents = new Map(record.documents)
  const retired = [...documents.keys()].filter((key) => !asked.some(({ id }) => id === key))
  for (;;) {
    const history = record.history.filter((entry) => kept.includes(entry))
    const value: JsonObject = {
      ...record.top,
      documents: Object.fromEntries(documents),
      ...(history.length > 0 && { history }),
    }
    const isLeast = history.length + retired.length === 0
    if (isLeast || jsonBytes(value) <= MAX_RECORD_BYTES) {
      const desired = { app_metadata: { [TERMS_KEY]: value } }
      const { changes, refused } = planMetadata(stored, desired, TERMS_BUDGET_BYTES)
      if (refused.length === 0) return changes
      if (isLeast) return undefined
    }
    if (kept.shift() === undefined) documents.delete(retired.shift() ?? '')
  }
}
