import { describe, expect, jest, test } from '@jest/globals'
import * as fc from 'fast-check'
import {
  fetchLookup,
  isLookupDue,
  MAX_ANSWER_BYTES,
  readEndpoint,
  readLookupId,
  type LookupSetting,
} from '../../../actions/enrich-profile/look-up.ts'
import { json, RUNS } from '../../../test-kit/actions/arbitraries.ts'

const NOW = new Date('2026-11-20T09:00:00Z')
const HOUR = 3_600_000
const before = (ms: number) => new Date(NOW.getTime() - ms).toISOString()

const SETTING: LookupSetting = {
  urlSecret: 'CUSTOMER_URL',
  tokenSecret: 'CUSTOMER_TOKEN',
  id: ['customer_id'],
  timeoutMs: 60,
  freshForHours: 24,
  pick: {
    tier: { path: ['plan', 'tier'], type: 'string', maxLength: 8, allowed: ['gold', 'basic'] },
    seats: { path: ['seats'], type: 'integer', min: 0, max: 500 },
  },
}

describe('a record', () => {
  test.each<[string, unknown, boolean]>([
    ['that is not there', undefined, true],
    ['without a time', { tier: 'gold' }, true],
    ['of now', { fetched_at: before(0) }, false],
    ['of the last millisecond that is fresh', { fetched_at: before(24 * HOUR - 1) }, false],
    ['of exactly the time', { fetched_at: before(24 * HOUR) }, true],
    ['a little ahead, by another clock', { fetched_at: before(-60_000) }, false],
    ['from far ahead', { fetched_at: before(-HOUR) }, true],
    ['with a time that is none', { fetched_at: 'yesterday' }, true],
    ['with a number for a time', { fetched_at: NOW.getTime() }, true],
    ['that has to wait', { fetched_at: before(48 * HOUR), retry_at: before(-1) }, false],
    ['that has waited', { fetched_at: before(48 * HOUR), retry_at: before(0) }, true],
    ['that has to wait longer than anybody may ask', { retry_at: before(-25 * HOUR) }, true],
    ['that is a list', [], true],
  ])('%s: due %s', (_title, record, isDue) => {
    expect(isLookupDue(record, 24, NOW)).toBe(isDue)
  })
})

describe('an id', () => {
  test.each<[unknown, string | undefined]>([
    ['cus_1', 'cus_1'],
    ['../admin', '../admin'],
    [4711, '4711'],
    ['', undefined],
    ['.', undefined],
    ['..', undefined],
    ['x'.repeat(129), undefined],
    ['a\nb', undefined],
    [null, undefined],
    [{}, undefined],
    [['cus_1'], undefined],
  ])('%j is %j', (customer_id, id) => {
    expect(readLookupId({ customer_id }, ['customer_id'])).toBe(id)
  })
})

describe('an endpoint', () => {
  test.each<[string, string | undefined, string | undefined]>([
    ['no URL', undefined, 'token'],
    ['no token', 'https://crm.example/', undefined],
    ['an empty token', 'https://crm.example/', ''],
    ['a marker for a URL', '@@CUSTOMER_URL@@', 'token'],
    ['a marker for a token', 'https://crm.example/', '@@CUSTOMER_TOKEN@@'],
    ['another marker for a token', 'https://crm.example/', '##CUSTOMER_TOKEN##'],
    ['a token with a line break', 'https://crm.example/', 'a\r\nhost: evil.example'],
    ['plain HTTP', 'http://crm.example/', 'token'],
    ['another scheme', 'file:///etc/passwd', 'token'],
    ['a query', 'https://crm.example/?all', 'token'],
    ['a fragment', 'https://crm.example/#a', 'token'],
    ['a password', 'https://me:secret@crm.example/', 'token'],
  ])('with %s is off', (_title, url, token) => {
    expect(readEndpoint(url, token)).toBeUndefined()
  })

  test('takes every character of a bearer token', () => {
    expect(readEndpoint('https://crm.example/', 'aZ09-._~+/==')?.token).toBe('aZ09-._~+/==')
  })
})

type Fetch = typeof fetch

type Source = ConstructorParameters<typeof ReadableStream>[0]

/** A body as the fetch of Node has it; the types of its streams are of two worlds. */
const endless = (source: Source) => new ReadableStream(source) as unknown as string

