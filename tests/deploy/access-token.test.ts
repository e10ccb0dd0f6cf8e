import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { requestAccessToken } from '../../deploy/access-token.ts'

const RETRIES = 2

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

/** Asks a token endpoint that answers these in turn, and then the last one for good. */
const ask = async (...answers: (number | string)[]) => {
  let requests = 0
  const fetch = async (): Promise<Response> => {
    const answer = answers[Math.min(requests, answers.length - 1)] ?? 500
    requests += 1
    if (typeof answer === 'string') {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: answer }) })
    }
    return Response.json(answer === 200 ? { access_token: 'token' } : { error: 'no' }, {
      status: answer,
    })
  }
  const connection = {
    domain: 'example.eu.auth0.com',
    credentials: { kind: 'secret' as const, clientId: 'id', clientSecret: 'secret' },
  }
  const asked = requestAccessToken(connection, { fetch, retries: RETRIES }).catch(
    (error: unknown) => (error as { code: string }).code,
  )
  await jest.runAllTimersAsync()
  return { token: await asked, requests }
}

test.each([
  ['500', 500, 'tenant_failed'],
  ['429', 429, 'rate_limited'],
  ['a dropped connection', 'ECONNRESET', 'tenant_failed'],
])('%s that stays is asked as often as it may be, and no more', async (_, answer, code) => {
  expect(await ask(answer)).toEqual({ token: code, requests: RETRIES + 1 })
})

test.each([500, 429, 'ECONNRESET'])('%s once is asked again', async (answer) => {
  expect(await ask(answer, 200)).toEqual({ token: 'token', requests: 2 })
})

test.each([
  [400, 'bad_credentials'],
  [401, 'bad_credentials'],
  [403, 'bad_credentials'],
  ['ENOTFOUND', 'domain_wrong'],
])('%s is asked once', async (answer, code) => {
  expect(await ask(answer)).toEqual({ token: code, requests: 1 })
})

test('a token is asked for with the credentials, for the Management API of this tenant', async () => {
  const seen: unknown[] = []
  await requestAccessToken(
    {
      domain: 'example.eu.auth0.com',
      credentials: { kind: 'secret', clientId: 'id', clientSecret: 'secret' },
    },
    {
      fetch: (url, init) => {
        seen.push(url, init?.method, Object.fromEntries(init?.body as URLSearchParams))
        return Promise.resolve(Response.json({ access_token: 'token' }))
      },
      retries: 0,
    },
  )
  expect(seen).toEqual([
    'https://example.eu.auth0.com/oauth/token',
    'POST',
    {
      grant_type: 'client_credentials',
      client_id: 'id',
      client_secret: 'secret',
      audience: 'https://example.eu.auth0.com/api/v2/',
    },
  ])
})
