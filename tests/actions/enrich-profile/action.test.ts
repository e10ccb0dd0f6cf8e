import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals'
import * as action from '../../../actions/enrich-profile/action.ts'
import { manifest } from '../../../actions/enrich-profile/manifest.ts'
import { runHandler } from '../../../local-tenant/api/run-handler.ts'
import { buildEvent, type EventOverrides } from '../../../test-kit/actions/event.ts'
import { runOnBroken } from '../../../test-kit/actions/run-on-broken.ts'

const { onExecutePostLogin } = action

beforeAll(() => {
  jest.useFakeTimers({
    now: new Date('2026-11-20T23:59:59.999Z'),
    doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setInterval', 'setTimeout'],
  })
})
afterAll(() => {
  jest.useRealTimers()
})

const asked: string[] = []
const answer = jest.fn<() => Promise<Response>>()
const realFetch = globalThis.fetch
beforeEach(() => {
  asked.length = 0
  answer.mockReset()
  answer.mockImplementation(async () =>
    Response.json({ tier: 'gold', account_manager: 'Mira', birthday: '1984-01-01' }),
  )
  globalThis.fetch = async (url) => {
    asked.push((url as URL).href)
    return answer()
  }
})
afterEach(() => {
  globalThis.fetch = realFetch
})

const secrets = { CUSTOMER_URL: 'https://crm.example.com/customers', CUSTOMER_TOKEN: 'a-token' }

const newUser = buildEvent({
  secrets,
  transaction: { ui_locales: ['de-CH'] },
  user: {
    app_metadata: { plan: 'gold' },
    user_metadata: { newsletter: 'true', birth_year: ' 1990 ', company: ' Ltd ', theirs: 'true' },
  },
})

const ACTIVITY = {
  first_seen: '2026-11-20',
  last_seen: '2026-11-20',
  last_connection: 'Username-Password-Authentication',
}

test('a new user gets typed fields, a customer id, what is known of it, a language and a day, in one write', async () => {
  const run = await runHandler(onExecutePostLogin, newUser)
  expect(run.outcome).toBe('completed')
  expect(run.state.user.user_metadata).toEqual({
    newsletter: true,
    birth_year: 1990,
    company: 'Ltd',
    theirs: 'true',
    preferred_language: 'de',
  })
  const { customer_id } = run.state.user.app_metadata
  expect(run.state.user.app_metadata).toEqual({
    plan: 'gold',
    customer_id: expect.stringMatching(/^cus_[0-9a-f]{24}$/),
    tasks: { assign_customer_id: '2026-11-20T23:59:59.999Z' },
    lookups: {
      customer: { tier: 'gold', account_manager: 'Mira', fetched_at: '2026-11-20T23:59:59.999Z' },
    },
    activity: ACTIVITY,
  })
  expect(asked).toEqual([`https://crm.example.com/customers/${String(customer_id)}`])
  expect(run.logs).toEqual([])
})

test('signs in again without a write or a request that day, and with one of the day alone after midnight', async () => {
  const first = await runHandler(onExecutePostLogin, newUser)
  const again = await runHandler(onExecutePostLogin, { ...newUser, user: first.state.user })
  jest.setSystemTime(new Date('2026-11-21T00:00:00.000Z'))
  const tomorrow = await runHandler(onExecutePostLogin, { ...newUser, user: first.state.user })
  jest.setSystemTime(new Date('2026-11-20T23:59:59.999Z'))

  expect(again.result.commands).toEqual([])
  expect(again.profileWrite).toBeUndefined()
  expect(tomorrow.profileWrite).toEqual({
    app_metadata: { activity: { ...ACTIVITY, last_seen: '2026-11-21' } },
  })
  expect(asked).toHaveLength(1)
})

test('a field that cannot be used is gone, with a line that does not repeat it', async () => {
  const event = buildEvent({
    secrets,
    user: { user_metadata: { birth_year: 'ask grace@example.com' } },
  })
  const run = await runHandler(onExecutePostLogin, event)
  expect(run.state.user.user_metadata).toEqual({ preferred_language: 'en' })
  expect(run.logs.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^sign_up_field_unusable user_metadata\.birth_year client=/),
  ])
  expect(run.logs[0]?.message).not.toContain('grace')
})

