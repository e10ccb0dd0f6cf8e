import { describe, expect, test } from '@jest/globals'
import type { TenantContext } from '../../../local-tenant/context.ts'
import {
  applyUpstreamLogin,
  readUpstreamAccounts,
  type UpstreamAccount,
} from '../../../local-tenant/oidc/upstream.ts'
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

const login = (tenant: TenantContext, at: Connection, account: UpstreamAccount): User => {
  const user = applyUpstreamLogin(tenant, at, account)
  if (user === undefined) throw new Error('no user')
  return user
}

describe('a sign-in at an identity provider', () => {
  test('makes an unverified user with the names Auth0 always fills', () => {
    const user = login(tenantWith(), connection(), {
      id: 'eve',
      attributes: { email: 'eve@example.com' },
    })
    expect(user).toMatchObject({
      user_id: 'samlp|acme-saml|eve',
      email_verified: false,
      name: 'eve@example.com',
      nickname: 'eve',
      picture: expect.stringMatching(/^https:\/\/s\.gravatar\.com\/avatar\/.*%2Fev\.png$/),
      created_at: '2026-11-20T00:00:00.000Z',
    })
  })

  test('takes back a verification that the provider no longer gives', () => {
    const tenant = tenantWith()
    const verified = { id: 'eve', attributes: { email_verified: true } }
    expect(login(tenant, connection(), verified).email_verified).toBe(true)
    const again = login(tenant, connection(), { id: 'eve', attributes: {} })
    expect(again.email_verified).toBe(false)
  })

  test('cannot touch what is the tenant’s own', () => {
    const user = login(tenantWith(), connection(), {
      id: 'eve',
      attributes: JSON.parse(
        `{ "user_id": "auth0|1", "app_metadata": { "admin": true }, "blocked": true,
           "identities": [], "logins_count": 99, "__proto__": { "polluted": true } }`,
      ) as Record<string, unknown>,
    })
    expect(user.user_id).toBe('samlp|acme-saml|eve')
    expect(user.identities).toHaveLength(1)
    expect(user).not.toHaveProperty('logins_count')
    expect(user).not.toHaveProperty('app_metadata')
    expect(user).not.toHaveProperty('blocked')
    expect(user).not.toHaveProperty('polluted')
  })

  test('does not share its attributes with the account, which stays as it is', () => {
    const account = { id: 'eve', attributes: { groups: ['staff'] } }
    const user = login(tenantWith(), connection(), account)
    ;(user['groups'] as string[]).push('admin')
    expect(account.attributes.groups).toEqual(['staff'])
  })

  test('at a social connection names the user by strategy and id alone', () => {
    const google = connection({ name: 'google-oauth2', strategy: 'google-oauth2' })
    const user = login(tenantWith(), google, { id: '12', attributes: {} })
    expect(user).toMatchObject({
      user_id: 'google-oauth2|12',
      identities: [{ provider: 'google-oauth2', user_id: '12', isSocial: true }],
    })
  })
})

const eve = (attributes: Record<string, unknown>): UpstreamAccount => ({ id: 'eve', attributes })

/** Primary in the database, with Eve's SAML identity linked. */
const linkedUser = (): User => ({
  user_id: 'auth0|primary',
  email: 'primary@example.com',
  email_verified: true,
  name: 'Primary Person',
  picture: 'https://pictures.example/primary.png',
  groups: ['of-the-primary'],
  identities: [
    { connection: 'db', provider: 'auth0', user_id: 'primary', isSocial: false },
    { connection: 'acme-saml', provider: 'samlp', user_id: 'acme-saml|eve', isSocial: false },
  ],
  created_at: '',
  updated_at: '',
  logins_count: 3,
})

describe('a sign-in by a linked identity', () => {
  test('leaves the root as the primary identity has it and fills profileData of that identity', () => {
    const tenant = tenantWith(linkedUser())
    const user = login(
      tenant,
      connection(),
      eve({
        email: 'ceo@victim.example',
        name: 'Not the primary',
        picture: 'https://evil.example/x.png',
        groups: ['App-Shop-Admins'],
        department: 'Research',
      }),
    )
    const { identities, ...root } = user
    const { identities: linked, ...rootBefore } = linkedUser()
    expect(root).toEqual(rootBefore)
    expect(identities).toEqual([
      linked[0],
      {
        ...linked[1],
        profileData: {
          email: 'ceo@victim.example',
          email_verified: false,
          name: 'Not the primary',
          nickname: 'ceo',
          picture: 'https://evil.example/x.png',
          groups: ['App-Shop-Admins'],
          department: 'Research',
        },
      },
    ])
    expect(Object.keys(tenant.store.state.users)).toEqual(['auth0|primary'])
  })

  test('keeps in profileData only what the provider said this time', () => {
    const tenant = tenantWith(linkedUser())
    login(tenant, connection(), eve({ groups: ['admin'] }))
    const user = login(tenant, connection(), eve({ department: 'Sales' }))
    expect(user.identities[1]?.profileData).toEqual({ email_verified: false, department: 'Sales' })
  })

  test.each(['on_each_login', 'on_first_login', 'never_on_login'])(
    'leaves the root alone whatever set_user_root_attributes says: %s',
    (set_user_root_attributes) => {
      const at = connection({ options: { set_user_root_attributes } })
      const user = login(tenantWith(linkedUser()), at, eve({ name: 'Eve', email: 'e@x.example' }))
      expect(user).toMatchObject({ name: 'Primary Person', email: 'primary@example.com' })
      expect(user.identities[1]?.profileData).toMatchObject({ name: 'Eve' })
    },
  )
})

describe('set_user_root_attributes', () => {
  const FIRST = eve({ name: 'Eve', email: 'eve@example.com', groups: ['staff'] })
  const LATER = eve({
    name: 'Eve Married',
    picture: 'https://pictures.example/eve.png',
    email: 'eve@married.example',
    email_verified: true,
    groups: ['guests'],
  })
  const BEYOND_NAMES = {
    email: 'eve@married.example',
    email_verified: true,
    groups: ['guests'],
  }

  test.each([
    ['absent', {}, 'Eve Married'],
    ['on_each_login', { set_user_root_attributes: 'on_each_login' }, 'Eve Married'],
    ['on_first_login', { set_user_root_attributes: 'on_first_login' }, 'Eve'],
  ])('%s says when names and picture are written; the rest always is', (_when, options, name) => {
    const tenant = tenantWith()
    const at = connection({ options })
    login(tenant, at, FIRST)
    const user = login(tenant, at, LATER)
    expect(user).toMatchObject({ ...BEYOND_NAMES, name })
    const isGenerated = String(user['picture']).startsWith('https://s.gravatar.com/')
    expect(isGenerated).toBe(name !== 'Eve Married')
  })

  test('never_on_login makes no user and keeps the names of one who is there', () => {
    const at = connection({ options: { set_user_root_attributes: 'never_on_login' } })
    const tenant = tenantWith()
    expect(applyUpstreamLogin(tenant, at, FIRST)).toBeUndefined()
    expect(tenant.store.state.users).toEqual({})
    login(tenant, connection(), FIRST)
    expect(login(tenant, at, LATER)).toMatchObject({ ...BEYOND_NAMES, name: 'Eve' })
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
