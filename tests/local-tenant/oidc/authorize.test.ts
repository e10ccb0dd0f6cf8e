import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  answerOf,
  CALLBACK,
  startTestTenant,
  type TestTenant,
} from '../../../test-kit/local-tenant/oidc-harness.ts'

const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

let local: TestTenant

beforeAll(async () => {
  local = await startTestTenant()
})

afterAll(() => local.close())

beforeEach(() => {
  local.clock.skipped = 0
})

/** A good request of the public client, changed; `undefined` leaves a parameter out. */
const ask = (changes: Record<string, string | string[] | undefined>) => {
  const parameters = new URLSearchParams()
  const all: Record<string, string | string[] | undefined> = {
    client_id: 'single-page-app',
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid',
    state: 'of the application',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  }
  for (const [name, value] of Object.entries(all)) {
    for (const one of [value].flat()) if (one !== undefined) parameters.append(name, one)
  }
  return local.browser().open(`${local.tenant.url}/authorize?${parameters.toString()}`)
}

describe('/authorize', () => {
  test('leads a good request to the login page', async () => {
    const page = await ask({})
    expect([page.status, new URL(page.url).pathname]).toEqual([200, '/u/login'])
  })

  test.each([
    ['no client_id', { client_id: undefined }],
    ['an unknown client_id', { client_id: 'nobody' }],
    ['the name of an inherited property', { client_id: 'constructor' }],
    ['two client_ids', { client_id: ['single-page-app', 'web-app'] }],
    ['no redirect_uri', { redirect_uri: undefined }],
    ['another site', { redirect_uri: 'https://evil.example.test/callback' }],
    ['more path', { redirect_uri: `${CALLBACK}/more` }],
    ['more query', { redirect_uri: `${CALLBACK}?a=b` }],
    ['a fragment', { redirect_uri: `${CALLBACK}#a` }],
    ['another case', { redirect_uri: CALLBACK.replace('callback', 'Callback') }],
    ['HTTP', { redirect_uri: CALLBACK.replace('https', 'http') }],
    ['another port', { redirect_uri: CALLBACK.replace('.test', '.test:8443') }],
    ['a user name', { redirect_uri: CALLBACK.replace('https://', 'https://a@') }],
    ['two redirect_uris', { redirect_uri: [CALLBACK, 'https://evil.example.test/'] }],
    ['a script', { redirect_uri: 'javascript:alert(1)' }],
    ['two response_modes', { response_mode: ['query', 'form_post'] }],
    ['an unknown response_mode', { response_mode: 'sms' }],
  ])('with %s shows a page and leads nowhere', async (_name, changes) => {
    const page = await ask(changes)
    expect(page.stopped).toBe(false)
    expect(page.status).toBe(403)
    expect(page.html).toContain('<code>invalid_request</code>')
  })

  test('with web_message wants the origin among web_origins', async () => {
    const client = local.state.clients['single-page-app']
    if (client === undefined) throw new Error('The client is gone')
    const origins = client.web_origins
    client.web_origins = []
    const page = await ask({ response_mode: 'web_message', prompt: 'none' })
    client.web_origins = origins
    expect(page.status).toBe(403)
  })

  test.each([
    ['no response_type', { response_type: undefined }, 'invalid_request'],
    ['another response_type', { response_type: 'token' }, 'unsupported_response_type'],
    ['two scopes', { scope: ['openid', 'email'] }, 'invalid_request'],
    ['two states', { state: ['a', 'b'] }, 'invalid_request'],
    ['no code_challenge of a public client', { code_challenge: undefined }, 'invalid_request'],
    ['a plain code_challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a code_challenge of no method', { code_challenge_method: undefined }, 'invalid_request'],
    ['a code_challenge that is no SHA-256', { code_challenge: 'short' }, 'invalid_request'],
    ['an unknown prompt', { prompt: 'None' }, 'invalid_request'],
    ['prompt=none and more', { prompt: 'none login' }, 'invalid_request'],
    ['max_age in words', { max_age: 'young' }, 'invalid_request'],
    ['a negative max_age', { max_age: '-1' }, 'invalid_request'],
    ['an unknown connection', { connection: 'nowhere' }, 'invalid_request'],
    ['an unknown API', { audience: 'https://unknown.example.com' }, 'access_denied'],
    ['a request object', { request: 'ey' }, 'request_not_supported'],
    ['a request_uri', { request_uri: 'urn:x' }, 'request_uri_not_supported'],
    ['a silent request and no session', { prompt: 'none' }, 'login_required'],
  ])('tells the application of %s', async (_name, changes, error) => {
    const page = await ask(changes)
    expect(page.stopped).toBe(true)
    expect(answerOf(page.url)).toMatchObject({ error, error_description: expect.any(String) })
  })

  test('gives the state back with an error', async () => {
    expect(answerOf((await ask({ prompt: 'none' })).url)['state']).toBe('of the application')
  })

  test('refuses a client that may not use codes', async () => {
    const client = local.state.clients['web-app']
    if (client === undefined) throw new Error('The client is gone')
    const grantTypes = client.grant_types
    client.grant_types = ['client_credentials']
    const page = await ask({ client_id: 'web-app' })
    client.grant_types = grantTypes
    expect(answerOf(page.url)['error']).toBe('unauthorized_client')
  })

  test('refuses a connection that is not enabled for the application', async () => {
    const connection = Object.values(local.state.connections).find(
      ({ name }) => name === 'acme-saml',
    )
    if (connection === undefined) throw new Error('The connection is gone')
    const enabled = connection.enabled_clients
    connection.enabled_clients = ['web-app']
    const page = await ask({ connection: 'acme-saml' })
    connection.enabled_clients = enabled
    expect(answerOf(page.url)['error']).toBe('invalid_request')
  })

  test('keeps a query that the callback has', async () => {
    const client = local.state.clients['single-page-app']
    client?.callbacks.push(`${CALLBACK}?kept=1`)
    const page = await ask({ redirect_uri: `${CALLBACK}?kept=1`, prompt: 'none' })
    expect(answerOf(page.url)).toMatchObject({ kept: '1', error: 'login_required' })
  })
})

describe('/.well-known', () => {
  test('describes what is there, under an issuer with a slash at its end', async () => {
    const { url } = local.tenant
    const answer = await local.fetch(`${url}/.well-known/openid-configuration`)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(await answer.json()).toMatchObject({
      issuer: `${url}/`,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/oauth/token`,
      userinfo_endpoint: `${url}/userinfo`,
      jwks_uri: `${url}/.well-known/jwks.json`,
      end_session_endpoint: `${url}/oidc/logout`,
      revocation_endpoint: `${url}/oauth/revoke`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
    })
  })

  test('publishes the public half of the signing key and no more', async () => {
    const answer = await local.fetch(`${local.tenant.url}/.well-known/jwks.json`)
    const { keys } = (await answer.json()) as { keys: Record<string, unknown>[] }
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([
      ['alg', 'e', 'kid', 'kty', 'n', 'use'],
    ])
  })
})
