import type { Note } from '../shared/decision.ts'
import { isObject, own, type JsonObject } from '../shared/json.ts'
import {
  FAILURE_PAUSE_MS,
  fetchLookup,
  isLookupDue,
  readEndpoint,
  readLookupId,
  type LookupOutcome,
  type LookupSetting,
} from './look-up.ts'

export interface LookupTools {
  readonly fetch: typeof fetch
  readonly secrets: Readonly<Record<string, string | undefined>>
  /** Ends all look-ups of the sign-in. */
  readonly signal: AbortSignal
  readonly now: Date
  /** Until when another sign-in was told to leave the system alone, in milliseconds; 0 for never. */
  pausedUntil(name: string): number
  pause(name: string, until: number): void
}

/** A shorter wait is remembered by the instance alone: it is over before it is worth a write. */
export const MIN_STORED_WAIT_MS = 600_000

/**
 * Asks, all at the same time, for what is due, and answers the records that change. A record only
 * changes when there was an answer, or a long wait was asked for: so a system that is down costs no
 * write at all, and one that is up costs one in each period of freshness.
 */
export const runLookups = async (
  settings: Readonly<Record<string, LookupSetting>>,
  appMetadata: unknown,
  tools: LookupTools,
): Promise<{ records: JsonObject; notes: Note[] }> => {
  const records: JsonObject = {}
  const notes: Note[] = []
  const stored = own(appMetadata, 'lookups')
  const run = async ([name, setting]: [string, LookupSetting]): Promise<void> => {
    const record = own(stored, name)
    const id = readLookupId(appMetadata, setting.id)
    if (id === undefined || !isLookupDue(record, setting.freshForHours, tools.now)) return
    const endpoint = readEndpoint(
      tools.secrets[setting.urlSecret],
      tools.secrets[setting.tokenSecret],
    )
    if (endpoint === undefined) {
      notes.push({ code: 'lookup_off', target: `lookups.${name}` })
      return
    }
    if (tools.pausedUntil(name) > tools.now.getTime()) return
    const outcome = await fetchLookup(setting, { ...endpoint, id }, tools)
    const changed = recordAfter(outcome, record, tools.now)
    if (changed !== undefined) records[name] = changed
    notes.push(...notesOf(outcome, `lookups.${name}`))
    if (outcome.kind !== 'answered') {
      const until =
        outcome.kind === 'limited' ? outcome.retryAt : tools.now.getTime() + FAILURE_PAUSE_MS
      tools.pause(name, until)
    }
  }
  await Promise.all(Object.entries(settings).map(run))
  return { records, notes }
}

const recordAfter = (
  outcome: LookupOutcome,
  record: unknown,
  now: Date,
): JsonObject | undefined => {
  switch (outcome.kind) {
    case 'answered':
      return { ...outcome.values, fetched_at: now.toISOString() }
    case 'limited':
      if (outcome.retryAt - now.getTime() < MIN_STORED_WAIT_MS) return undefined
      return {
        ...(isObject(record) ? (record as JsonObject) : {}),
        retry_at: new Date(outcome.retryAt).toISOString(),
      }
    case 'failed':
      return undefined
  }
}

const notesOf = (outcome: LookupOutcome, target: string): Note[] => {
  switch (outcome.kind) {
    case 'answered':
      return outcome.notes.map((note) => ({ ...note, target: `${target}.${note.target ?? ''}` }))
    case 'limited':
      return [{ code: 'lookup_limited', target }]
    case 'failed':
      return [{ code: outcome.code, target }]
  }
}
