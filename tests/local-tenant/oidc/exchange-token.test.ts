import { describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import * as client from 'openid-client'
import { PEOPLE_PASSWORD } from '../../../playground/seed/people.ts'
import { API_IDENTIFIER } from '../../../playground/seed/seed.ts'
import {
  action,
  bindActions,
  CALLBACK,
  CARA,
  CARA_ID,
  errorOf,
  redeem,
  shareTestTenant,
  signIn,
} from '../../../test-kit/local-tenant/oidc-harness.ts'

const PASSWORD_REALM = 'http://auth0.com/oauth/grant-type/password-realm'
const DATABASE = 'Username-Password-Authentication'

const { local, application } = await shareTestTenant()

interface TokenResponse {
  status: number
  headers: Headers
  body: Record<string, unknown>
}

const post = async (
  fields: Record<string, string> | string,
  headers: Record<string, string> = {},
): Promise<TokenResponse> => {
  const answer = await local.fetch(`${local.tenant.url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
  })
  const body = (await answer.json()) as Record<string, unknown>
  return { status: answer.status, headers: answer.headers, body }
}

const secretOf = (clientId: string): string => local.state.clients[clientId]?.client_secret ?? ''

const webApp = (): Record<string, string> => ({
  client_id: 'web-app',
  client_secret: secretOf('web-app'),
})

const withPassword = (changes: Record<string, string> = {}): Record<string, string> => ({
  ...webApp(),
  grant_type: PASSWORD_REALM,
  realm: DATABASE,
  username: CARA,
  password: PEOPLE_PASSWORD,
  scope: 'openid profile email offline_access',
  ...changes,
})

const basic = (id: string, secret: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
})

describe('/oauth/token', () => {
  test.each<[string, () => Record<string, string>, number, string]>([
    ['no client', () => ({ grant_type: 'password' }), 401, 'invalid_client'],
    [
      'an unknown client',
      () => ({ grant_type: 'password', client_id: 'nobody', client_secret: 'x' }),
      401,
      'invalid_client',
    ],
    ['a wrong secret', () => withPassword({ client_secret: 'wrong' }), 401, 'invalid_client'],
    ['an empty secret', () => withPassword({ client_secret: '' }), 401, 'invalid_client'],
    [
      'a secret of a client that has none',
      () => withPassword({ client_id: 'single-page-app', client_secret: 'x' }),
      401,
      'invalid_client',
    ],
    ['no grant_type', webApp, 400, 'invalid_request'],
    [
      'an unknown grant_type',
      () => ({ ...webApp(), grant_type: 'magic' }),
      400,
      'unsupported_grant_type',
    ],
    [
      'the name of an inherited property',
      () => ({ ...webApp(), grant_type: 'constructor' }),
      400,
      'unsupported_grant_type',
    ],
    [
      'a grant_type the client may not use',
      () => ({ ...webApp(), grant_type: 'client_credentials' }),
      400,
      'unauthorized_client',
    ],
    [
      'no code',
      () => ({ ...webApp(), grant_type: 'authorization_code', redirect_uri: CALLBACK }),
      400,
      'invalid_request',
    ],
    [
      'an unknown code',
      () => ({
        ...webApp(),
        grant_type: 'authorization_code',
        redirect_uri: CALLBACK,
        code: 'unknown',
      }),
      403,
      'invalid_grant',
    ],
    [
      'no refresh token',
      () => ({ ...webApp(), grant_type: 'refresh_token' }),
      400,
      'invalid_request',
    ],
    [
      'an unknown refresh token',
      () => ({ ...webApp(), grant_type: 'refresh_token', refresh_token: 'v1.x.y' }),
      403,
      'invalid_grant',
    ],
    [
      'a refresh token without parts',
      () => ({ ...webApp(), grant_type: 'refresh_token', refresh_token: 'x' }),
      403,
      'invalid_grant',
    ],
    ['no password', () => withPassword({ password: '' }), 400, 'invalid_request'],
    ['a wrong password', () => withPassword({ password: 'wrong' }), 403, 'invalid_grant'],
    ['an unknown user', () => withPassword({ username: 'a@example.com' }), 403, 'invalid_grant'],
    ['no realm', () => withPassword({ realm: '' }), 400, 'invalid_request'],
    ['an unknown realm', () => withPassword({ realm: 'nowhere' }), 400, 'invalid_request'],
    [
      'a realm without passwords',
      () => withPassword({ realm: 'acme-saml' }),
      400,
      'invalid_request',
    ],
    [
      'an unknown API',
      () => withPassword({ audience: 'https://unknown.example.com' }),
      403,
      'access_denied',
    ],
  ])('with %s answers an error', async (_name, fields, status, error) => {
    const answer = await post(fields())
    expect(answer.body).toEqual({ error, error_description: expect.any(String) })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  test('refuses a parameter sent twice', async () => {
    const fields = new URLSearchParams(withPassword())
    fields.append('username', 'other@example.com')
    expect((await post(fields.toString())).body['error']).toBe('invalid_request')
  })

  test('refuses a body that it cannot read', async () => {
    const answer = await post('{"grant_type"', { 'content-type': 'application/json' })
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request'])
  })

  test('refuses JSON whose values are not text', async () => {
    const answer = await post(JSON.stringify({ ...withPassword(), username: { $ne: '' } }), {
      'content-type': 'application/json',
    })
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request'])
  })

  test('takes JSON', async () => {
    const answer = await post(JSON.stringify(withPassword()), {
      'content-type': 'application/json',
    })
    expect([answer.status, answer.body['token_type']]).toEqual([200, 'Bearer'])
  })

  test('takes the client in a Basic header', async () => {
    const { client_id: id, client_secret: secret, ...fields } = withPassword()
    expect((await post(fields, basic(id ?? '', secret ?? ''))).status).toBe(200)
    const wrong = await post(fields, basic(id ?? '', 'wrong'))
    expect(wrong.status).toBe(401)
    expect(wrong.headers.get('www-authenticate')).toBe('Basic')
  })

  test('refuses a client that proves itself in two ways, or names two ids', async () => {
    const header = basic('web-app', secretOf('web-app'))
    expect((await post(withPassword(), header)).body['error']).toBe('invalid_request')
    const fields = withPassword({ client_id: 'partner-app' })
    delete fields['client_secret']
    expect((await post(fields, header)).body['error']).toBe('invalid_request')
  })
})

describe('a password grant', () => {
  const look = action('look', {
    onExecutePostLogin: `
      const { secrets, ...rest } = event
      api.idToken.setCustomClaim('https://example.com/event', rest)`,
  })

  test.each([PASSWORD_REALM, 'password'])('%s gives tokens', async (grantType) => {
    const { body } = await post(withPassword({ grant_type: grantType, audience: API_IDENTIFIER }))
    expect(decodeJwt(String(body['id_token']))).toMatchObject({ sub: CARA_ID, email: CARA })
    expect(decodeJwt(String(body['id_token']))).not.toHaveProperty('sid')
    expect(decodeJwt(String(body['access_token']))).toMatchObject({ gty: 'password' })
    expect(body['refresh_token']).toMatch(/^v1\./)
  })

  test('shows Actions a sign-in without session, password or browser', async () => {
    bindActions(local.state, [look])
    const { body } = await post(withPassword())
    const event = decodeJwt(String(body['id_token']))['https://example.com/event']
    expect(event).toMatchObject({
      transaction: { protocol: 'oauth2-password' },
      authentication: { methods: [{ name: 'pwd' }] },
      request: { method: 'POST', body: { username: CARA } },
    })
    expect(event).not.toHaveProperty('session')
    expect(event).not.toHaveProperty('transaction.id')
    expect(JSON.stringify(event)).not.toContain(PEOPLE_PASSWORD)
    expect(JSON.stringify(event)).not.toContain(secretOf('web-app'))
  })

  test('counts as a login', async () => {
    const before = local.state.users[CARA_ID]?.logins_count ?? 0
    await post(withPassword())
    expect(local.state.users[CARA_ID]?.logins_count).toBe(before + 1)
  })

  test('is refused when an Action denies', async () => {
    bindActions(local.state, [action('no', { onExecutePostLogin: `api.access.deny('no_entry')` })])
    const { status, body } = await post(withPassword())
    expect([status, body]).toEqual([403, { error: 'access_denied', error_description: 'no_entry' }])
  })

  test('is refused when an Action wants to show a page', async () => {
    bindActions(local.state, [
      action('away', {
        onExecutePostLogin: `api.redirect.sendUserTo('https://terms.example.test/')`,
        onContinuePostLogin: '',
      }),
    ])
    const { status, body } = await post(withPassword())
    expect([status, body['error']]).toEqual([403, 'interaction_required'])
    expect(body).not.toHaveProperty('access_token')
  })

  test('is refused to a blocked user before any Action', async () => {
    const user = local.state.users[CARA_ID]
    if (user === undefined) throw new Error('Cara is gone')
    const traces = local.state.traces.length
    user.blocked = true
    const { status, body } = await post(withPassword())
    delete user.blocked
    expect([status, body]).toEqual([
      403,
      { error: 'unauthorized', error_description: 'user is blocked' },
    ])
    expect(local.state.traces).toHaveLength(traces)
  })
})

describe('a refresh token', () => {
  const signedIn = async (parameters: Record<string, string> = {}) =>
    redeem(application, await signIn(local.browser(), application, CARA, parameters))

  const refresh = (token: string | undefined, parameters: Record<string, string> = {}) =>
    client.refreshTokenGrant(application, token ?? '', parameters)

  test('is only given with offline_access', async () => {
    expect(await signedIn({ scope: 'openid' })).not.toHaveProperty('refresh_token')
  })

  test('is not given for an API that does not allow it, nor to a client that may not refresh', async () => {
    const [api] = Object.values(local.state.resource_servers)
    const webApp = local.state.clients['web-app']
    if (api === undefined || webApp === undefined) throw new Error('The seed is empty')
    api.allow_offline_access = false
    const forApi = await signedIn({ audience: API_IDENTIFIER })
    api.allow_offline_access = true
    expect(forApi).not.toHaveProperty('refresh_token')
    const grantTypes = webApp.grant_types
    webApp.grant_types = ['authorization_code']
    const forClient = await signedIn()
    webApp.grant_types = grantTypes
    expect(forClient).not.toHaveProperty('refresh_token')
  })

  test('is changed for new tokens and a new refresh token', async () => {
    const first = await signedIn({
      audience: API_IDENTIFIER,
      scope: 'openid profile offline_access read:orders',
    })
    const second = await refresh(first.refresh_token)
    expect(second.claims()).toMatchObject({ sub: CARA_ID, name: 'Cara Current' })
    expect(second.claims()).not.toHaveProperty('nonce')
    expect(decodeJwt(second.access_token)).toMatchObject({
      aud: [API_IDENTIFIER, `${local.tenant.url}/userinfo`],
      scope: 'openid profile offline_access read:orders',
    })
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect((await refresh(second.refresh_token)).claims()?.sub).toBe(CARA_ID)
  })

  test('that was used already ends all that came of it', async () => {
    const first = await signedIn()
    const second = await refresh(first.refresh_token)
    expect(await errorOf(refresh(first.refresh_token))).toBe('invalid_grant')
    expect(await errorOf(refresh(second.refresh_token))).toBe('invalid_grant')
  })

  test('is good for one of two exchanges at the same time, and then for none', async () => {
    const { refresh_token: token } = await signedIn()
    // Long enough for the second request to find the token unused.
    bindActions(local.state, [
      action('slow', { onExecutePostLogin: `await new Promise((done) => setTimeout(done, 100))` }),
    ])
    const both = await Promise.allSettled([refresh(token), refresh(token)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const [winner] = both.filter((one) => one.status === 'fulfilled')
    expect(await errorOf(refresh(winner?.value.refresh_token))).toBe('invalid_grant')
  })

  test('with a guessed secret is refused and does no harm', async () => {
    const { refresh_token: token } = await signedIn()
    const guess = `${token?.slice(0, -43) ?? ''}${'A'.repeat(43)}`
    expect(await errorOf(refresh(guess))).toBe('invalid_grant')
    expect((await refresh(token)).claims()?.sub).toBe(CARA_ID)
  })

  test('is kept as a hash', async () => {
    const { refresh_token: token } = await signedIn()
    expect(JSON.stringify(local.state)).not.toContain(token)
  })

  test('is refused to another client', async () => {
    const { refresh_token: token } = await signedIn()
    const other = await local.application('partner-app')
    expect(await errorOf(client.refreshTokenGrant(other, token ?? ''))).toBe('invalid_grant')
  })

  test('ends after thirty days', async () => {
    const { refresh_token: token } = await signedIn()
    local.clock.skipped = 30 * 86_400_000 + 1000
    expect(await errorOf(refresh(token))).toBe('invalid_grant')
  })

  test('may ask for less and not for more', async () => {
    const { refresh_token: token } = await signedIn()
    expect(await errorOf(refresh(token, { scope: 'openid read:orders' }))).toBe('invalid_scope')
    expect((await refresh(token, { scope: 'openid' })).scope).toBe('openid')
  })

  test('runs the Actions again, without session and without counting a login', async () => {
    bindActions(local.state, [
      action('look', {
        onExecutePostLogin: `
          const { transaction, session, request, authentication } = event
          api.idToken.setCustomClaim('https://example.com/event',
            { transaction, session: session === undefined, body: request.body, authentication })`,
      }),
    ])
    const first = await signedIn()
    const count = local.state.users[CARA_ID]?.logins_count
    const second = await refresh(first.refresh_token)
    expect(second.claims()?.['https://example.com/event']).toEqual({
      transaction: {
        protocol: 'oauth2-refresh-token',
        requested_scopes: ['openid', 'profile', 'email', 'offline_access'],
        metadata: {},
      },
      session: true,
      body: {
        grant_type: 'refresh_token',
        client_id: 'web-app',
        refresh_token: first.refresh_token,
      },
    })
    expect(local.state.users[CARA_ID]?.logins_count).toBe(count)
  })

  test('stays good when an Action denies, so that the user can put it right', async () => {
    const { refresh_token: token } = await signedIn()
    bindActions(local.state, [action('no', { onExecutePostLogin: `api.access.deny('no_entry')` })])
    const denied = await post({
      ...webApp(),
      grant_type: 'refresh_token',
      refresh_token: token ?? '',
    })
    expect([denied.status, denied.body]).toEqual([
      403,
      { error: 'access_denied', error_description: 'no_entry' },
    ])
    bindActions(local.state, [])
    expect((await refresh(token)).claims()?.sub).toBe(CARA_ID)
  })

  test('is refused to a blocked user, and when the user is gone', async () => {
    const { refresh_token: token } = await signedIn()
    const user = local.state.users[CARA_ID]
    if (user === undefined) throw new Error('Cara is gone')
    user.blocked = true
    expect(await errorOf(refresh(token))).toBe('unauthorized')
    delete user.blocked
    delete local.state.users[CARA_ID]
    expect(await errorOf(refresh(token))).toBe('invalid_grant')
    local.state.users[CARA_ID] = user
  })

  test('ends when it is revoked, but not by another client', async () => {
    const { refresh_token: token = '' } = await signedIn()
    await client.tokenRevocation(await local.application('partner-app'), token)
    const { refresh_token: next = '' } = await refresh(token)
    await client.tokenRevocation(application, next)
    expect(await errorOf(refresh(next))).toBe('invalid_grant')
  })

  test('revocation tells nothing of an unknown token, and wants to know the client', async () => {
    await expect(client.tokenRevocation(application, 'unknown')).resolves.toBeUndefined()
    const answer = await local.fetch(`${local.tenant.url}/oauth/revoke`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_id: 'web-app', token: 'x' }),
    })
    expect(answer.status).toBe(401)
  })
})

describe('client credentials', () => {
  const tools = (changes: Record<string, string> = {}): Record<string, string> => ({
    grant_type: 'client_credentials',
    client_id: 'local-tools',
    client_secret: secretOf('local-tools'),
    audience: `${local.tenant.url}/api/v2/`,
    ...changes,
  })

  test('give a Management API token with the scopes of the client', async () => {
    const { body } = await post(tools())
    expect(decodeJwt(String(body['access_token']))).toMatchObject({
      sub: 'local-tools@clients',
      gty: 'client-credentials',
      scope: local.state.clients['local-tools']?.management_scopes?.join(' '),
    })
    const answer = await local.fetch(
      `${local.tenant.url}/api/v2/users/${encodeURIComponent(CARA_ID)}`,
      { headers: { authorization: `Bearer ${String(body['access_token'])}` } },
    )
    expect(await answer.json()).toMatchObject({ email: CARA })
  })

  test('may ask for less', async () => {
    const { body } = await post(tools({ scope: 'read:users' }))
    expect(decodeJwt(String(body['access_token']))['scope']).toBe('read:users')
  })

  test.each<[string, Record<string, string>, string]>([
    ['more scopes than the client has', { scope: 'read:users delete:tenant' }, 'access_denied'],
    ['no API', { audience: '' }, 'invalid_request'],
    ['an API without grant', { audience: API_IDENTIFIER }, 'access_denied'],
    ['an unknown API', { audience: 'https://unknown.example.com' }, 'access_denied'],
  ])('are refused for %s', async (_name, changes, error) => {
    const { body } = await post(tools(changes))
    expect(body).toEqual({ error, error_description: expect.any(String) })
  })
})

test('refresh tokens that have ended are not kept for ever', async () => {
  const newId = async (): Promise<string> => {
    const tokens = await redeem(application, await signIn(local.browser(), application, CARA))
    return tokens.refresh_token?.split('.')[1] ?? ''
  }
  local.state.refresh_tokens = {}
  const [old, revoked] = [await newId(), await newId()]
  const family = local.state.refresh_tokens[revoked]
  if (family === undefined) throw new Error('no refresh token was kept')
  family.revoked = true
  const young = await newId()
  expect(Object.keys(local.state.refresh_tokens)).toEqual([old, young])
  local.clock.skipped = 30 * 86_400_000
  const youngest = await newId()
  expect(Object.keys(local.state.refresh_tokens)).toEqual([youngest])
})
