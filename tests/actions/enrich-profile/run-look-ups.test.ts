import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { LookupSetting } from '../../../actions/enrich-profile/look-up.ts'
import { runLookups } from '../../../actions/enrich-profile/run-look-ups.ts'
import { json, RUNS } from '../../../test-kit/actions/arbitraries.ts'

const NOW = new Date('2026-11-20T09:00:00Z')
const MINUTE = 60_000
const at = (ms: number) => new Date(NOW.getTime() + ms).toISOString()

const customer: LookupSetting = {
  urlSecret: 'URL',
  tokenSecret: 'TOKEN',
  id: ['customer_id'],
  timeoutMs: 1000,
  freshForHours: 24,
  pick: { tier: { path: ['tier'], type: 'string', maxLength: 16 } },
}
const SECRETS = { URL: 'https://crm.example/customers', TOKEN: 'token' }

interface World {
  secrets?: Record<string, string>
  settings?: Record<string, LookupSetting>
  now?: Date
  paused?: Map<string, number>
}

const run = async (
  appMetadata: unknown,
  answer: () => Response,
  { secrets = SECRETS, settings = { customer }, now = NOW, paused = new Map() }: World = {},
) => {
  let asked = 0
  const { records, notes } = await runLookups(settings, appMetadata, {
    fetch: async () => {
      asked += 1
      return answer()
    },
    secrets,
    signal: new AbortController().signal,
    now,
    pausedUntil: (name) => paused.get(name) ?? 0,
    pause: (name, until) => paused.set(name, until),
  })
  return { records, notes, asked, paused: Object.fromEntries(paused) }
}

const gold = () => Response.json({ tier: 'gold' })
const down = () => new Response('', { status: 502 })
const busy = () => new Response('', { status: 429, headers: { 'retry-after': '600' } })
const stored = (record: unknown) => ({ customer_id: 'cus_1', lookups: { customer: record } })
const STALE = { tier: 'basic', fetched_at: at(-25 * 60 * MINUTE) }

describe('a look-up', () => {
  test('of a user who was never looked up is kept with its time', async () => {
    expect(await run({ customer_id: 'cus_1' }, gold)).toEqual({
      records: { customer: { tier: 'gold', fetched_at: NOW.toISOString() } },
      notes: [],
      asked: 1,
      paused: {},
    })
  })

  test('that is fresh is not repeated', async () => {
    const fresh = stored({ tier: 'basic', fetched_at: at(-MINUTE) })
    expect(await run(fresh, gold)).toEqual(
      expect.objectContaining({ records: {}, notes: [], asked: 0 }),
    )
  })

  test('that is stale is replaced, with what the answer no longer has gone', async () => {
    const record = { ...STALE, old: 1, retry_at: at(-MINUTE) }
    expect((await run(stored(record), gold)).records).toEqual({
      customer: { tier: 'gold', fetched_at: NOW.toISOString() },
    })
  })

  test('that fails leaves what is known, unwritten, with a line', async () => {
    expect(await run(stored(STALE), down)).toEqual(
      expect.objectContaining({
        records: {},
        notes: [{ code: 'lookup_refused', target: 'lookups.customer' }],
      }),
    )
  })

  test('that fails is not tried again at once by the next user', async () => {
    const paused = new Map<string, number>()
    await run(stored(STALE), down, { paused })
    const soon = new Date(NOW.getTime() + 29_999)
    expect(await run(stored(STALE), gold, { paused, now: soon })).toEqual(
      expect.objectContaining({
        asked: 0,
        notes: [],
      }),
    )
    const later = new Date(NOW.getTime() + 30_000)
    expect((await run(stored(STALE), gold, { paused, now: later })).asked).toBe(1)
  })

  test('that has to wait a moment costs no write for it', async () => {
    const inAMinute = () => new Response('', { status: 503, headers: { 'retry-after': '60' } })
    const after = await run(stored(STALE), inAMinute)
    expect(after.records).toEqual({})
    expect(after.paused).toEqual({ customer: NOW.getTime() + MINUTE })
  })

  test('that has to wait keeps what is known, and the time, in the profile and for everybody', async () => {
    const after = await run(stored(STALE), busy)
    expect(after.records).toEqual({ customer: { ...STALE, retry_at: at(10 * MINUTE) } })
    expect(after.notes).toEqual([{ code: 'lookup_limited', target: 'lookups.customer' }])
    expect(after.paused).toEqual({ customer: NOW.getTime() + 10 * MINUTE })

    // On another instance, that remembers nothing.
    const [early, due] = [10 * MINUTE - 1, 10 * MINUTE].map((ms) => new Date(NOW.getTime() + ms))
    const waiting = stored(after.records['customer'])
    expect((await run(waiting, gold, { now: early ?? NOW })).asked).toBe(0)
    expect((await run(waiting, gold, { now: due ?? NOW })).asked).toBe(1)
  })

  test.each<[string, Record<string, string>]>([
    ['the URL', { TOKEN: 'token' }],
    ['the token', { URL: SECRETS.URL }],
    ['an https URL', { ...SECRETS, URL: 'http://crm.example' }],
  ])('without %s is off, with a line', async (_title, secrets) => {
    expect(await run({ customer_id: 'cus_1' }, gold, { secrets })).toEqual(
      expect.objectContaining({
        records: {},
        notes: [{ code: 'lookup_off', target: 'lookups.customer' }],
        asked: 0,
      }),
    )
  })

  test.each([[{}], [{ customer_id: '' }], [undefined], ['a text']])(
    'of a user without an id (%j) is none, without a line',
    async (appMetadata) => {
      expect(await run(appMetadata, gold)).toEqual(
        expect.objectContaining({ records: {}, notes: [], asked: 0 }),
      )
    },
  )

  test('beside another one fails alone', async () => {
    const settings = { customer, other: { ...customer, tokenSecret: 'MISSING' } }
    expect(await run({ customer_id: 'cus_1' }, gold, { settings })).toEqual(
      expect.objectContaining({
        records: { customer: { tier: 'gold', fetched_at: NOW.toISOString() } },
        notes: [{ code: 'lookup_off', target: 'lookups.other' }],
      }),
    )
  })

  test('names what it cannot use by its place', async () => {
    const { notes } = await run({ customer_id: 'cus_1' }, () => Response.json({ tier: {} }))
    expect(notes).toEqual([{ code: 'lookup_value_unusable', target: 'lookups.customer.tier' }])
  })
})

test('whatever is stored and answered, nobody is asked twice in one period of freshness', async () => {
  const record = fc.oneof(json, fc.record({ tier: json, fetched_at: json, retry_at: json }))
  await fc.assert(
    fc.asyncProperty(record, fc.integer({ min: 0, max: 1439 }), async (known, minutes) => {
      const first = await run(stored(known), gold)
      const lookups = { customer: first.records['customer'] ?? known }
      const now = new Date(NOW.getTime() + minutes * MINUTE)
      const second = await run({ customer_id: 'cus_1', lookups }, gold, { now })
      if (first.asked === 1)
        expect(second).toEqual(expect.objectContaining({ asked: 0, records: {} }))
    }),
    RUNS,
  )
})
