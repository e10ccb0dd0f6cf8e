import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { verifyPassword } from '../../../local-tenant/secrets.ts'
import type { User } from '../../../local-tenant/store.ts'
import { startTestTenant, type TestTenant } from '../../../test-kit/local-tenant/test-tenant.ts'

const DATABASE = 'Username-Password-Authentication'
const CREATED = '2026-01-01T00:00:00.000Z'
const NOW = '2026-05-01T12:00:00.000Z'

let tenant: TestTenant

beforeEach(async () => {
  tenant = await startTestTenant({ now: () => Date.parse(NOW) })
  const add = (provider: string, connection: string, isSocial: boolean): void => {
    const userId = `${provider}|1`
    tenant.context.store.state.users[userId] = {
      user_id: userId,
      email: `${provider}@example.com`,
      email_verified: true,
      name: provider,
      identities: [{ connection, provider, user_id: '1', isSocial }],
      created_at: CREATED,
      updated_at: CREATED,
      logins_count: 0,
      app_metadata: { a: 1, b: { x: 1 } },
    }
  }
  tenant.context.store.state.organizations['org_one'] = {
    id: 'org_one',
    name: 'one',
    enabled_connections: [],
    members: { 'auth0|1': [] },
  }
  add('auth0', DATABASE, false)
  add('google-oauth2', 'google-oauth2', true)
  add('samlp', 'acme-saml', false)
})

afterEach(() => tenant.close())

const pathOf = (userId: string): string => `users/${encodeURIComponent(userId)}`

const patch = (body: unknown, userId = 'auth0|1', scopes?: string[]) =>
  tenant.call({ method: 'PATCH', path: pathOf(userId), body, ...(scopes && { scopes }) })

const stored = (userId = 'auth0|1'): User => {
  const user = tenant.context.store.state.users[userId]
  if (user === undefined) throw new Error(`no user ${userId}`)
  return user
}

