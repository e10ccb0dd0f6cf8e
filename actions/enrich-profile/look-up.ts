/**
 * Values of another system, fetched over HTTPS and kept in `app_metadata.lookups.<name>` with the
 * time they were fetched. A sign-in never waits for them longer than the settings say and never
 * fails because of them: what was known stays.
 */
import type { Note } from '../shared/decision.ts'
import { isObject, own, readPath, type JsonObject } from '../shared/json.ts'
import { raceAbort } from './race-abort.ts'
import { parseDeclared, type DeclaredValue } from './declared-value.ts'

export interface LookupSetting {
  /** Secret with an https URL; the id is put behind its path: `https://crm.example/customers`. */
  readonly urlSecret: string
  /** Secret with the bearer token (RFC 6750) for it. */
  readonly tokenSecret: string
  /** Where the id lies in `app_metadata`. A user without one is not looked up. */
  readonly id: readonly [string, ...string[]]
  /** Up to 2000. */
  readonly timeoutMs: number
  /** How long an answer is good, and with that the time from one profile write to the next. */
  readonly freshForHours: number
  /** What is taken from the JSON of the answer; the rest is dropped. */
  readonly pick: Readonly<Record<string, DeclaredValue & { readonly path: readonly string[] }>>
}

/** An answer beyond this many bytes is not read to its end. */
export const MAX_ANSWER_BYTES = 16_384

/** How long nobody asks again after a failure, where an instance of the Action remembers it. */
export const FAILURE_PAUSE_MS = 30_000

/** The longest wait that another system can ask for. */
const MAX_PAUSE_MS = 24 * 3_600_000

/** Clocks of Auth0's instances may differ by this. */
const CLOCK_SKEW_MS = 300_000

/** Members of a record that are ours and no picked value. */
export const RECORD_TIMES = ['fetched_at', 'retry_at']

/** What a look-up came to. */
export type LookupOutcome =
  | { readonly kind: 'answered'; readonly values: JsonObject; readonly notes: readonly Note[] }
  /** Asked to wait, by status 429 or 503, until this time in milliseconds. */
  | { readonly kind: 'limited'; readonly retryAt: number }
  | { readonly kind: 'failed'; readonly code: string }

/** Whether it is time to ask: not while the answer is fresh, nor before the time to try again. */
export const isLookupDue = (record: unknown, freshForHours: number, now: Date): boolean => {
  const age = now.getTime() - timeOf(own(record, 'fetched_at'))
  const isFresh = age >= -CLOCK_SKEW_MS && age < freshForHours * 3_600_000
  const wait = timeOf(own(record, 'retry_at')) - now.getTime()
  return !isFresh && !(wait > 0 && wait <= MAX_PAUSE_MS)
}

const timeOf = (value: unknown): number => (typeof value === 'string' ? Date.parse(value) : NaN)

/** The id as one segment of a path, or `undefined` when it is none. */
export const readLookupId = (appMetadata: unknown, path: readonly string[]): string | undefined => {
  const id = readPath(appMetadata, path)
  const text = typeof id === 'number' ? String(id) : id
  return typeof text === 'string' && /^(?!\.{1,2}$)\P{C}{1,128}$/u.test(text) ? text : undefined
}

/**
 * Where to ask; `undefined` when a secret is missing, a placeholder, or no https URL: then the
 * look-up is off.
 */
export const readEndpoint = (
  url: string | undefined,
  token: string | undefined,
): { url: URL; token: string } | undefined => {
  if (url === undefined || token === undefined || !URL.canParse(url)) return undefined
  const parsed = new URL(url)
  const isPlain = parsed.search + parsed.hash + parsed.username + parsed.password === ''
  return parsed.protocol === 'https:' && isPlain && /^[\w.~+/=-]{1,4096}$/.test(token)
    ? { url: parsed, token }
    : undefined
}

/** Asks once. Does not reject, whatever happens. */
export const fetchLookup = async (
  setting: LookupSetting,
  { url, token, id }: { readonly url: URL; readonly token: string; readonly id: string },
  tools: {
    readonly fetch: typeof fetch
    /** Ends all look-ups of the sign-in. */
    readonly signal: AbortSignal
    readonly now: Date
  },
): Promise<LookupOutcome> => {
  const signal = AbortSignal.any([AbortSignal.timeout(setting.timeoutMs), tools.signal])
  const target = new URL(url)
  target.pathname = `${url.pathname.replace(/\/$/, '')}/${encodeURIComponent(id)}`
  const ask = async (): Promise<LookupOutcome> => {
    const response = await tools.fetch(target, {
      headers: { accept: 'application/json', authorization: `Bearer ${token}` },
      // Another address would get the token.
      redirect: 'error',
      signal,
    })
    if (response.status === 200) return readAnswer(response, setting.pick)
    // The connection is free again only when nobody waits for the body.
    await response.body?.cancel()
    // That there is nothing is an answer, and as good as any other.
    if (response.status === 404) return { kind: 'answered', values: {}, notes: [] }
    const wait = [429, 503].includes(response.status)
      ? parseRetryAfter(response.headers.get('retry-after'), tools.now)
      : undefined
    return wait === undefined
      ? { kind: 'failed', code: response.status === 429 ? 'lookup_limited' : 'lookup_refused' }
      : { kind: 'limited', retryAt: tools.now.getTime() + wait }
  }
  try {
    return await raceAbort(ask, signal)
  } catch {
    return { kind: 'failed', code: signal.aborted ? 'lookup_timed_out' : 'lookup_failed' }
  }
}

const readAnswer = async (
  response: Response,
  pick: LookupSetting['pick'],
): Promise<LookupOutcome> => {
  const text = await readText(response)
  if (text === undefined) return { kind: 'failed', code: 'lookup_too_large' }
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    return { kind: 'failed', code: 'lookup_unreadable' }
  }
  if (!isObject(answer)) return { kind: 'failed', code: 'lookup_unreadable' }
  const values: JsonObject = {}
  const notes: Note[] = []
  for (const [name, declared] of Object.entries(pick)) {
    const value = parseDeclared(readPath(answer, declared.path), declared)
    if (value === undefined) notes.push({ code: 'lookup_value_unusable', target: name })
    else if (value !== null) values[name] = value
  }
  return { kind: 'answered', values, notes }
}

const readText = async (response: Response): Promise<string | undefined> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  // An async iterator ends the stream when it is left.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > MAX_ANSWER_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Milliseconds to wait by `Retry-After`, in seconds or as a date (RFC 9110 §10.2.3). */
const parseRetryAfter = (header: string | null, now: Date): number | undefined => {
  if (header === null) return undefined
  const text = header.trim()
  const wait = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime()
  return wait > 0 ? Math.min(wait, MAX_PAUSE_MS) : undefined
}
