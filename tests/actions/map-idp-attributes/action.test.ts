import { describe, expect, test } from '@jest/globals'
import * as action from '../../../actions/map-idp-attributes/action.ts'
import { manifest } from '../../../actions/map-idp-attributes/manifest.ts'
import { runHandler } from '../../../local-tenant/api/run-handler.ts'
import { buildEvent, type EventOverrides } from '../../../test-kit/actions/event.ts'
import { runOnBroken } from '../../../test-kit/actions/run-on-broken.ts'

const { onExecutePostLogin } = action

const samlUser = (overrides: EventOverrides['user'] = {}, rest: EventOverrides = {}) =>
  buildEvent({
    connection: { id: 'con_1', name: 'corp', strategy: 'samlp' },
    user: {
      user_id: 'samlp|corp|ada',
      identities: [{ connection: 'corp', provider: 'samlp', user_id: 'corp|ada' }],
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/department': 'Sales',
      employee_number: '1001',
      groups: ['staff', 'admins'],
      ...overrides,
    },
    ...rest,
  })

const MAPPED = { department: 'Sales', employee_number: '1001', groups: ['admins', 'staff'] }

test('what the identity provider said is kept under our own key, and nothing else changes', async () => {
  const event = samlUser({ app_metadata: { plan: 'gold', idp: { theirs: 1 } } })
  const run = await runHandler(onExecutePostLogin, event)
  expect(run.outcome).toBe('completed')
  expect(run.state.user.app_metadata).toEqual({ plan: 'gold', idp: { ...MAPPED, theirs: 1 } })
  expect(run.state.user.user_metadata).toEqual({})
  expect(run.result.commands.map(({ name }) => name)).toEqual(['user.setAppMetadata'])
  expect(run.logs).toEqual([])
})

test('the next sign-in with nothing new writes nothing', async () => {
  const first = await runHandler(onExecutePostLogin, samlUser())
  const { app_metadata } = first.state.user
  const second = await runHandler(
    onExecutePostLogin,
    samlUser({ app_metadata, groups: ['admins', 'staff'] }),
  )
  expect(second.result.commands).toEqual([])
  expect(second.profileWrite).toBeUndefined()
})

test('a refresh-token exchange writes nothing, whatever lies on the profile', async () => {
  const run = await runHandler(
    onExecutePostLogin,
    samlUser({}, { transaction: { protocol: 'oauth2-refresh-token' } }),
  )
  expect(run).toMatchObject({ outcome: 'completed', result: { commands: [] }, logs: [] })
})

test('an attribute that cannot be used is left out with a line that does not repeat it', async () => {
  const run = await runHandler(onExecutePostLogin, samlUser({ groups: [{ name: 'grace@x.org' }] }))
  expect(run.state.user.app_metadata).toEqual({
    idp: { department: 'Sales', employee_number: '1001' },
  })
  expect(run.logs.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^attribute_unusable app_metadata\.idp\.groups client=/),
  ])
  expect(run.logs[0]?.message).not.toContain('grace')
})

describe('an event that cannot be', () => {
  test('fails open, as the manifest says', () => {
    expect(manifest.fails).toBe('open')
  })

  const whole = samlUser()
  test.each<[string, unknown]>([
    ['has nothing in it', {}],
    ['has no user', { ...whole, user: undefined }],
    ['has no client', { ...whole, client: undefined, connection: undefined }],
    ['has no connection', { ...whole, connection: undefined }],
    ['has a list for app_metadata', { ...whole, user: { ...whole.user, app_metadata: [] } }],
    ['has null for app_metadata', { ...whole, user: { ...whole.user, app_metadata: null } }],
    ['has no app_metadata', { ...whole, user: { ...whole.user, app_metadata: undefined } }],
  ])('that %s changes nothing, and a line says so', async (_title, event) => {
    const { result, logs } = await runOnBroken(onExecutePostLogin, event)
    expect(result.commands).toEqual([])
    expect(logs).toEqual([expect.stringMatching(/^(?:action_failed|metadata_unreadable) /)])
    expect(logs.join()).not.toContain('@')
  })
})

test('the handler is a native async function, and the only one: nobody is sent away', () => {
  expect(onExecutePostLogin.constructor.name).toBe('AsyncFunction')
  expect(Object.keys(action)).toEqual(['onExecutePostLogin'])
})