describe('PATCH', () => {
  test('changes what was sent, dates the profile and answers all of it', async () => {
    const { status, body } = await patch({ nickname: 'ada', app_metadata: { a: null, c: 2 } })
    expect(status).toBe(200)
    expect(body).toEqual(stored())
    expect(stored()).toMatchObject({
      name: 'auth0',
      nickname: 'ada',
      app_metadata: { b: { x: 1 }, c: 2 },
      updated_at: NOW,
    })
    expect(stored()).not.toHaveProperty('app_metadata.a')
  })

  test('with {} wipes one kind of metadata and leaves the other', async () => {
    await patch({ user_metadata: { language: 'cs' } })
    await patch({ app_metadata: {} })
    expect(stored().app_metadata).toEqual({})
    expect(stored().user_metadata).toEqual({ language: 'cs' })
  })

  test.each<[string, unknown]>([
    ['an attribute that cannot be set', { logins_count: 9 }],
    ['user_id', { user_id: 'auth0|2' }],
    ['identities', { identities: [] }],
    ['an attribute of an identity provider', { department: 'x' }],
    ['__proto__', '{"__proto__":{"admin":true}}'],
    ['a reserved name in app_metadata', { app_metadata: { email: 'x' } }],
    ['a dotted name in user_metadata', { user_metadata: { 'a.b': 1 } }],
    ['metadata that is null', { app_metadata: null }],
    ['metadata that is a list', { user_metadata: [] }],
    ['an e-mail that is none', { email: 'ada' }],
    ['blocked that is no boolean', { blocked: 'true' }],
    ['a name of 151 characters', { name: 'x'.repeat(151) }],
    ['nothing', {}],
    ['no object', [1]],
    ['no body', undefined],
    ['a foreign connection', { connection: 'acme-saml', name: 'x' }],
  ])('with %s is refused with 400, and nothing changes', async (_name, body) => {
    const before = structuredClone(stored())
    expect(await patch(body)).toMatchObject({ status: 400, body: { statusCode: 400 } })
    expect(stored()).toEqual(before)
  })

  test.each<[string, Record<string, unknown>, number]>([
    ['auth0|1', { email: 'new@example.com' }, 200],
    ['auth0|1', { email_verified: false }, 200],
    ['auth0|1', { given_name: 'Ada' }, 200],
    ['google-oauth2|1', { email_verified: false }, 200],
    ['google-oauth2|1', { email: 'new@example.com' }, 400],
    ['google-oauth2|1', { given_name: 'Ada' }, 400],
    ['google-oauth2|1', { blocked: true }, 200],
    ['samlp|1', { email_verified: false }, 400],
    ['samlp|1', { email: 'new@example.com' }, 400],
    ['samlp|1', { password: 'not-a-real-password' }, 400],
    ['samlp|1', { app_metadata: { c: 1 } }, 200],
  ])('of %s with %j is answered with %i', async (userId, body, status) => {
    expect((await patch(body, userId)).status).toBe(status)
  })

  test('sets names of a connection that does not sync them at each login', async () => {
    const connection = tenant.context.store.state.connections['con_saml']
    if (connection) connection.options = { set_user_root_attributes: 'on_first_login' }
    expect((await patch({ given_name: 'Ada' }, 'samlp|1')).status).toBe(200)
    expect((await patch({ email_verified: false }, 'samlp|1')).status).toBe(400)
  })

  test('of a new e-mail address leaves it unverified, unless told otherwise', async () => {
    await patch({ email: 'New@Example.com' })
    expect(stored()).toMatchObject({ email: 'new@example.com', email_verified: false })
    await patch({ email: 'newer@example.com', email_verified: true })
    expect(stored().email_verified).toBe(true)
    await patch({ email: 'newer@example.com' })
    expect(stored().email_verified).toBe(true)
  })

  test('to the e-mail address of another user of the connection is refused', async () => {
    const user = { ...structuredClone(stored()), user_id: 'auth0|2', email: 'b@example.com' }
    tenant.context.store.state.users['auth0|2'] = user
    expect((await patch({ email: 'b@example.com' })).status).toBe(400)
    expect((await patch({ email: 'samlp@example.com' })).status).toBe(200)
  })

  test('of null removes a name', async () => {
    await patch({ name: null })
    expect(stored()).not.toHaveProperty('name')
  })

  test('of a password stores its hash and shows neither', async () => {
    const { body } = await patch({ password: 'not-a-real-password' })
    expect(
      verifyPassword('not-a-real-password', tenant.context.store.state.passwords['auth0|1']),
    ).toBe(true)
    expect(JSON.stringify(body)).not.toContain('not-a-real-password')
    expect(stored()).not.toHaveProperty('password')
  })

  test('with update:users_app_metadata alone changes metadata and nothing else', async () => {
    const scopes = ['update:users_app_metadata']
    expect((await patch({ app_metadata: { c: 1 } }, 'auth0|1', scopes)).status).toBe(200)
    const refused = await patch({ blocked: true, app_metadata: { d: 1 } }, 'auth0|1', scopes)
    expect(refused.status).toBe(403)
    expect(stored().app_metadata).not.toHaveProperty('d')
    expect((await patch({ password: 'xxxxxxxx' }, 'auth0|1', scopes)).status).toBe(403)
  })
})

describe('POST', () => {
  const post = (changes: Record<string, unknown> = {}) =>
    tenant.call({
      method: 'POST',
      path: 'users',
      body: {
        connection: DATABASE,
        email: 'eve@example.com',
        password: 'not-a-real-password',
        ...changes,
      },
    })

  test('makes the profile Auth0 makes, with a password that signs in', async () => {
    const { status, body } = await post({ user_id: 'eve', user_metadata: { language: 'cs' } })
    expect(status).toBe(201)
    expect(body).toEqual({
      user_id: 'auth0|eve',
      email: 'eve@example.com',
      email_verified: false,
      name: 'eve@example.com',
      nickname: 'eve',
      identities: [{ connection: DATABASE, provider: 'auth0', user_id: 'eve', isSocial: false }],
      user_metadata: { language: 'cs' },
      created_at: NOW,
      updated_at: NOW,
      // As Auth0 makes it: from the hash of the address, and the first two letters of the name.
      picture:
        'https://s.gravatar.com/avatar/e089b1dea78f4691fbb9da701cf143db?s=480&r=pg&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fev.png',
    })
    const hash = tenant.context.store.state.passwords['auth0|eve']
    expect(verifyPassword('not-a-real-password', hash)).toBe(true)
  })

  test.each<[string, Record<string, unknown>, number]>([
    ['no connection', { connection: undefined }, 400],
    ['an unknown connection', { connection: 'nowhere' }, 400],
    ['a connection whose users sign in elsewhere', { connection: 'acme-saml' }, 400],
    ['no e-mail', { email: undefined }, 400],
    ['no password', { password: undefined }, 400],
    ['a user_id with a bar', { user_id: 'a|b' }, 400],
    ['an unknown attribute', { logins_count: 1 }, 400],
    ['a known e-mail in other letters', { email: 'AUTH0@example.com' }, 409],
    ['a known user_id', { user_id: '1' }, 409],
    ['the e-mail of another connection', { email: 'samlp@example.com' }, 201],
  ])('with %s is answered with %i', async (_name, changes, status) => {
    expect((await post(changes)).status).toBe(status)
    expect(Object.keys(tenant.context.store.state.users)).toHaveLength(status === 201 ? 4 : 3)
  })
})

