import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startTestTenant, type TestTenant } from '../../../test-kit/local-tenant/test-tenant.ts'

let tenant: TestTenant

beforeEach(async () => {
  tenant = await startTestTenant()
})

afterEach(() => tenant.close())

describe('clients', () => {
  test('show their secret only with read:client_keys, and their Management scopes never', async () => {
    for (const path of ['clients', 'clients/web-app']) {
      const shy = JSON.stringify((await tenant.call({ path, scopes: ['read:clients'] })).body)
      const open = JSON.stringify((await tenant.call({ path, scopes: ['read:client_keys'] })).body)
      expect(shy).toContain('Web application')
      expect(shy).not.toContain('secret-of-the-web-app')
      expect(open).toContain('secret-of-the-web-app')
      expect(shy + open).not.toContain('management_scopes')
    }
  })

  test('answer the list the Deploy CLI asks for in a dry run', async () => {
    const path = 'clients?page=0&per_page=100&include_totals=true&is_global=false'
    expect((await tenant.call({ path })).body).toMatchObject({
      start: 0,
      limit: 100,
      total: 2,
      clients: [{ client_id: 'web-app', global: false }, { client_id: 'spa' }],
    })
  })

  test.each([
    ['app_type=spa', ['spa']],
    ['app_type=spa,regular_web', ['web-app', 'spa']],
    ['is_global=true', []],
    ['fields=client_id&is_first_party=true', ['web-app', 'spa']],
  ])('?%s lists %j', async (query, ids) => {
    const { body } = await tenant.call({ path: `clients?${query}` })
    expect((body as { client_id: string }[]).map(({ client_id }) => client_id)).toEqual(ids)
  })

  test('are created with a secret that is shown once, changed and deleted', async () => {
    const made = await tenant.call({
      method: 'POST',
      path: 'clients',
      body: { name: 'New', client_metadata: { a: '1' } },
      scopes: ['create:clients'],
    })
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'New', client_secret: expect.stringMatching(/^[\w-]{43}$/) },
    })
    const path = `clients/${(made.body as { client_id: string }).client_id}`
    const changed = await tenant.call({
      method: 'PATCH',
      path,
      body: { callbacks: ['https://a.example/'], client_metadata: { a: null, b: '2' } },
    })
    expect(changed.body).toMatchObject({
      callbacks: ['https://a.example/'],
      client_metadata: { b: '2' },
    })
    expect(changed.body).not.toHaveProperty('client_metadata.a')
    expect((await tenant.call({ method: 'DELETE', path })).status).toBe(204)
    expect((await tenant.call({ path })).status).toBe(404)
  })

  test('leave the connections they were enabled for when they are deleted', async () => {
    await tenant.call({ method: 'DELETE', path: 'clients/web-app' })
    expect(tenant.context.store.state.connections['con_db']?.enabled_clients).toEqual([])
  })

  test.each<[string, unknown]>([
    ['a client_id', { client_id: 'mine' }],
    ['Management scopes', { management_scopes: ['update:users'] }],
    ['an unknown app_type', { app_type: 'robot' }],
    ['callbacks that are no texts', { callbacks: [1] }],
    ['callbacks that are no addresses', { callbacks: ['/callback'] }],
    ['a callback that is a script', { callbacks: ['javascript:alert(1)'] }],
    ['logout addresses that are none', { allowed_logout_urls: ['home'] }],
    ['origins that are none', { web_origins: [''] }],
    ['metadata that is no text', { client_metadata: { a: 1 } }],
    ['no object', 'text'],
  ])('cannot be changed with %s', async (_name, body) => {
    const before = structuredClone(tenant.context.store.state.clients['web-app'])
    const sent = typeof body === 'string' ? JSON.stringify([body]) : body
    const answer = await tenant.call({ method: 'PATCH', path: 'clients/web-app', body: sent })
    expect(answer.status).toBe(400)
    expect(tenant.context.store.state.clients['web-app']).toEqual(before)
  })
})

