import { describe, expect, test } from '@jest/globals'
import * as action from '../../../actions/guard-access/action.ts'
import { manifest } from '../../../actions/guard-access/manifest.ts'
import { runHandler } from '../../../local-tenant/api/run-handler.ts'
import { buildEvent } from '../../../test-kit/actions/event.ts'
import { runOnBroken } from '../../../test-kit/actions/run-on-broken.ts'

const { onExecutePostLogin } = action
const CLIENT = 'WebShop0000000000000000000000001'

test('a user who may use the application signs in, and nothing happens', async () => {
  const run = await runHandler(
    onExecutePostLogin,
    buildEvent({ client: { metadata: { require_verified_email: 'true' } } }),
  )
  expect(run).toMatchObject({ outcome: 'completed', result: { commands: [] }, logs: [] })
  expect(run.profileWrite).toBeUndefined()
})

test.each([
  [
    'from whom the application was withdrawn',
    buildEvent({ user: { app_metadata: { blocked_clients: [CLIENT] } } }),
    'client_blocked',
  ],
  [
    'from whom it was withdrawn, in a refresh-token exchange',
    buildEvent({
      user: { app_metadata: { blocked_clients: CLIENT } },
      transaction: { protocol: 'oauth2-refresh-token' },
    }),
    'client_blocked',
  ],
  [
    'whose e-mail address is not verified where it must be',
    buildEvent({
      user: { email_verified: false },
      client: { metadata: { require_verified_email: 'true' } },
    }),
    'email_unverified',
  ],
  [
    'without the organization that the application is for',
    buildEvent({ client: { metadata: { allowed_organizations: 'acme' } } }),
    'organization_not_allowed',
  ],
  [
    'without the role that the application is for',
    buildEvent({
      client: { metadata: { allowed_roles: 'admin' } },
      authorization: { roles: ['support'] },
    }),
    'role_not_allowed',
  ],
  [
    'in a flow that tells no roles',
    buildEvent({ client: { metadata: { allowed_roles: 'admin' } }, authorization: undefined }),
    'role_not_allowed',
  ],
  [
    'whose list cannot be read',
    buildEvent({ user: { app_metadata: { blocked_clients: { [CLIENT]: true } } } }),
    'access_record_unreadable',
  ],
])('a user %s is denied with a reason, and nothing else happens', async (_title, event, code) => {
  const run = await runHandler(onExecutePostLogin, event)
  expect(run.outcome).toBe('denied')
  expect(run.reason).toMatch(new RegExp(`^${code}: [A-Z]`))
  expect(run.result.commands.map(({ name }) => name)).toEqual(['access.deny'])
  expect(run.profileWrite).toBeUndefined()
  expect(run.logs.map(({ message }) => message)).toEqual([
    expect.stringMatching(new RegExp(`^${code} client=${CLIENT} .*user=auth0`)),
  ])
})

test.each([true, false])(
  "an address keeps its user out whose email_verified: %j is the word of a partner's identity provider",
  async (email_verified) => {
    const run = await runHandler(
      onExecutePostLogin,
      buildEvent({
        user: {
          email: 'ceo@victim.example',
          email_verified,
          user_id: 'oidc|partner-oidc|7',
          identities: [
            {
              provider: 'oidc',
              connection: 'partner-oidc',
              user_id: 'partner-oidc|7',
              isSocial: false,
            },
          ],
        },
        connection: { name: 'partner-oidc', strategy: 'oidc' },
        client: { metadata: { require_verified_email: 'true' } },
      }),
    )
    expect(run.reason).toMatch(/^email_unverified: /)
  },
)

test.each([
  [['de-CH'], 'Bitte öffnen Sie unsere Nachricht'],
  [['fr', 'de'], 'Bitte öffnen Sie unsere Nachricht'],
  [['fr'], 'Please open the message'],
  [[], 'Please open the message'],
])('a user who reads %j is told what to do in words they know', async (ui_locales, words) => {
  const run = await runHandler(
    onExecutePostLogin,
    buildEvent({
      user: { email_verified: false },
      client: { metadata: { require_verified_email: 'true' } },
      transaction: { ui_locales },
    }),
  )
  expect(run.reason).toMatch(new RegExp(`^email_unverified: ${words}`))
})

test('a user with the role and the organization of the application signs in', async () => {
  const run = await runHandler(
    onExecutePostLogin,
    buildEvent({
      client: { metadata: { allowed_roles: 'admin, support', allowed_organizations: 'org_1' } },
      authorization: { roles: ['support'] },
      organization: { id: 'org_1', name: 'acme', display_name: 'Acme', metadata: {} },
    }),
  )
  expect(run).toMatchObject({ outcome: 'completed', result: { commands: [] } })
})

describe('an event that cannot be', () => {
  test('fails closed, as the manifest says', () => {
    expect(manifest.fails).toBe('closed')
  })

  const whole = buildEvent()
  test.each<[string, unknown]>([
    ['has nothing in it', {}],
    ['has no user', { ...whole, user: undefined }],
    ['has no client', { ...whole, client: undefined }],
    ['has no connection', { ...whole, connection: undefined }],
    ['has a list for app_metadata', { ...whole, user: { ...whole.user, app_metadata: [] } }],
    ['has null for app_metadata', { ...whole, user: { ...whole.user, app_metadata: null } }],
  ])('that %s is denied', async (_title, event) => {
    const { result, logs } = await runOnBroken(onExecutePostLogin, event)
    expect(result.denied?.reason).toMatch(/^(?:action_failed|access_record_unreadable): /)
    expect(result.commands.map(({ name }) => name)).toEqual(['access.deny'])
    expect(logs.join()).not.toContain('@')
  })
})

test('the handler is a native async function, and the only one: nobody is sent away', () => {
  expect(onExecutePostLogin.constructor.name).toBe('AsyncFunction')
  expect(Object.keys(action)).toEqual(['onExecutePostLogin'])
})