describe('GET', () => {
  test('keeps the tokens of identity providers in the tenant', async () => {
    Object.assign(stored('google-oauth2|1').identities[0] ?? {}, { access_token: 'secret-token' })
    const { body } = await tenant.call({ path: pathOf('google-oauth2|1') })
    expect(JSON.stringify(body)).not.toContain('secret-token')
  })

  test.each([
    ['fields=email,user_id', ['user_id', 'email']],
    [
      'fields=app_metadata,identities,created_at,updated_at&include_fields=false',
      ['user_id', 'email', 'email_verified', 'name', 'logins_count'],
    ],
  ])('?%s shows %j', async (query, keys) => {
    const { body } = await tenant.call({ path: `${pathOf('auth0|1')}?${query}` })
    expect(Object.keys(body as object)).toEqual(keys)
  })

  const idsIn = (body: unknown): unknown[] => (body as User[]).map(({ user_id }) => user_id)

  test.each([
    ['q=email:"samlp@example.com"', ['samlp|1']],
    ['q=app_metadata.a:1 AND name:"auth0"&search_engine=v3', ['auth0|1']],
    ['q=_exists_:blocked', []],
    ['q=-email:"samlp@example.com" AND email.domain:example.com', ['auth0|1', 'google-oauth2|1']],
    ['q=organization_id:org_one', ['auth0|1']],
    ['sort=email:-1', ['samlp|1', 'google-oauth2|1', 'auth0|1']],
    ['per_page=1&page=2', ['samlp|1']],
  ])('?%s lists %j', async (query, ids) => {
    expect(idsIn((await tenant.call({ path: `users?${query}` })).body)).toEqual(ids)
  })

  test('with include_totals wraps the list', async () => {
    const { body } = await tenant.call({ path: 'users?include_totals=true&per_page=2&page=1' })
    expect(body).toMatchObject({
      start: 2,
      limit: 2,
      length: 1,
      total: 3,
      users: [{ user_id: 'samlp|1' }],
    })
  })

  test.each([
    'q=email:*',
    'search_engine=v2',
    'per_page=101',
    'include_totals=yes',
    'sort=email',
    'connection=x',
  ])('?%s is refused rather than ignored', async (query) => {
    expect(await tenant.call({ path: `users?${query}` })).toMatchObject({
      status: 400,
      body: { errorCode: 'invalid_query_string' },
    })
  })

  test('users-by-email finds every profile with the address, in any letters', async () => {
    stored('samlp|1').email = 'auth0@example.com'
    const { body } = await tenant.call({ path: 'users-by-email?email=Auth0@Example.com' })
    expect(idsIn(body)).toEqual(['auth0|1', 'samlp|1'])
    expect((await tenant.call({ path: 'users-by-email' })).status).toBe(400)
  })

  test.each(['__proto__', 'constructor'])('a user with the id %s does not exist', async (id) => {
    expect((await tenant.call({ path: `users/${id}` })).status).toBe(404)
  })
})

test('DELETE takes password, sessions and refresh tokens along, and is 204 the second time', async () => {
  const { state } = tenant.context.store
  state.passwords['auth0|1'] = 'hash'
  const login = { user_id: 'auth0|1', connection: DATABASE }
  const other = { ...login, user_id: 'samlp|1' }
  Object.assign(state.sessions, { s1: { id: 's1', ...login }, s2: { id: 's2', ...other } })
  Object.assign(state.refresh_tokens, { r1: { id: 'r1', ...login }, r2: { id: 'r2', ...other } })
  const remove = () => tenant.call({ method: 'DELETE', path: pathOf('auth0|1') })
  expect([(await remove()).status, (await remove()).status]).toEqual([204, 204])
  expect(Object.keys(state.users)).toEqual(['google-oauth2|1', 'samlp|1'])
  expect(state.passwords).toEqual({})
  expect(Object.keys(state.sessions)).toEqual(['s2'])
  expect(Object.keys(state.refresh_tokens)).toEqual(['r2'])
})