describe('the system that is asked', () => {
  test.each<[string, () => Promise<Response>, RegExp]>([
    ['is down', async () => Promise.reject(new TypeError('fetch failed')), /^lookup_failed /],
    ['answers junk', async () => new Response('<html>'), /^lookup_unreadable /],
    ['is overloaded', async () => new Response('', { status: 429 }), /^lookup_limited /],
  ])('%s: the sign-in goes on with everything else', async (_title, answers, line) => {
    answer.mockImplementation(answers)
    const run = await runHandler(onExecutePostLogin, newUser)
    expect(run.outcome).toBe('completed')
    expect(run.state.user.app_metadata).toMatchObject({ activity: ACTIVITY })
    expect(run.state.user.app_metadata).not.toHaveProperty('lookups')
    expect(run.state.user.user_metadata).toMatchObject({ newsletter: true })
    expect(run.logs.map(({ message }) => message)).toEqual([expect.stringMatching(line)])
  })

  test('without its secrets is off', async () => {
    const run = await runHandler(onExecutePostLogin, { ...newUser, secrets: {} })
    expect(asked).toEqual([])
    expect(run.logs.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^lookup_off lookups\.customer /),
    ])
  })

  test('is left alone for a while by whoever shares the cache', async () => {
    answer.mockImplementation(async () => new Response('', { status: 500 }))
    const run = await runHandler(onExecutePostLogin, newUser)
    expect(run.result.cacheChanges).toEqual([
      {
        key: 'enrich-profile:customer',
        record: expect.objectContaining({ expires_at: Date.parse('2026-11-21T00:00:29.999Z') }),
      },
    ])
  })
})

test('a refresh-token exchange begins no task and asks nobody', async () => {
  const run = await runHandler(onExecutePostLogin, {
    ...newUser,
    transaction: { metadata: {}, protocol: 'oauth2-refresh-token', ui_locales: ['de'] },
  })
  expect(asked).toEqual([])
  expect(run.state.user.app_metadata).toEqual({ plan: 'gold', activity: ACTIVITY })
  expect(run.state.user.user_metadata).not.toHaveProperty('preferred_language')
})

describe('the preferred language', () => {
  const languageOf = async (overrides: EventOverrides) =>
    (await runHandler(onExecutePostLogin, buildEvent({ secrets, ...overrides }))).state.user
      .user_metadata['preferred_language']

  test.each<[string, EventOverrides, string | undefined]>([
    [
      'what the identity provider says first',
      { user: { locale: 'de_DE' }, transaction: { ui_locales: ['en'] } },
      'de',
    ],
    [
      'what the application asked for before what the browser does',
      { transaction: { ui_locales: ['en'] }, request: { language: 'de' } },
      'en',
    ],
    ['what the browser asks for', { request: { language: 'fr, de-AT;q=0.9, en;q=0.1' } }, 'de'],
    [
      'not the language of the login pages, which the tenant chose',
      { transaction: { locale: 'de' }, request: { language: undefined } },
      undefined,
    ],
    [
      'not the language of a server',
      { transaction: { protocol: 'oauth2-password' }, request: { language: 'de' } },
      undefined,
    ],
    ['nothing where there is no transaction', { transaction: undefined }, undefined],
  ])('is %s', async (_title, overrides, language) => {
    expect(await languageOf(overrides)).toBe(language)
  })
})

describe('an event that cannot be', () => {
  test('fails open, as the manifest says', () => {
    expect(manifest.fails).toBe('open')
  })

  test.each<[string, unknown]>([
    ['has nothing in it', {}],
    ['has no user', { ...newUser, user: undefined }],
    ['has no secrets', { ...newUser, secrets: undefined }],
  ])('that %s changes nothing, and a line says so', async (_title, event) => {
    const { result, logs } = await runOnBroken(onExecutePostLogin, event)
    expect(result.commands).toEqual([])
    expect(logs.join('\n')).toMatch(/^(?:action_failed|metadata_unreadable) /)
    expect(result.denied).toBeUndefined()
  })

  test('that has no user_id gets no customer id, and everything else', async () => {
    const event = { ...newUser, user: { ...newUser.user, user_id: undefined } }
    const { result, logs } = await runOnBroken(onExecutePostLogin, event)
    expect(result.app_metadata).toEqual({ activity: ACTIVITY })
    expect(logs).toEqual([expect.stringMatching(/^task_failed assign_customer_id /)])
  })

  test.each([[[]], [null], ['a text']])(
    'that has %j for app_metadata still gets its sign-up fields read',
    async (app_metadata) => {
      const event = { ...newUser, user: { ...newUser.user, app_metadata } }
      const { result, logs } = await runOnBroken(onExecutePostLogin, event)
      expect(result.app_metadata).toEqual({})
      expect(result.user_metadata).toMatchObject({
        newsletter: true,
        birth_year: 1990,
        company: 'Ltd',
      })
      expect(logs.join()).toMatch(/^metadata_unreadable app_metadata\.activity /)
      expect(asked).toEqual([])
    },
  )
})

test('the handler is a native async function, and the only one: nobody is sent away', () => {
  expect(onExecutePostLogin.constructor.name).toBe('AsyncFunction')
  expect(Object.keys(action)).toEqual(['onExecutePostLogin'])
})
