import { describe, expect, test } from '@jest/globals'
import type { TenantContext } from '../../../local-tenant/context.ts'
import { applyUpstreamLogin, readUpstreamAccounts } from '../../../local-tenant/oidc/upstream.ts'
import type { Connection, User } from '../../../local-tenant/store.ts'

const NOW = Date.UTC(2026, 10, 20)

const connection = (changes: Partial<Connection> = {}): Connection => ({
  id: 'con_1',
  name: 'acme-saml',
  strategy: 'samlp',
  enabled_clients: [],
  options: {},
  ...changes,
})

/** The part of a tenant that a sign-in at an identity provider changes. */
const tenantWith = (...users: User[]): TenantContext =>
  ({
    now: () => NOW,
    store: {
      state: { users: Object.fromEntries(users.map((user) => [user.user_id, user])) },
      touch: () => undefined,
      flush: () => undefined,
    },
  }) as unknown as TenantContext

describe('a sign-in at an identity provider', () => {
  test('makes an unverified user with the names Auth0 always fills', () => {
    const user = applyUpstreamLogin(tenantWith(), connection(), {
      id: 'eve',
      attributes: { email: 'eve@example.com' },
    })
    expect(user).toMatchObject({
      user_id: 'samlp|acme-saml|eve',
      email_verified: false,
      name: 'eve@example.com',
      nickname: 'eve',
      created_at: '2026-11-20T00:00:00.000Z',
    })
  })

  test('takes back a verification that the provider no longer gives', () => {
    const tenant = tenantWith()
    const verified = { id: 'eve', attributes: { email_verified: true } }
    expect(applyUpstreamLogin(tenant, connection(), verified).email_verified).toBe(true)
    const again = applyUpstreamLogin(tenant, connection(), { id: 'eve', attributes: {} })
    expect(again.email_verified).toBe(false)
  })

  test('cannot touch what is the tenant’s own', () => {
    const user = applyUpstreamLogin(tenantWith(), connection(), {
      id: 'eve',
      attributes: JSON.parse(
        `{ "user_id": "auth0|1", "app_metadata": { "admin": true }, "blocked": true,
           "identities": [], "logins_count": 99, "__proto__": { "polluted": true } }`,
      ) as Record<string, unknown>,
    })
    expect(user.user_id).toBe('samlp|acme-saml|eve')
    expect(user.identities).toHaveLength(1)
    expect(user.logins_count).toBe(0)
    expect(user).not.toHaveProperty('app_metadata')
    expect(user).not.toHaveProperty('blocked')
    expect(user).not.toHaveProperty('polluted')
  })

  test('does not share its attributes with the account, which stays as it is', () => {
    const account = { id: 'eve', attributes: { groups: ['staff'] } }
    const user = applyUpstreamLogin(tenantWith(), connection(), account)
    ;(user['groups'] as string[]).push('admin')
    expect(account.attributes.groups).toEqual(['staff'])
  })

  test('finds the user that the identity was linked to', () => {
    const primary: User = {
      user_id: 'auth0|primary',
      email_verified: true,
      identities: [
        { connection: 'acme-saml', provider: 'samlp', user_id: 'acme-saml|eve', isSocial: false },
      ],
      created_at: '',
      updated_at: '',
      logins_count: 3,
    }
    const tenant = tenantWith(primary)
    const user = applyUpstreamLogin(tenant, connection(), { id: 'eve', attributes: {} })
    expect(user.user_id).toBe('auth0|primary')
    expect(Object.keys(tenant.store.state.users)).toEqual(['auth0|primary'])
  })

  test('at a social connection names the user by strategy and id alone', () => {
    const google = connection({ name: 'google-oauth2', strategy: 'google-oauth2' })
    const user = applyUpstreamLogin(tenantWith(), google, { id: '12', attributes: {} })
    expect(user).toMatchObject({
      user_id: 'google-oauth2|12',
      identities: [{ provider: 'google-oauth2', user_id: '12', isSocial: true }],
    })
  })
})

describe('the accounts of an identity provider', () => {
  test.each([
    ['nothing', undefined, 0],
    ['text', 'eve', 0],
    ['entries of other forms', [null, 1, { id: 1, attributes: {} }, { id: 'a' }], 0],
    ['a good entry among bad ones', [null, { id: 'eve', attributes: {} }], 1],
  ])('are read from %s', (_name, accounts, count) => {
    expect(readUpstreamAccounts(connection({ options: { accounts } }))).toHaveLength(count)
  })
})
