import { describe, expect, test } from '@jest/globals'
import * as action from '../../../actions/add-claims/action.ts'
import { manifest } from '../../../actions/add-claims/manifest.ts'
import { runHandler } from '../../../local-tenant/api/run-handler.ts'
import { buildEvent, type EventOverrides } from '../../../test-kit/actions/event.ts'
import { runOnBroken } from '../../../test-kit/actions/run-on-broken.ts'

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

describe('an application that signs in by SAML', () => {
  const saml = (protocol: 'samlp' | 'wsfed' | 'oidc-basic-profile') =>
    runHandler(
      onExecutePostLogin,
      buildEvent({
        user,
        resource_server: undefined,
        transaction: { protocol, requested_scopes: undefined },
      }),
    )

  test.each(['samlp', 'wsfed'] as const)('(%s) finds attributes in the assertion', async (name) => {
    expect((await saml(name)).result.samlAttributes).toEqual({
      customer_id: 'cus_1',
      department: 'Sales',
    })
  })

  test('is the only one for which attributes are set', async () => {
    expect((await saml('oidc-basic-profile')).result.samlAttributes).toEqual({})
  })
})

describe('the API of the example', () => {
  const withTier = { app_metadata: { lookups: { customer: { tier: 'gold' } } } }

  test.each([
    ['https://api.example.com', { [`${OURS}/tier`]: 'gold' }],
    ['https://api.example.com/other', {}],
  ])('%s gets for the tier %j', async (identifier, claims) => {
    const event = buildEvent({ user: withTier, resource_server: { identifier } })
    const { result } = await runHandler(onExecutePostLogin, event)
    expect(result.accessTokenClaims).toEqual(claims)
    expect(result.idTokenClaims).toEqual({})
  })
})

describe('a refresh-token exchange', () => {
  const exchange = (overrides: EventOverrides) =>
    runHandler(
      onExecutePostLogin,
      buildEvent({
        user,
        ...overrides,
        transaction: {
          protocol: 'oauth2-refresh-token',
          requested_scopes: undefined,
          ...overrides.transaction,
        },
      }),
    )
  const granted = (scopes: string): EventOverrides['refresh_token'] => ({
    id: 'rt_1',
    created_at: '2026-11-01T09:00:00.000Z',
    resource_servers: [{ audience: 'https://api.example.com/', scopes }],
  })
  const groups = `${OURS}/groups`

  test.each<[string, EventOverrides, boolean]>([
    ['scopes that Auth0 tells', { transaction: { requested_scopes: ['read:groups'] } }, true],
    [
      'scopes that the application asks for',
      { request: { body: { scope: 'a read:groups' } } },
      true,
    ],
    ['the scopes of the refresh token', { refresh_token: granted('openid read:groups') }, true],
    [
      'fewer scopes than its refresh token has',
      { request: { body: { scope: 'openid' } }, refresh_token: granted('openid read:groups') },
      false,
    ],
    ['scopes that nobody tells', {}, false],
    ['a scope that is no text', { request: { body: { scope: ['read:groups'] } } }, false],
  ])('with %s', async (_title, overrides, isSet) => {
    const { result } = await exchange(overrides)
    expect(Object.hasOwn(result.accessTokenClaims, groups)).toBe(isSet)
    expect(result.accessTokenClaims).toHaveProperty([`${OURS}/customer_id`])
  })

  test('is the only flow in which the body is asked', async () => {
    const { result } = await exchange({
      transaction: { protocol: 'oauth2-password' },
      request: { body: { scope: 'read:groups' } },
    })
    expect(Object.hasOwn(result.accessTokenClaims, groups)).toBe(false)
  })
})

test('a claim too large for a token is left out with a line, and the others are set', async () => {
  const large = { ...user, app_metadata: { ...user.app_metadata, customer_id: 'x'.repeat(3000) } }
  const run = await runHandler(onExecutePostLogin, buildEvent({ user: large }))
  expect(run.outcome).toBe('completed')
  expect(Object.keys(run.result.accessTokenClaims)).toEqual([`${OURS}/terms_version`])
  expect(run.logs.map(({ message }) => message)).toEqual([
    expect.stringMatching(`^claim_too_large ${OURS}/customer_id `),
  ])
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