const ask = async (
  answer: (init: RequestInit) => Response | Promise<Response>,
  {
    id = 'cus_1',
    url = 'https://crm.example/customers',
    signal = new AbortController().signal,
  } = {},
) => {
  const asked: { url: string; init: RequestInit }[] = []
  const fake: Fetch = async (input, init = {}) => {
    asked.push({ url: (input as URL).href, init })
    return answer(init)
  }
  const outcome = await fetchLookup(
    SETTING,
    { url: new URL(url), token: 'secret-token', id },
    { fetch: fake, signal, now: NOW },
  )
  return { outcome, asked }
}

const failed = (code: string) => ({ kind: 'failed', code })
const answered = (values: object, notes: unknown[] = []) => ({ kind: 'answered', values, notes })

describe('a request', () => {
  test.each([
    ['https://crm.example/customers', 'https://crm.example/customers/cus_1'],
    ['https://crm.example/customers/', 'https://crm.example/customers/cus_1'],
    ['https://crm.example', 'https://crm.example/cus_1'],
    ['https://crm.example:8443/v1/c', 'https://crm.example:8443/v1/c/cus_1'],
  ])('below %s goes to %s', async (url, target) => {
    expect((await ask(() => Response.json({}), { url })).asked[0]?.url).toBe(target)
  })

  test.each([
    ['../admin', '..%2Fadmin'],
    ['a/b?c#d', 'a%2Fb%3Fc%23d'],
    ['auth0|1', 'auth0%7C1'],
    ['%2e%2e', '%252e%252e'],
  ])('for the id %s stays below the URL', async (id, segment) => {
    const { asked } = await ask(() => Response.json({}), { id })
    expect(asked[0]?.url).toBe(`https://crm.example/customers/${segment}`)
  })

  test('carries the token in a header and follows nobody elsewhere', async () => {
    const { asked } = await ask(() => Response.json({}))
    expect(asked[0]?.init).toMatchObject({
      headers: { accept: 'application/json', authorization: 'Bearer secret-token' },
      redirect: 'error',
    })
    expect(asked[0]?.init.method ?? 'GET').toBe('GET')
    expect(asked[0]?.init.body).toBeUndefined()
  })
})

describe('an answer', () => {
  test('gives what is picked and nothing else', async () => {
    const body = { plan: { tier: 'gold', price: 9 }, seats: '12', email: 'ada@example.com' }
    expect((await ask(() => Response.json(body))).outcome).toEqual(
      answered({ tier: 'gold', seats: 12 }),
    )
  })

  test('without a value, or with null for it, has none', async () => {
    const { outcome } = await ask(() => Response.json({ plan: null, seats: null }))
    expect(outcome).toEqual(answered({}))
  })

  test('keeps what can be used and logs by name what cannot', async () => {
    const { outcome } = await ask(() => Response.json({ plan: { tier: 'platinum' }, seats: 3 }))
    expect(outcome).toEqual(
      answered({ seats: 3 }, [{ code: 'lookup_value_unusable', target: 'tier' }]),
    )
  })

  test('that there is no such customer is one', async () => {
    expect((await ask(() => new Response('gone', { status: 404 }))).outcome).toEqual(answered({}))
  })

  test.each<[string, () => Response, string]>([
    ['an error', () => new Response('', { status: 500 }), 'lookup_refused'],
    ['a wrong token', () => new Response('', { status: 401 }), 'lookup_refused'],
    ['nothing', () => new Response(null, { status: 204 }), 'lookup_refused'],
    ['a redirect', () => Response.redirect('https://evil.example/', 302), 'lookup_refused'],
    ['no JSON', () => new Response('<html>'), 'lookup_unreadable'],
    ['no body', () => new Response(null), 'lookup_unreadable'],
    ['a list', () => Response.json([{ seats: 1 }]), 'lookup_unreadable'],
    ['null', () => Response.json(null), 'lookup_unreadable'],
    ['unavailable without a time', () => new Response('', { status: 503 }), 'lookup_refused'],
    ['too many without a time', () => new Response('', { status: 429 }), 'lookup_limited'],
  ])('that is %s is a failure', async (_title, answer, code) => {
    expect((await ask(answer)).outcome).toEqual(failed(code))
  })

  test.each<[string, unknown]>([
    ['cannot be reached', new TypeError('fetch failed')],
    ['has a certificate nobody trusts', Object.assign(new Error('x'), { code: 'CERT' })],
    ['throws no error', 'a text'],
  ])('of a system that %s is a failure', async (_title, error) => {
    const { outcome } = await ask(() => {
      throw error
    })
    expect(outcome).toEqual(failed('lookup_failed'))
  })

  test('of the very limit is read, and one byte more is not', async () => {
    const body = (bytes: number) => `{"seats":1}${' '.repeat(bytes - 11)}`
    expect((await ask(() => new Response(body(MAX_ANSWER_BYTES)))).outcome).toEqual(
      answered({ seats: 1 }),
    )
    expect((await ask(() => new Response(body(MAX_ANSWER_BYTES + 1)))).outcome).toEqual(
      failed('lookup_too_large'),
    )
  })

  test('without an end is left', async () => {
    const cancel = jest.fn<() => void>()
    let chunks = 0
    const pull = (controller: ReadableStreamDefaultController) => {
      chunks += 1
      controller.enqueue(new Uint8Array(4096))
    }
    const { outcome } = await ask(() => new Response(endless({ pull, cancel })))
    expect(outcome).toEqual(failed('lookup_too_large'))
    expect(cancel).toHaveBeenCalledTimes(1)
    expect(chunks).toBeLessThan(10)
  })

  test('that is not read leaves its connection free', async () => {
    const cancel = jest.fn<() => void>()
    await ask(() => new Response(endless({ cancel }), { status: 500 }))
    expect(cancel).toHaveBeenCalledTimes(1)
  })
})

