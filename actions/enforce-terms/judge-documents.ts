/** What each document asks of the user in this sign-in, and why. */
import type { Reason } from '../shared/decision.ts'
import type { AskedDocument } from '../shared/session-token.ts'
import type { SignInFacts } from '../shared/sign-in.ts'
import { holds, reasonsOf } from '../shared/when.ts'
import type { DocumentState, TermsRecord } from './record.ts'
import type { EnforceTermsSettings, TermsDocument, TermsVersion } from './schema.ts'

/** A document that this sign-in should ask for. */
export interface Pending {
  readonly asked: AskedDocument
  /** Only where nobody gets in without: until when a refresh token may still be exchanged. */
  readonly graceEnd?: number
}

/**
 * `not_meant`: the document is not for this sign-in, by the condition at the path. `settled`: the last
 * answer holds. `not_in_force`: no version is, and none is announced. `put_off`: the coming version was.
 * `missed`: a version came into force that was not answered. `expired`: the acceptance has to be
 * repeated. `announced`: a coming version is shown ahead of its time.
 */
export interface Judgement extends Reason {
  readonly code:
    'not_meant' | 'settled' | 'not_in_force' | 'put_off' | 'missed' | 'expired' | 'announced'
  readonly pending?: Pending
}

export const judgeDocuments = (
  facts: SignInFacts,
  settings: EnforceTermsSettings,
  record: TermsRecord,
  now: Date,
): readonly Judgement[] =>
  settings.documents.map((document, index): Judgement => {
    const path = `documents[${index}]`
    const { when = {} } = document
    if (holds(when, facts) === false) {
      const [reason] = reasonsOf(when, facts, `${path}.when`)
      return { code: 'not_meant', path: reason?.path ?? path }
    }
    return { ...judgeDocument(document, record, settings.refreshGraceDays, now), path }
  })

type Said = Omit<Judgement, 'path'>

const judgeDocument = (
  document: TermsDocument,
  { documents, history }: TermsRecord,
  refreshGraceDays: number,
  now: Date,
): Said => {
  const state = documents.get(document.id) ?? {}
  const ask = (version: TermsVersion): AskedDocument =>
    askedDocument(document, version, lastAccepted(document, state, history), now)
  const { missed, current, expiresAt } = dueVersion(document, state, now)
  if (current !== undefined && (missed !== undefined || expiresAt <= now.getTime())) {
    const code = missed === undefined ? 'expired' : 'missed'
    const asked = ask(current)
    if (!document.required) return { code, pending: { asked } }
    const { effectiveAt, refreshGraceDays: days = refreshGraceDays } = missed ?? current
    const dueAt = missed === undefined ? expiresAt : Date.parse(effectiveAt)
    // A refusal has effect at once.
    const graceEnd = state.declined_at === undefined ? dueAt + days * DAY : 0
    return { code, pending: { asked, graceEnd } }
  }
  const coming = comingVersion(document, state, now)
  if (coming === undefined) return { code: current === undefined ? 'not_in_force' : 'settled' }
  return coming.version === state.deferred_version
    ? { code: 'put_off' }
    : { code: 'announced', pending: { asked: ask(coming) } }
}

const DAY = 24 * 60 * 60 * 1000

export const isAhead = ({ effectiveAt }: TermsVersion, now: Date): boolean =>
  Date.parse(effectiveAt) > now.getTime()

/** Whether a version asks whoever gave this answer, once its time has come. */
const asksAfter = (
  { required, versions }: TermsDocument,
  { version: answered, accepted_at }: DocumentState,
): ((version: TermsVersion, index: number) => boolean) => {
  // An optional document is settled by a refusal, too.
  const isSettled = accepted_at !== undefined || !required
  const settled = isSettled ? versions.findIndex(({ version }) => version === answered) : -1
  return ({ mustReaccept }, index) => index > settled && (mustReaccept || index === 0)
}

/** The version in force, the first one up to it that was not answered, and when an answer expires. */
const dueVersion = (document: TermsDocument, state: DocumentState, now: Date) => {
  const { versions, reacceptAfterDays = Infinity } = document
  const inForce = versions.findLastIndex((version) => !isAhead(version, now))
  return {
    current: versions[inForce],
    missed: versions.slice(0, inForce + 1).find(asksAfter(document, state)),
    expiresAt: Date.parse(state.accepted_at ?? '') + reacceptAfterDays * DAY,
  }
}

/** The newest version that is announced already. */
const comingVersion = (
  document: TermsDocument,
  state: DocumentState,
  now: Date,
): TermsVersion | undefined => {
  const { versions, announceDays = 0 } = document
  const asks = asksAfter(document, state)
  return versions.findLast(
    (version, index) =>
      asks(version, index) && Date.parse(version.effectiveAt) - announceDays * DAY <= now.getTime(),
  )
}

const lastAccepted = (
  { id }: TermsDocument,
  state: DocumentState,
  history: TermsRecord['history'],
): string | undefined => {
  if (state.accepted_at !== undefined) return state.version
  const wasAccepted = (entry: DocumentState & { id?: string }) =>
    entry.id === id && entry.accepted_at !== undefined
  return history.findLast(wasAccepted)?.version
}

const askedDocument = (
  { id, required, view }: TermsDocument,
  version: TermsVersion,
  previous: string | undefined,
  now: Date,
): AskedDocument => ({
  id,
  version: version.version,
  required,
  ...(previous !== undefined && { previous }),
  ...(isAhead(version, now) && { effective_at: version.effectiveAt }),
  ...(view !== undefined && { view }),
})
