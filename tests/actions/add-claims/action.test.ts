import { describe, expect, test } from '@jest/globals'
import * as action from '../../../actions/add-claims/action.ts'
import { manifest } from '../../../actions/add-claims/settings.ts'
import { runHandler } from '../../../local-tenant/api/run-handler.ts'
import { buildEvent } from '../../builders/event.ts'
import { runOnBroken } from '../run-on-broken.ts'

const { onExecutePostLogin } = action
const OURS = 'https://example.com/claims'

const user = {
  app_metadata: {
    customer_id: 'cus_1',
    terms: { version: '2026-11-01', accepted_at: '2026-11-02T10:00:00.000Z', locale: 'en' },
    idp: { department: 'Sales', groups: ['admins'] },
    private: 'not for applications',
  },
  user_metadata: { newsletter: false },
}

test('the application finds in both tokens what it asked for, and nothing is written', async () => {
  const run = await runHandler(
    onExecutePostLogin,
    buildEvent({ user, transaction: { requested_scopes: ['openid', 'profile', 'read:groups'] } }),
  )
  expect(run.outcome).toBe('completed')
  expect(run.result.idTokenClaims).toEqual({
    [`${OURS}/customer_id`]: 'cus_1',
    [`${OURS}/terms_version`]: '2026-11-01',
    [`${OURS}/department`]: 'Sales',
    [`${OURS}/newsletter`]: false,
  })
  expect(run.result.accessTokenClaims).toEqual({
    [`${OURS}/customer_id`]: 'cus_1',
    [`${OURS}/terms_version`]: '2026-11-01',
    [`${OURS}/groups`]: ['admins'],
  })
  expect(run.profileWrite).toBeUndefined()
  expect(run.logs).toEqual([])
})

test.each([
  ['asks for no scope', buildEvent({ user, transaction: { requested_scopes: [] } })],
  ['signs in where no scopes are', buildEvent({ user, transaction: undefined })],
])('an application that %s gets the claims without a gate only', async (_title, event) => {
  const { result } = await runHandler(onExecutePostLogin, event)
  const names = [`${OURS}/customer_id`, `${OURS}/terms_version`]
  expect(Object.keys(result.idTokenClaims)).toEqual(names)
  expect(Object.keys(result.accessTokenClaims)).toEqual(names)
})

test('a user without metadata gets no claim', async () => {
  const run = await runHandler(onExecutePostLogin, buildEvent())
  expect(run).toMatchObject({ outcome: 'completed', result: { commands: [] }, logs: [] })
})

describe('an event that cannot be', () => {
  test('fails open, as the manifest says', () => {
    expect(manifest.fails).toBe('open')
  })

  const whole = buildEvent()
  test.each<[string, unknown]>([
    ['has nothing in it', {}],
    ['has no user', { ...whole, user: undefined }],
    ['has no client', { ...whole, client: undefined }],
  ])('that %s sets nothing, and a line says so', async (_title, event) => {
    const { result, logs } = await runOnBroken(onExecutePostLogin, event)
    expect(result.commands).toEqual([])
    expect(logs).toEqual([expect.stringMatching(/^action_failed TypeError/)])
  })

  test.each([[[]], [null], ['a text'], [undefined]])(
    'that has %j for app_metadata still gets what user_metadata says',
    async (app_metadata) => {
      const event = { ...whole, user: { ...whole.user, ...user, app_metadata } }
      const { result } = await runOnBroken(onExecutePostLogin, event)
      expect(result.idTokenClaims).toEqual({ [`${OURS}/newsletter`]: false })
      expect(result.denied).toBeUndefined()
    },
  )
})

test('the handler is a native async function, and the only one: nobody is sent away', () => {
  expect(onExecutePostLogin.constructor.name).toBe('AsyncFunction')
  expect(Object.keys(action)).toEqual(['onExecutePostLogin'])
})
