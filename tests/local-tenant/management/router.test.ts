import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWTPayload } from 'jose'
import { mintManagementToken } from '../../../local-tenant/management-token.ts'
import { startTestTenant, type TestTenant } from '../../../test-kit/local-tenant/test-tenant.ts'

const NOW = Date.parse('2026-05-01T12:00:00Z')

let tenant: TestTenant
let now = NOW

beforeEach(async () => {
  now = NOW
  tenant = await startTestTenant({ now: () => now })
})

afterEach(() => tenant.close())

describe('who may call', () => {
  const claims = (changes: JWTPayload = {}): JWTPayload => ({
    iss: tenant.context.issuer,
    sub: 'someone@clients',
    aud: `${tenant.context.issuer}api/v2/`,
    iat: NOW / 1000,
    exp: NOW / 1000 + 60,
    scope: 'read:users',
    ...changes,
  })

  const sign = async (payload: JWTPayload, key = tenant.context.store.state.signing_key) =>
    new SignJWT(payload).setProtectedHeader({ alg: 'RS256' }).sign(await importJWK(key, 'RS256'))

  const statusWith = async (authorization: string | null): Promise<number> =>
    (await tenant.call({ path: 'users', authorization })).status

  test('a good token gets an answer', async () => {
    expect(await statusWith(`Bearer ${await sign(claims())}`)).toBe(200)
  })

  test('a token of mintManagementToken is good for a day', async () => {
    const authorization = `Bearer ${await mintManagementToken(tenant.context, 'c', ['read:users'])}`
    now = NOW + 86_399_000
    expect(await statusWith(authorization)).toBe(200)
    now = NOW + 86_401_000
    const late = await tenant.call({ path: 'users', authorization })
    expect(late).toMatchObject({
      status: 401,
      body: { statusCode: 401, error: 'Unauthorized', message: expect.stringContaining('Expired') },
    })
  })

  test.each([
    ['no header', null],
    ['no Bearer', 'Basic dXNlcjpwYXNz'],
    ['no token', 'Bearer '],
    ['junk', 'Bearer junk'],
  ])('%s is answered with 401', async (_name, authorization) => {
    expect(await statusWith(authorization)).toBe(401)
  })

  test.each([
    ['another issuer', { iss: 'https://evil.example/' }],
    ['another audience', { aud: 'https://api.example/' }],
    ['no audience', { aud: undefined }],
    ['no end', { exp: undefined }],
    ['no subject', { sub: undefined }],
    ['an end in the past', { exp: NOW / 1000 - 1 }],
    ['a start in the future', { nbf: NOW / 1000 + 600 }],
  ])('a token with %s is answered with 401', async (_name, changes) => {
    expect(await statusWith(`Bearer ${await sign(claims(changes as JWTPayload))}`)).toBe(401)
  })

  test('a token signed by another key is answered with 401', async () => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true })
    const token = await sign(claims(), await exportJWK(privateKey))
    expect(await statusWith(`Bearer ${token}`)).toBe(401)
  })

  test('a token signed with the public key as an HMAC secret is answered with 401', async () => {
    const secret = new TextEncoder().encode(tenant.context.store.state.signing_key.n)
    const token = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256' }).sign(secret)
    expect(await statusWith(`Bearer ${token}`)).toBe(401)
  })

  test('an unsigned token is answered with 401', async () => {
    const part = (value: unknown): string =>
      Buffer.from(JSON.stringify(value)).toString('base64url')
    expect(await statusWith(`Bearer ${part({ alg: 'none' })}.${part(claims())}.`)).toBe(401)
  })

  test.each([
    ['GET', 'actions/actions', 'read:actions'],
    ['POST', 'actions/actions', 'create:actions'],
    ['GET', 'actions/actions/x', 'read:actions'],
    ['PATCH', 'actions/actions/x', 'update:actions'],
    ['DELETE', 'actions/actions/x', 'delete:actions'],
    ['POST', 'actions/actions/x/deploy', 'create:actions'],
    ['GET', 'actions/actions/x/versions', 'read:actions'],
    ['GET', 'actions/actions/x/versions/y', 'read:actions'],
    ['POST', 'actions/actions/x/versions/y/deploy', 'create:actions'],
    ['POST', 'actions/actions/x/test', 'create:actions'],
    ['GET', 'actions/modules', 'read:actions'],
    ['GET', 'actions/triggers', 'read:actions'],
    ['GET', 'actions/triggers/post-login/bindings', 'read:actions'],
    ['PATCH', 'actions/triggers/post-login/bindings', 'update:actions'],
    ['GET', 'actions/executions/x', 'read:actions'],
    ['GET', 'users', 'read:users'],
    ['GET', 'users-by-email?email=x', 'read:users'],
    ['POST', 'users', 'create:users'],
    ['GET', 'users/x', 'read:users'],
    ['PATCH', 'users/x', 'update:users,update:users_app_metadata'],
    ['DELETE', 'users/x', 'delete:users'],
    ['GET', 'clients', 'read:clients,read:client_keys'],
    ['POST', 'clients', 'create:clients'],
    ['GET', 'clients/x', 'read:clients,read:client_keys'],
    ['PATCH', 'clients/x', 'update:clients,update:client_keys'],
    ['DELETE', 'clients/x', 'delete:clients'],
    ['GET', 'connections', 'read:connections'],
    ['GET', 'connections/x', 'read:connections'],
    ['PATCH', 'connections/x', 'update:connections'],
    ['GET', 'connections/x/clients', 'read:connections'],
    ['PATCH', 'connections/x/clients', 'update:connections'],
    ['GET', 'connections/x/scim-configuration', 'read:scim_config'],
    ['GET', 'connections-directory-provisionings', 'read:directory_provisionings'],
    ['GET', 'resource-servers', 'read:resource_servers'],
    ['GET', 'resource-servers/x', 'read:resource_servers'],
    ['GET', 'tenants/settings', 'read:tenant_settings'],
    ['GET', 'roles', 'read:roles'],
  ])('%s /%s wants one of %s', async (method, path, expected) => {
    const refused = await tenant.call({ method, path, scopes: ['read:nothing', `${expected}x`] })
    expect(refused).toMatchObject({
      status: 403,
      body: {
        statusCode: 403,
        error: 'Forbidden',
        message: `Insufficient scope, expected any of: ${expected}`,
        errorCode: 'insufficient_scope',
      },
    })
    for (const scope of expected.split(',')) {
      expect((await tenant.call({ method, path, scopes: [scope] })).status).not.toBe(403)
    }
  })
})

