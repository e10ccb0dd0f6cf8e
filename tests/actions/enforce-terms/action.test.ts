import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Event } from '@auth0/actions-types/post-login/v3'
import { jwtVerify, SignJWT } from 'jose'
import { onContinuePostLogin, onExecutePostLogin } from '../../../actions/enforce-terms/action.ts'
import { manifest } from '../../../actions/enforce-terms/manifest.ts'
import { runHandler } from '../../../local-tenant/api/run-handler.ts'
import { buildEvent, type EventOverrides } from '../../../test-kit/actions/event.ts'
import { runOnBroken } from '../../../test-kit/actions/run-on-broken.ts'

const KEY = 'k3J9-vQ0s_Lw7ZxB2nT5yR8mD1cF4gHa'
const PREVIOUS_KEY = 'Zp6uE0hY-iW3oC9lN_qA7tX2vS5bG8dM'
const WRONG_KEY = 'a key of somebody who never saw ours, 0123456789'
const URL_OF_TERMS = 'https://portal.example.com/terms'
const STATE = 'state-that-auth0-gave'
const NOW = '2026-11-20T09:00:00.000Z'

const SECRETS = {
  TERMS_URL: URL_OF_TERMS,
  TERMS_TOKEN_SECRET: KEY,
  TERMS_TOKEN_SECRET_PREVIOUS: PREVIOUS_KEY,
}
const HASH = 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is'
const BEFORE = { accepted_at: '2025-02-01T10:00:00.000Z', locale: 'en' }

/** A record whose first document was accepted in this version, and the others long ago. */
const holding = (version: string) => ({
  version,
  ...BEFORE,
  documents: {
    'terms-of-service': { version, ...BEFORE },
    'privacy-policy': { version: '2025-01-15', ...BEFORE },
    'product-news': { version: '2025-01-15', ...BEFORE },
  },
})
const ACCEPTED = holding('2026-11-01')
const OLD = holding('2025-01-15')

beforeAll(() => {
  jest.useFakeTimers({
    now: new Date(NOW),
    doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setInterval', 'setTimeout'],
  })
})
afterAll(() => {
  jest.useRealTimers()
})

const eventOf = (overrides: EventOverrides = {}): Event =>
  buildEvent({ secrets: SECRETS, ...overrides })

const bytes = (key: string) => new TextEncoder().encode(key)

const UNTOUCHED = {
  app_metadata: {},
  user_metadata: {},
  idTokenClaims: {},
  accessTokenClaims: {},
}

/** The first half: from the sign-in to the Terms page, which reads the token. */
const beginAt = async (event: Event) => {
  const run = await runHandler(onExecutePostLogin, event)
  expect(run.outcome).toBe('redirected')
  const token = new URL(run.result.redirect?.url ?? '').searchParams.get('session_token') ?? ''
  const { payload } = await jwtVerify(token, bytes(KEY), {
    algorithms: ['HS256'],
    currentDate: new Date(NOW),
  })
  return { run, token, request: payload }
}

type Answer = Record<string, unknown>

const sign = (claims: Answer, key = KEY) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(bytes(key))

/** The second half: the page's answer comes back through `/continue`. */
const continueWith = async (
  event: Event,
  begun: Awaited<ReturnType<typeof beginAt>>,
  session_token: string | undefined,
  overrides: EventOverrides = {},
) =>
  runHandler(
    onContinuePostLogin,
    eventOf({
      ...overrides,
      transaction: { ...event.transaction, metadata: begun.run.result.transactionMetadata ?? {} },
      user: { ...event.user, ...overrides.user },
      request: {
        method: 'POST',
        query: { state: STATE },
        body: { state: STATE, ...(session_token === undefined ? {} : { session_token }) },
      },
    }),
    { handler: 'onContinuePostLogin' },
  )

/** What the page says of each document it was asked for. */
const answersTo = (request: Answer, answer: unknown = 'accepted') =>
  (request['documents'] as { id: string; version: string }[]).map(({ id, version }) => ({
    id,
    version,
    answer,
    locale: 'en',
    hash: HASH,
  }))

