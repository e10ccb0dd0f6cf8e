import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import * as action from '../../../actions/enrich-profile/action.ts'
import { manifest } from '../../../actions/enrich-profile/settings.ts'
import { runHandler } from '../../../local-tenant/api/run-handler.ts'
import { buildEvent } from '../../builders/event.ts'
import { runOnBroken } from '../run-on-broken.ts'

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

const newUser = buildEvent({
  user: {
    app_metadata: { plan: 'gold' },
    user_metadata: { newsletter: 'true', birth_year: ' 1990 ', company: ' Ltd ', theirs: 'true' },
  },
})

test('a new user gets typed fields, a customer id and a day, in one write', async () => {
  const run = await runHandler(onExecutePostLogin, newUser)
  expect(run.outcome).toBe('completed')
  expect(run.state.user.user_metadata).toEqual({
    newsletter: true,
    birth_year: 1990,
    company: 'Ltd',
    theirs: 'true',
  })
  expect(run.state.user.app_metadata).toEqual({
    plan: 'gold',
    customer_id: expect.stringMatching(/^cus_[0-9a-f]{24}$/),
    tasks: { assign_customer_id: '2026-11-20T23:59:59.999Z' },
    activity: { last_seen: '2026-11-20' },
  })
  expect(run.logs).toEqual([])
})

test('signs in again without a write that day, and with one of the day alone after midnight', async () => {
  const first = await runHandler(onExecutePostLogin, newUser)
  const again = await runHandler(onExecutePostLogin, { ...newUser, user: first.state.user })
  jest.setSystemTime(new Date('2026-11-21T00:00:00.000Z'))
  const tomorrow = await runHandler(onExecutePostLogin, { ...newUser, user: first.state.user })
  jest.setSystemTime(new Date('2026-11-20T23:59:59.999Z'))

  expect(again.result.commands).toEqual([])
  expect(again.profileWrite).toBeUndefined()
  expect(tomorrow.profileWrite).toEqual({
    app_metadata: { activity: { last_seen: '2026-11-21' } },
  })
})

test('a field that cannot be read stays, with a line that does not repeat it', async () => {
  const event = buildEvent({ user: { user_metadata: { birth_year: 'ask grace@example.com' } } })
  const run = await runHandler(onExecutePostLogin, event)
  expect(run.state.user.user_metadata).toEqual({ birth_year: 'ask grace@example.com' })
  expect(run.logs.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^sign_up_field_unusable user_metadata\.birth_year client=/),
  ])
  expect(run.logs[0]?.message).not.toContain('grace')
})

describe('an event that cannot be', () => {
  test('fails open, as the manifest says', () => {
    expect(manifest.fails).toBe('open')
  })

  test.each<[string, unknown]>([
    ['has nothing in it', {}],
    ['has no user', { ...newUser, user: undefined }],
    ['has no user_id', { ...newUser, user: { ...newUser.user, user_id: undefined } }],
  ])('that %s changes nothing, and a line says so', async (_title, event) => {
    const { result, logs } = await runOnBroken(onExecutePostLogin, event)
    expect(result.commands).toEqual([])
    expect(logs.join('\n')).toMatch(/^(?:action_failed|metadata_unreadable) /)
    expect(result.denied).toBeUndefined()
  })

  test.each([[[]], [null], ['a text']])(
    'that has %j for app_metadata still gets its sign-up fields read',
    async (app_metadata) => {
      const event = { ...newUser, user: { ...newUser.user, app_metadata } }
      const { result, logs } = await runOnBroken(onExecutePostLogin, event)
      expect(result.app_metadata).toEqual({})
      expect(result.user_metadata).toEqual({ newsletter: true, birth_year: 1990, company: 'Ltd' })
      expect(logs.join()).toMatch(/^metadata_unreadable app_metadata\.customer_id /)
    },
  )
})

test('the handler is a native async function, and the only one: nobody is sent away', () => {
  expect(onExecutePostLogin.constructor.name).toBe('AsyncFunction')
  expect(Object.keys(action)).toEqual(['onExecutePostLogin'])
})
