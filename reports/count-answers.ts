import type { DocumentState, TermsRecord } from '../actions/enforce-terms/record.ts'
import type { EnforceTermsSettings, TermsDocument } from '../actions/enforce-terms/schema.ts'
import type { ExportedUser } from './parse-user.ts'

/**
 * What one user said to one version of one document; exactly one of these.
 *
 * - `accepted`, `declined`: the last answer to this version that the profile keeps. An acceptance
 *   that ran out since (`reacceptAfterDays`) is one.
 * - `deferred`: shown before its date and put off, not answered since.
 * - `covered`: an earlier version was accepted last, and no version from there to this one must be
 *   accepted again.
 * - `neverAsked`: the profile keeps nothing of that kind. The user has not signed in since, was not
 *   meant (`for`, `exceptFor`), left the page, went straight to a later version, or the answer was
 *   so old that the bounded history let it go.
 */
export const OUTCOMES = ['accepted', 'covered', 'declined', 'deferred', 'neverAsked'] as const
export type Outcome = (typeof OUTCOMES)[number]

export type Counts = Record<Outcome, number>

export interface ConnectionCounts {
  readonly connection: string
  readonly users: number
  /** By document, then by version, in the order of the settings. */
  readonly counts: readonly (readonly Counts[])[]
}

export interface AnswerCounts {
  /** Most users first. */
  readonly connections: readonly ConnectionCounts[]
  readonly total: ConnectionCounts
  /** Users of whose record something, or all, could not be read. */
  readonly unreadable: number
  /** Users with an answer to a document or version that the settings do not name. */
  readonly unnamed: number
  readonly withAppMetadata: number
}

/** Names of connections that are told apart, so that memory is bounded whatever the file holds. */
const MAX_CONNECTIONS = 1000

/** No connection can be called so. */
export const NO_CONNECTION = '(no connection)'
const OTHER_CONNECTIONS = '(other connections)'
const ALL_CONNECTIONS = 'All'

type Documents = EnforceTermsSettings['documents']

/** Sums users up, one at a time; what it holds depends on the settings and the connections only. */
export const createAnswerCounter = (documents: Documents, maxConnections = MAX_CONNECTIONS) => {
  const connections = new Map<string, MutableCounts>()
  const sums = { unreadable: 0, unnamed: 0, withAppMetadata: 0 }

  const countsOf = (name: string): MutableCounts => {
    const known = connections.get(name)
    if (known !== undefined) return known
    if (name !== OTHER_CONNECTIONS && connections.size >= maxConnections) {
      return countsOf(OTHER_CONNECTIONS)
    }
    const counts = emptyCounts(name, documents)
    connections.set(name, counts)
    return counts
  }

  return {
    add: ({ connection, record, hasAppMetadata, isReadable }: ExportedUser): void => {
      const counts = countsOf(connection ?? NO_CONNECTION)
      counts.users += 1
      const answers = answersOf(record)
      documents.forEach((document, index) => {
        outcomesOf(document, record, answers).forEach((outcome, version) => {
          const cell = counts.counts[index]?.[version]
          if (cell !== undefined) cell[outcome] += 1
        })
      })
      if (!isReadable) sums.unreadable += 1
      if (hasAppMetadata) sums.withAppMetadata += 1
      if (answers.some((answer) => !isNamed(documents, answer))) sums.unnamed += 1
    },
    result: (): AnswerCounts => ({
      connections: [...connections.values()].sort(
        (left, right) => right.users - left.users || (left.connection < right.connection ? -1 : 1),
      ),
      total: totalOf([...connections.values()], documents),
      ...sums,
    }),
  }
}

interface MutableCounts {
  readonly connection: string
  users: number
  readonly counts: Counts[][]
}

const emptyCounts = (connection: string, documents: Documents): MutableCounts => ({
  connection,
  users: 0,
  counts: documents.map(({ versions }) =>
    versions.map(() => ({ accepted: 0, covered: 0, declined: 0, deferred: 0, neverAsked: 0 })),
  ),
})

const totalOf = (all: readonly ConnectionCounts[], documents: Documents): ConnectionCounts => {
  const total = emptyCounts(ALL_CONNECTIONS, documents)
  for (const { users, counts } of all) {
    total.users += users
    total.counts.forEach((versions, document) => {
      versions.forEach((cell, version) => {
        for (const outcome of OUTCOMES) cell[outcome] += counts[document]?.[version]?.[outcome] ?? 0
      })
    })
  }
  return total
}

type Answer = DocumentState & { readonly id?: string }

/** Everything that was accepted or declined, the last answer to each document last. */
const answersOf = ({ documents, history }: TermsRecord): Answer[] => [
  ...history,
  ...Array.from(documents, ([id, state]) => ({ id, ...state })).filter(
    ({ version }) => version !== undefined,
  ),
]

const isNamed = (documents: Documents, answer: Answer): boolean =>
  documents.some(
    ({ id, versions }) =>
      id === answer.id && versions.some(({ version }) => version === answer.version),
  )

/** One outcome for each version, in the order of the settings. */
const outcomesOf = (
  { id, versions }: TermsDocument,
  record: TermsRecord,
  answers: readonly Answer[],
): Outcome[] => {
  const state = record.documents.get(id)
  const accepted =
    state?.accepted_at === undefined
      ? -1
      : versions.findIndex(({ version }) => version === state.version)
  return versions.map(({ version }, index) => {
    const answer = answers.findLast((one) => one.id === id && one.version === version)
    if (answer !== undefined) return answer.accepted_at === undefined ? 'declined' : 'accepted'
    if (state?.deferred_version === version) return 'deferred'
    const since = versions.slice(accepted + 1, index + 1)
    const isCovered = accepted !== -1 && since.length > 0 && !since.some((one) => one.mustReaccept)
    return isCovered ? 'covered' : 'neverAsked'
  })
}