describe('connections', () => {
  test.each([
    ['', ['con_db', 'con_google', 'con_saml']],
    ['strategy=samlp', ['con_saml']],
    ['strategy=samlp&strategy=auth0', ['con_db', 'con_saml']],
    ['name=google-oauth2', ['con_google']],
  ])('?%s lists %j', async (query, ids) => {
    const { body } = await tenant.call({ path: `connections?${query}` })
    expect((body as { id: string }[]).map(({ id }) => id)).toEqual(ids)
  })

  test('are wrapped for paging by take', async () => {
    const { body } = await tenant.call({ path: 'connections?take=50' })
    expect(Object.keys(body as object)).toEqual(['connections'])
  })

  test('take new options as a whole', async () => {
    const options = { set_user_root_attributes: 'on_first_login' }
    const path = 'connections/con_saml'
    await tenant.call({ method: 'PATCH', path, body: { options: { old: true } } })
    await tenant.call({ method: 'PATCH', path, body: { options, metadata: { team: 'one' } } })
    expect((await tenant.call({ path })).body).toMatchObject({
      id: 'con_saml',
      realms: ['acme-saml'],
      metadata: { team: 'one' },
    })
    expect(tenant.context.store.state.connections['con_saml']?.options).toEqual(options)
  })

  test.each<[unknown]>([
    [{ name: 'other' }],
    [{ strategy: 'auth0' }],
    [{ options: [] }],
    [{ metadata: { a: 1 } }],
    [{ enabled_clients: 'web-app' }],
    [{ enabled_clients: [{ toString: 1 }] }],
  ])('cannot be changed with %j', async (body) => {
    const path = 'connections/con_saml'
    expect((await tenant.call({ method: 'PATCH', path, body })).status).toBe(400)
  })

  test('are enabled and disabled for clients', async () => {
    const path = 'connections/con_db/clients'
    const body = [
      { client_id: 'spa', status: true },
      { client_id: 'web-app', status: false },
    ]
    expect(await tenant.call({ method: 'PATCH', path, body })).toMatchObject({ status: 204 })
    expect((await tenant.call({ path })).body).toEqual({ clients: [{ client_id: 'spa' }] })
  })

  test.each<[string, unknown]>([
    [
      'an unknown client',
      [
        { client_id: 'spa', status: true },
        { client_id: 'x', status: true },
      ],
    ],
    ['no status', [{ client_id: 'spa' }]],
    ['no list', { client_id: 'spa', status: true }],
  ])('are not enabled with %s', async (_name, body) => {
    const path = 'connections/con_db/clients'
    expect((await tenant.call({ method: 'PATCH', path, body })).status).toBe(400)
    expect((await tenant.call({ path })).body).toEqual({ clients: [{ client_id: 'web-app' }] })
  })

  test.each([
    'connections/nothing',
    'connections/__proto__',
    'connections/con_db/scim-configuration',
  ])('404 for %s', async (path) => {
    expect(await tenant.call({ path })).toMatchObject({ status: 404, body: { statusCode: 404 } })
  })
})

test.each([
  ['connections-directory-provisionings', { directory_provisionings: [] }],
  ['roles', []],
  ['roles?include_totals=true', { total: 0, roles: [] }],
  ['resource-servers', [{ identifier: 'https://api.example/' }]],
  ['resource-servers/rs_1', { id: 'rs_1' }],
  [`resource-servers/${encodeURIComponent('https://api.example/')}`, { id: 'rs_1' }],
  ['tenants/settings', { flags: {} }],
])('GET /%s answers what a client of the tenant reads', async (path, expected) => {
  tenant.context.store.state.resource_servers['rs_1'] = {
    id: 'rs_1',
    identifier: 'https://api.example/',
    name: 'API',
    scopes: [],
    allow_offline_access: true,
  }
  expect(await tenant.call({ path })).toMatchObject({ status: 200, body: expected })
})