const answerTo = (request: Answer, changes: Answer = {}): Answer => {
  const answer: Answer = {
    iat: request['iat'],
    exp: Number(request['iat']) + 120,
    iss: request['iss'],
    sub: request['sub'],
    state: STATE,
    purpose: 'terms_answer',
    nonce: request['nonce'],
    answers: answersTo(request),
    ...changes,
  }
  return Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== undefined))
}

describe('a user who accepted the version in force', () => {
  test.each([
    ['signs in', {}],
    ['signs in silently', { request: { query: { prompt: 'none' } } }],
    ['exchanges a refresh token', { transaction: { protocol: 'oauth2-refresh-token' } }],
    ['gives the password to the application', { transaction: { protocol: 'oauth2-password' } }],
    ['signs in while there are no secrets', { secrets: {} }],
  ] as [string, EventOverrides][])('%s, and nothing happens', async (_title, overrides) => {
    const event = eventOf({ user: { app_metadata: { terms: ACCEPTED } }, ...overrides })
    const run = await runHandler(onExecutePostLogin, event)
    expect(run.outcome).toBe('completed')
    expect(run.result.commands).toEqual([])
    expect(run.logs).toEqual([])
    expect(run.profileWrite).toBeUndefined()
  })
})

describe('a user who accepted an older version', () => {
  const event = eventOf({ user: { app_metadata: { terms: OLD, plan: 'gold' } } })

  test('is sent to the Terms page, and nothing is written', async () => {
    const { run } = await beginAt(event)
    const { origin, pathname, searchParams } = new URL(run.result.redirect?.url ?? '')
    expect(origin + pathname).toBe(URL_OF_TERMS)
    expect([...searchParams.keys()]).toEqual(['session_token'])
    expect(run.result).toMatchObject(UNTOUCHED)
    expect(run.result.denied).toBeUndefined()
    expect(run.profileWrite).toBeUndefined()
  })

  test('brings a token along that says what is asked, for half an hour, and nothing personal', async () => {
    const { request, token } = await beginAt(event)
    expect(request).toEqual({
      iat: Date.parse(NOW) / 1000,
      exp: Date.parse(NOW) / 1000 + 1800,
      iss: 'login.example.com',
      sub: event.user.user_id,
      ip: '192.0.2.10',
      purpose: 'terms_request',
      nonce: expect.stringMatching(/^[\w-]{22}$/),
      documents: [
        { id: 'terms-of-service', version: '2026-11-01', required: true, previous: '2025-01-15' },
      ],
      locales: ['en'],
      client_name: 'Web shop',
      hash_characters: 32,
    })
    const said = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
    expect(said).not.toContain(event.user.email)
    expect(said).not.toContain(KEY)
  })

  test('gets a nonce of their own at each sign-in', async () => {
    const first = await beginAt(event)
    const second = await beginAt(event)
    expect(first.request['nonce']).not.toBe(second.request['nonce'])
    expect(first.run.result.transactionMetadata).toEqual({
      terms_nonce: first.request['nonce'],
      terms_asked: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  test('is redirected with prompt=none too, which Auth0 turns into interaction_required', async () => {
    const silent = eventOf({
      user: { app_metadata: { terms: OLD } },
      request: { query: { prompt: 'none' } },
      transaction: { prompt: ['none'] },
    })
    const run = await runHandler(onExecutePostLogin, silent)
    expect(run.outcome).toBe('redirected')
    expect(run.result.commands.map(({ name }) => name)).not.toContain('redirect.canRedirect')
  })

  test('may exchange refresh tokens within the grace period, and a line says so', async () => {
    const exchange = eventOf({
      user: { app_metadata: { terms: OLD } },
      transaction: { protocol: 'oauth2-refresh-token' },
    })
    jest.setSystemTime(new Date('2026-11-14T23:59:59.999Z'))
    const within = await runHandler(onExecutePostLogin, exchange)
    jest.setSystemTime(new Date(NOW))
    const after = await runHandler(onExecutePostLogin, exchange)

    expect(within).toMatchObject({ outcome: 'completed', result: { commands: [] } })
    expect(within.logs.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^terms_grace terms-of-service@2026-11-01 /),
    ])
    expect(after).toMatchObject({ outcome: 'denied' })
    expect(after.reason).toMatch(/^terms_interaction_required: /)
  })

  test.each([
    ['with a password', { transaction: { protocol: 'oauth2-password' } }],
    ['by token exchange', { transaction: { protocol: 'oauth2-token-exchange' } }],
    ['in a way that Auth0 does not name', { transaction: undefined }],
  ] as [string, EventOverrides][])(
    'is denied %s, without a redirect',
    async (_title, overrides) => {
      const run = await runHandler(
        onExecutePostLogin,
        eventOf({ user: { app_metadata: { terms: OLD } }, ...overrides }),
      )
      expect(run.outcome).toBe('denied')
      expect(run.reason).toMatch(/^terms_interaction_required: /)
      expect(run.result.redirect).toBeUndefined()
      expect(run.result).toMatchObject(UNTOUCHED)
      expect(run.result.transactionMetadata).toBeUndefined()
    },
  )

  test.each([
    ['without a key', { TERMS_URL: URL_OF_TERMS }, 'terms_key_missing'],
    ['with a short key', { ...SECRETS, TERMS_TOKEN_SECRET: 'short' }, 'terms_key_weak'],
    ['with http', { ...SECRETS, TERMS_URL: 'http://portal.example.com' }, 'terms_url_invalid'],
  ])('is denied %s, and no token is signed', async (_title, secrets, code) => {
    const run = await runHandler(onExecutePostLogin, buildEvent({ secrets }))
    expect(run.outcome).toBe('denied')
    expect(run.reason).toContain(`${code}: `)
    expect(run.result.commands.map(({ name }) => name)).toEqual(['access.deny'])
    expect(run.logs.map(({ message }) => message).join()).not.toContain('short')
  })
})

describe('a user who may answer an optional document', () => {
  const documents = { ...ACCEPTED.documents, 'product-news': undefined }
  const silent = (overrides: EventOverrides) =>
    runHandler(
      onExecutePostLogin,
      eventOf({ user: { app_metadata: { terms: { ...ACCEPTED, documents } } }, ...overrides }),
    )

  test('is asked', async () => {
    expect(await silent({})).toMatchObject({ outcome: 'redirected' })
  })

  test.each<[string, EventOverrides]>([
    ['the query', { request: { query: { prompt: 'none' } } }],
    ['the transaction', { transaction: { prompt: ['none'] } }],
  ])('is not where %s says that no page may be shown', async (_title, overrides) => {
    expect(await silent(overrides)).toMatchObject({
      outcome: 'completed',
      result: { commands: [] },
    })
  })
})

test('the name of the application is cut, so that the token stays short', async () => {
  const { request } = await beginAt(eventOf({ client: { name: 'x'.repeat(200) } }))
  expect(request['client_name']).toBe('x'.repeat(80))
})

test('the locales are those of the application, then of Auth0, then of the browser', async () => {
  const { request } = await beginAt(
    eventOf({
      transaction: { ui_locales: ['pt-BR', '<b>', 'de'], locale: 'de' },
      request: { language: 'fr' },
    }),
  )
  expect(request['locales']).toEqual(['pt-BR', 'de', 'fr'])
})

describe('the way back', () => {
  const event = eventOf({ user: { app_metadata: { terms: OLD, plan: 'gold' } } })

  test('with an acceptance records it, keeps the rest and lets the user in', async () => {
    const begun = await beginAt(event)
    const run = await continueWith(event, begun, await sign(answerTo(begun.request)))
    expect(run.outcome).toBe('completed')
    expect(run.state.user.app_metadata).toEqual({
      plan: 'gold',
      terms: {
        version: '2026-11-01',
        accepted_at: NOW,
        locale: 'en',
        documents: {
          ...OLD.documents,
          'terms-of-service': {
            version: '2026-11-01',
            accepted_at: NOW,
            locale: 'en',
            hash: HASH,
            client: event.client.client_id,
          },
        },
        history: [{ id: 'terms-of-service', version: '2025-01-15', ...BEFORE }],
      },
    })
    expect(run.state.user.user_metadata).toEqual({})
    expect(run.profileWrite).toEqual({ app_metadata: { terms: expect.anything() } })
    expect(run.result.redirect).toBeUndefined()
    expect(run.result.transactionMetadata).toEqual({})
    expect(run.logs).toEqual([])
  })

  test('is not asked for again at the next sign-in', async () => {
    const begun = await beginAt(event)
    const { state } = await continueWith(event, begun, await sign(answerTo(begun.request)))
    const next = await runHandler(onExecutePostLogin, { ...event, user: state.user })
    expect(next).toMatchObject({ outcome: 'completed', result: { commands: [] } })
  })

  test('takes an answer signed with the previous key while keys are rotated', async () => {
    const begun = await beginAt(event)
    const answer = await sign(answerTo(begun.request), PREVIOUS_KEY)
    expect(await continueWith(event, begun, answer)).toMatchObject({ outcome: 'completed' })
  })

  test('refuses the previous key when it is too short to be one', async () => {
    const begun = await beginAt(event)
    const answer = await sign(answerTo(begun.request), 'short')
    const run = await continueWith(event, begun, answer, {
      secrets: { ...SECRETS, TERMS_TOKEN_SECRET_PREVIOUS: 'short' },
    })
    expect(run.reason).toMatch(/^terms_answer_invalid: /)
  })

  test('with a refusal ends the sign-in, and the refusal is kept beside the acceptance', async () => {
    const begun = await beginAt(event)
    const answers = answersTo(begun.request, 'declined')
    const answer = await sign(answerTo(begun.request, { answers }))
    const run = await continueWith(event, begun, answer)
    expect(run.outcome).toBe('denied')
    expect(run.reason).toMatch(/^terms_declined: /)
    expect(run.state.user.app_metadata).toMatchObject({
      plan: 'gold',
      terms: {
        version: '2025-01-15',
        documents: { 'terms-of-service': { version: '2026-11-01', declined_at: NOW } },
        history: [{ id: 'terms-of-service', version: '2025-01-15', ...BEFORE }],
      },
    })
  })

  test.each<[string, (request: Answer, token: string) => Promise<string | undefined>]>([
    ['nothing', async () => undefined],
    ['no token', async () => 'accepted'],
    ['the token that went out', async (_request, token) => token],
    [
      'the token that went out, signed again with state',
      (request) => sign({ ...request, state: STATE }),
    ],
    [
      'the token that went out, signed again as an acceptance',
      (request) => sign({ ...request, state: STATE, answers: answersTo(request) }),
    ],
    ['an answer signed with another key', (request) => sign(answerTo(request), WRONG_KEY)],
    [
      'an answer without a signature',
      async (request) =>
        `${[{ alg: 'none', typ: 'JWT' }, answerTo(request)]
          .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
          .join('.')}.`,
    ],
    ['an answer for another user', (request) => sign(answerTo(request, { sub: 'auth0|other' }))],
    ['an answer for another tenant', (request) => sign(answerTo(request, { iss: 'evil.example' }))],
    ['an answer for another state', (request) => sign(answerTo(request, { state: 'other' }))],
    ['an answer that expired', (request) => sign(answerTo(request, { exp: request['iat'] }))],
    ['an answer that never expires', (request) => sign(answerTo(request, { exp: undefined }))],
    [
      'the answer of another sign-in',
      (request) => sign(answerTo(request, { nonce: 'nonce-of-another-login' })),
    ],
    ['an answer without a nonce', (request) => sign(answerTo(request, { nonce: undefined }))],
    [
      'an answer that only says true',
      (request) => sign(answerTo(request, { answers: answersTo(request, true) })),
    ],
    ['an answer about nothing', (request) => sign(answerTo(request, { answers: [] }))],
  ])('with %s ends the sign-in and records nothing', async (_title, answer) => {
    const begun = await beginAt(event)
    const run = await continueWith(event, begun, await answer(begun.request, begun.token))
    expect(run.outcome).toBe('denied')
    expect(run.reason).toMatch(/^terms_answer_invalid: /)
    expect(run.profileWrite).toBeUndefined()
    expect(run.result.redirect).toBeUndefined()
  })

  test('with a right token in both places ends the sign-in', async () => {
    const begun = await beginAt(event)
    const session_token = await sign(answerTo(begun.request))
    const twice = eventOf({
      user: event.user,
      transaction: { ...event.transaction, metadata: begun.run.result.transactionMetadata ?? {} },
      request: { query: { state: STATE, session_token }, body: { session_token } },
    })
    const run = await runHandler(onContinuePostLogin, twice, { handler: 'onContinuePostLogin' })
    expect(run.reason).toMatch(/^terms_answer_invalid: /)
  })

  test('without the nonce in the transaction ends the sign-in', async () => {
    const begun = await beginAt(event)
    const forgotten = { ...begun, run: { ...begun.run, result: { ...begun.run.result } } }
    delete forgotten.run.result.transactionMetadata
    const run = await continueWith(event, forgotten, await sign(answerTo(begun.request)))
    expect(run.reason).toMatch(/^terms_answer_invalid: /)
  })

  test('after the secrets were taken away ends the sign-in', async () => {
    const begun = await beginAt(event)
    const bare = buildEvent({ ...event, secrets: {}, request: { body: {}, query: {} } })
    const run = await runHandler(
      onContinuePostLogin,
      {
        ...bare,
        secrets: {},
        request: {
          ...bare.request,
          query: { state: STATE },
          body: { session_token: await sign(answerTo(begun.request)) },
        },
      },
      { handler: 'onContinuePostLogin' },
    )
    expect(run.reason).toMatch(/^terms_answer_invalid: /)
  })
})

describe('an event that cannot be', () => {
  test('fails closed, as the manifest says', () => {
    expect(manifest.fails).toBe('closed')
  })

  const whole = eventOf()
  const broken: [string, unknown][] = [
    ['has nothing in it', {}],
    ['has no user', { ...whole, user: undefined }],
    ['has no client', { ...whole, client: undefined }],
    ['has no secrets', { ...whole, secrets: undefined }],
    ['has no request', { ...whole, request: undefined }],
    ['has a list for app_metadata', { ...whole, user: { ...whole.user, app_metadata: [] } }],
    ['has null for app_metadata', { ...whole, user: { ...whole.user, app_metadata: null } }],
    ['has a number for locales', { ...whole, transaction: { ui_locales: 7 } }],
  ]

  test.each(broken)('that %s is denied at the sign-in, in so many words', async (_title, event) => {
    const { result, logs } = await runOnBroken(onExecutePostLogin, event)
    expect(result.denied?.reason).toMatch(/^(?:action_failed|terms_[a-z_]+): /)
    expect(result).toMatchObject({ ...UNTOUCHED, commands: [{ name: 'access.deny' }] })
    expect(logs.join()).not.toContain('@')
  })

  test.each(broken)('that %s is denied on the way back', async (_title, event) => {
    const { result } = await runOnBroken(onContinuePostLogin, event)
    expect(result.denied?.reason).toMatch(/^(?:action_failed|terms_[a-z_]+): /)
    expect(result).toMatchObject(UNTOUCHED)
  })
})

test('both handlers are native async functions, the only ones that Auth0 takes', () => {
  expect(onExecutePostLogin.constructor.name).toBe('AsyncFunction')
  expect(onContinuePostLogin.constructor.name).toBe('AsyncFunction')
})