describe('a wait asked for', () => {
  test.each<[number, string, number]>([
    [429, '120', 120_000],
    [503, ' 30 ', 30_000],
    [429, 'Fri, 20 Nov 2026 10:00:00 GMT', HOUR],
    [429, '999999999', 24 * HOUR],
  ])('by status %d and "%s" is honoured', async (status, header, wait) => {
    const headers = { 'retry-after': header }
    const { outcome } = await ask(() => new Response('', { status, headers }))
    expect(outcome).toEqual({ kind: 'limited', retryAt: NOW.getTime() + wait })
  })

  test.each(['0', '-5', 'soon', 'Fri, 20 Nov 2026 08:00:00 GMT', '1e9'])(
    'by "%s" is none',
    async (header) => {
      const headers = { 'retry-after': header }
      const { outcome } = await ask(() => new Response('', { status: 429, headers }))
      expect(outcome).toEqual(failed('lookup_limited'))
    },
  )

  test('beside another status is none', async () => {
    const headers = { 'retry-after': '120' }
    const { outcome } = await ask(() => new Response('', { status: 500, headers }))
    expect(outcome).toEqual(failed('lookup_refused'))
  })
})

describe('a system that is too slow', () => {
  const never = () => new Promise<Response>(() => undefined)

  test('is left after its time, whether fetch listens or not', async () => {
    expect((await ask(never)).outcome).toEqual(failed('lookup_timed_out'))
  })

  test('gets the signal that ends the request', async () => {
    let aborted: AbortSignal | null | undefined
    await ask(({ signal }) => {
      aborted = signal
      return never()
    })
    expect(aborted?.aborted).toBe(true)
  })

  test('with its body is left too', async () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(1)),
    })
    expect((await ask(() => new Response(body))).outcome).toEqual(failed('lookup_timed_out'))
  })

  test('is left when the time of the Action is over before', async () => {
    const stop = new AbortController()
    stop.abort()
    const { outcome, asked } = await ask(never, { signal: stop.signal })
    expect(outcome).toEqual(failed('lookup_timed_out'))
    expect(asked).toEqual([])
  })
})

test('whatever is answered, there is an outcome, with nothing in it but what is picked', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(json, fc.record({ plan: json, seats: json })),
      fc.constantFrom(200, 200, 200, 404, 429, 500),
      async (body, status) => {
        const { outcome } = await ask(() => Response.json(body ?? null, { status }))
        if (outcome.kind === 'answered') {
          expect(['tier', 'seats']).toEqual(expect.arrayContaining(Object.keys(outcome.values)))
        }
      },
    ),
    RUNS,
  )
})
