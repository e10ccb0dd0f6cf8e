import { beforeEach, describe, expect, test } from '@jest/globals'
import * as client from 'openid-client'
import { connectTenant } from '../../../playground/sign-in/connect-tenant.ts'
import { hashPassword } from '../../../local-tenant/secrets.ts'
import type { Connection, User } from '../../../local-tenant/store.ts'
import {
  action,
  answerOf,
  bindActions,
  errorOf,
  openAuthorize,
  redeem,
  shareTestTenant,
  signIn,
} from '../../../test-kit/local-tenant/oidc-harness.ts'
import { PEOPLE_PASSWORD } from '../../../playground/seed/people.ts'

const { local, application } = await shareTestTenant()
const { state } = local

const SAML = 'partner-saml'
const ACCOUNT = {
  id: 'pat',
  attributes: { email: 'ceo@victim.example', email_verified: true, groups: ['App-Shop-Admins'] },
}

const primary: User = {
  user_id: 'auth0|primary',
  email: 'primary@example.com',
  email_verified: false,
  name: 'Primary Person',
  identities: [
    {
      connection: 'Username-Password-Authentication',
      provider: 'auth0',
      user_id: 'primary',
      isSocial: false,
    },
    { connection: SAML, provider: 'samlp', user_id: `${SAML}|pat`, isSocial: false },
  ],
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  logins_count: 0,
}

const partner = (options: Record<string, unknown> = {}): Connection => ({
  id: 'con_partner',
  name: SAML,
  strategy: 'samlp',
  enabled_clients: ['web-app'],
  options: { accounts: [ACCOUNT], ...options },
})

beforeEach(() => {
  state.users = { [primary.user_id]: structuredClone(primary) }
  state.passwords = { [primary.user_id]: hashPassword(PEOPLE_PASSWORD) }
  state.connections['con_partner'] = partner()
})

const signInAtPartner = async () => {
  const browser = local.browser()
  const login = await openAuthorize(browser, application, { connection: SAML })
  return { ...login, page: await browser.submit('form', { account: ACCOUNT.id }) }
}

const TELL = action('tell', {
  onExecutePostLogin: `
    const { email, email_verified, groups, identities } = event.user
    api.idToken.setCustomClaim('seen', {
      connection: event.connection.name, email, email_verified, groups: groups ?? null,
      said: identities[1].profileData,
    })`,
})

describe('a user who comes by a linked identity', () => {
  test('shows Actions the connection used now, the root of the primary and what was said', async () => {
    bindActions(state, [TELL])
    const tokens = await redeem(application, await signInAtPartner())
    expect(tokens.claims()).toMatchObject({
      sub: 'auth0|primary',
      email: 'primary@example.com',
      email_verified: false,
      name: 'Primary Person',
      seen: {
        connection: SAML,
        email: 'primary@example.com',
        email_verified: false,
        groups: null,
        said: { ...ACCOUNT.attributes, name: 'ceo@victim.example', nickname: 'ceo' },
      },
    })
  })

  test('is denied by a rule about the primary identity, as at Auth0', async () => {
    bindActions(state, [
      action('verified-only', {
        onExecutePostLogin: `if (!event.user.email_verified) api.access.deny('verify first')`,
      }),
    ])
    expect(answerOf((await signInAtPartner()).page.url)).toMatchObject({
      error: 'access_denied',
      error_description: 'verify first',
    })
  })

  test('is found by the address of either identity, with both kept apart', async () => {
    await signInAtPartner()
    const tools = {
      clientId: 'local-tools',
      clientSecret: state.clients['local-tools']?.client_secret ?? '',
    }
    const running = { tenantUrl: local.tenant.url, portalUrl: '', demoUrl: '', caFile: '', tools }
    const tenant = await connectTenant(running, local.fetch)
    for (const [email, connection] of [
      ['primary@example.com', 'Username-Password-Authentication'],
      ['ceo@victim.example', SAML],
    ] as const) {
      const { user } = await tenant.look(email, connection)
      expect(user).toMatchObject({ user_id: 'auth0|primary', email: 'primary@example.com' })
      expect(user.identities?.[1]?.profileData).toMatchObject(ACCOUNT.attributes)
    }
  })
})

describe('a linked identity of a database', () => {
  const linked = { connection: SAML, provider: 'samlp', user_id: `${SAML}|pat`, isSocial: false }
  const database = {
    connection: 'Username-Password-Authentication',
    provider: 'auth0',
    user_id: 'second',
    isSocial: false,
    profileData: { email: 'second@example.com' },
  }

  beforeEach(() => {
    const user = { ...primary, user_id: `samlp|${SAML}|pat`, identities: [linked, database] }
    state.users = { [user.user_id]: structuredClone(user) }
    state.passwords = { 'auth0|second': hashPassword(PEOPLE_PASSWORD) }
  })

  test('signs in with its own address and password, and not with that of the root', async () => {
    const login = await signIn(local.browser(), application, 'second@example.com')
    expect((await redeem(application, login)).claims()?.sub).toBe(`samlp|${SAML}|pat`)
    const { page } = await signIn(local.browser(), application, 'primary@example.com')
    expect(page.status).toBe(400)
  })

  test('holds in the password grant too', async () => {
    const grant = (username: string) =>
      client.genericGrantRequest(application, 'password', {
        username,
        password: PEOPLE_PASSWORD,
        scope: 'openid',
      })
    expect((await grant('second@example.com')).claims()?.sub).toBe(`samlp|${SAML}|pat`)
    expect(await errorOf(grant('primary@example.com'))).toBe('invalid_grant')
  })
})

test('a connection with never_on_login lets nobody in who is not a user yet', async () => {
  state.users = {}
  state.connections['con_partner'] = partner({ set_user_root_attributes: 'never_on_login' })
  const { page } = await signInAtPartner()
  expect(answerOf(page.url)['error']).toBe('access_denied')
  expect(state.users).toEqual({})
})
