/** The official SDK as an acceptance test, over HTTPS as an application would use it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ManagementClient, ManagementError } from 'auth0'
import { createLocalFetch } from '../../../playground/local-fetch.ts'
import {
  ALL_SCOPES,
  startTestTenant,
  type TestTenant,
} from '../../../test-kit/local-tenant/test-tenant.ts'

const DATABASE = 'Username-Password-Authentication'

let tenant: TestTenant
let client: ManagementClient
let now = Date.parse('2026-05-01T12:00:00Z')

const clientWith = async (...scopes: string[]): Promise<ManagementClient> =>
  new ManagementClient({
    domain: tenant.context.host,
    token: await tenant.token(...scopes),
    fetch: createLocalFetch(tenant.certificate) as typeof fetch,
    maxRetries: 0,
  })

beforeAll(async () => {
  tenant = await startTestTenant({ tls: true, now: () => now })
  client = await clientWith(...ALL_SCOPES)
})

afterAll(() => tenant.close())

describe('users', () => {
  let userId = ''

  test('are created in a database connection', async () => {
    const user = await client.users.create({
      connection: DATABASE,
      email: 'Ada@Example.com',
      password: 'not-a-real-password',
      app_metadata: { plan: 'gold', seats: 3 },
    })
    expect(user).toMatchObject({
      user_id: expect.stringMatching(/^auth0\|[0-9a-f]{24}$/),
      email: 'ada@example.com',
      email_verified: false,
      identities: [{ connection: DATABASE, provider: 'auth0', isSocial: false }],
      app_metadata: { plan: 'gold', seats: 3 },
    })
    expect(JSON.stringify(user)).not.toContain('password')
    userId = String(user.user_id)
  })

  test('are created once: 409 as a typed error', async () => {
    const again = client.users.create({
      connection: DATABASE,
      email: 'ada@example.com',
      password: 'not-a-real-password',
    })
    await expect(again).rejects.toMatchObject({ name: 'ConflictError', statusCode: 409 })
  })

  test('are found by id, by e-mail and by metadata', async () => {
    expect(await client.users.get(userId)).toMatchObject({ email: 'ada@example.com' })
    expect(await client.users.listUsersByEmail({ email: 'ada@example.com' })).toHaveLength(1)
    const page = await client.users.list({ q: 'app_metadata.plan:"gold"', search_engine: 'v3' })
    expect(page.data.map((user) => user.user_id)).toEqual([userId])
    expect((await client.users.list({ q: 'email:"nobody@example.com"' })).data).toEqual([])
  })

  test('are listed page by page', async () => {
    for (const name of ['b', 'c']) {
      const password = 'not-a-real-password'
      await client.users.create({ connection: DATABASE, email: `${name}@example.com`, password })
    }
    const emails: unknown[] = []
    for await (const user of await client.users.list({ per_page: 2 })) emails.push(user.email)
    expect(emails).toEqual(['ada@example.com', 'b@example.com', 'c@example.com'])
  })

  test('take metadata merged at the first level', async () => {
    const patched = await client.users.update(userId, {
      given_name: 'Ada',
      app_metadata: { seats: null, terms: { version: '2' } },
    })
    expect(patched).toMatchObject({ given_name: 'Ada' })
    expect(patched.app_metadata).toEqual({ plan: 'gold', terms: { version: '2' } })
  })

  test('are gone after delete: a typed 404 with the code of Auth0', async () => {
    await client.users.delete(userId)
    const error = await client.users.get(userId).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ManagementError)
    expect(error).toMatchObject({
      name: 'NotFoundError',
      statusCode: 404,
      body: { statusCode: 404, error: 'Not Found', errorCode: 'inexistent_user' },
    })
  })
})

describe('Actions', () => {
  const trigger = { id: 'post-login', version: 'v3' } as const
  let actionId = ''

  test('are created, built, deployed and show what is live', async () => {
    const action = await client.actions.create({
      name: 'greet',
      code: 'exports.onExecutePostLogin = async () => {}',
      supported_triggers: [trigger],
      secrets: [{ name: 'KEY', value: 'never-shown' }],
    })
    actionId = String(action.id)
    expect(action).toMatchObject({ status: 'pending', runtime: 'node22' })
    now += 1000
    expect(await client.actions.get(actionId)).toMatchObject({ status: 'built' })
    expect(await client.actions.deploy(actionId)).toMatchObject({ number: 1 })
    now += 1000
    const live = await client.actions.get(actionId)
    expect(live).toMatchObject({
      all_changes_deployed: true,
      deployed_version: { number: 1, secrets: [{ name: 'KEY' }] },
    })
    expect(JSON.stringify(live)).not.toContain('never-shown')
  })

  test('are changed as a draft, and rolled back to an old version as a new one', async () => {
    const first = await client.actions.get(actionId)
    const code = 'exports.onExecutePostLogin = async () => { return }'
    expect(await client.actions.update(actionId, { code })).toMatchObject({
      all_changes_deployed: false,
      deployed_version: { code: first.code },
    })
    now += 1000
    await client.actions.deploy(actionId)
    const versions = await client.actions.versions.list(actionId)
    expect(versions.data.map(({ number, deployed }) => [number, deployed])).toEqual([
      [2, true],
      [1, false],
    ])
    const old = String(versions.data[1]?.id)
    expect(await client.actions.versions.get(actionId, old)).toMatchObject({ number: 1 })
    await client.actions.versions.deploy(actionId, old)
    expect(await client.actions.get(actionId)).toMatchObject({
      code,
      all_changes_deployed: false,
      deployed_version: { number: 3, code: first.code },
    })
  })

  test('are bound in the order given', async () => {
    const bindings = [
      { ref: { type: 'action_id', value: actionId }, display_name: 'Greet' },
    ] as const
    await client.actions.triggers.bindings.updateMany('post-login', { bindings: [...bindings] })
    const page = await client.actions.triggers.bindings.list('post-login')
    expect(page.data).toMatchObject([{ display_name: 'Greet', action: { name: 'greet' } }])
  })

  test('are not deleted while bound, unless by force', async () => {
    await expect(client.actions.delete(actionId)).rejects.toMatchObject({ statusCode: 409 })
    await client.actions.delete(actionId, { force: true })
    expect((await client.actions.triggers.bindings.list('post-login')).data).toEqual([])
    expect((await client.actions.list()).data).toEqual([])
  })
})

test('clients and connections are listed', async () => {
  const clients = await client.clients.list({ is_global: false })
  expect(clients.data.map(({ client_id }) => client_id)).toEqual(['web-app', 'spa'])
  const connections = await client.connections.list({ strategy: ['samlp'] })
  expect(connections.data).toMatchObject([{ name: 'acme-saml' }])
})

test('a token without the scope gets a typed 403 that names it', async () => {
  const reader = await clientWith('read:clients')
  await expect(reader.users.get('auth0|1')).rejects.toMatchObject({
    name: 'ForbiddenError',
    statusCode: 403,
    body: {
      errorCode: 'insufficient_scope',
      message: 'Insufficient scope, expected any of: read:users',
    },
  })
})