describe('every answer', () => {
  test.each([
    ['a page', 'users', undefined],
    ['an error', 'users/auth0%7Cnobody', undefined],
    ['a refusal', 'users', null],
    ['an unknown endpoint', 'prompts', undefined],
  ])('tells the rate limit: %s', async (_name, path, authorization) => {
    const { headers } = await tenant.call({
      path,
      ...(authorization !== undefined && { authorization }),
    })
    expect(Number(headers.get('x-ratelimit-limit'))).toBeGreaterThan(0)
    expect(Number(headers.get('x-ratelimit-remaining'))).toBeGreaterThan(0)
    expect(Number(headers.get('x-ratelimit-reset'))).toBe(NOW / 1000 + 1)
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('for an unknown endpoint is a 404 in JSON', async () => {
    expect(await tenant.call({ method: 'PUT', path: 'users/1', body: {} })).toMatchObject({
      status: 404,
      body: { statusCode: 404, error: 'Not Found', message: 'Not Found' },
    })
  })

  test.each([
    ['JSON that is cut off', 'POST', 'users', '{"email":', 400],
    ['a body of two megabytes', 'POST', 'users', JSON.stringify('x'.repeat(2_000_000)), 413],
    ['a path that cannot be decoded', 'GET', 'users/%E0%A4%A', undefined, 400],
  ])('to %s says so in JSON', async (_name, method, path, body, status) => {
    expect(await tenant.call({ method, path, body })).toMatchObject({
      status,
      body: { statusCode: status, message: expect.any(String) },
    })
  })

  test('comes before the body is read when the caller is unknown', async () => {
    const answer = await tenant.call({
      method: 'POST',
      path: 'users',
      body: '{"email":',
      authorization: null,
    })
    expect(answer.status).toBe(401)
  })
})

describe('the request log', () => {
  test('holds method, template and status, and counts only changes that were granted', async () => {
    await tenant.call({ path: 'users/auth0%7C1?fields=email' })
    await tenant.call({ method: 'DELETE', path: 'users/auth0%7C1' })
    await tenant.call({ method: 'PATCH', path: 'users/auth0%7C1', body: { name: 'x' } })
    await tenant.call({ method: 'DELETE', path: 'users/auth0%7C1', authorization: null })
    await tenant.call({ method: 'PUT', path: 'users/auth0%7C1' })
    expect(tenant.log.requests()).toEqual([
      { method: 'GET', path: '/users/:id', status: 404 },
      { method: 'DELETE', path: '/users/:id', status: 204 },
      { method: 'PATCH', path: '/users/:id', status: 404 },
      { method: 'DELETE', path: '/users/:id', status: 401 },
      { method: 'PUT', path: '*', status: 404 },
    ])
    expect(tenant.log.writes()).toBe(1)
  })
})
