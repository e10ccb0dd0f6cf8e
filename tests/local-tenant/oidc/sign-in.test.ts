import { describe, expect, test } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import * as client from 'openid-client'
import { API_IDENTIFIER } from '../../../playground/seed/seed.ts'
import {
  action,
  answerOf,
  bindActions,
  CALLBACK,
  CARA,
  CARA_ID,
  DEMO_URL,
  openAuthorize,
  redeem,
  shareTestTenant,
  signIn,
} from '../../../test-kit/local-tenant/oidc-harness.ts'

const { local, application } = await shareTestTenant()

describe('signing in with a code', () => {
  test('ends at the application with its own state and a code', async () => {
    const { page, state } = await signIn(local.browser(), application, CARA)
    expect(page.url.startsWith(`${CALLBACK}?`)).toBe(true)
    expect(answerOf(page.url)).toEqual({ code: expect.any(String), state })
  })

  test('gives an ID token that says who, when, for whom and in which session', async () => {
    const login = await signIn(local.browser(), application, CARA)
    const tokens = await redeem(application, login)
    const claims = tokens.claims()
    expect(claims).toEqual({
      iss: `${local.tenant.url}/`,
      sub: CARA_ID,
      aud: 'web-app',
      iat: expect.any(Number),
      exp: expect.any(Number),
      nonce: login.nonce,
      sid: expect.any(String),
      name: 'Cara Current',
      nickname: 'cara.current',
      picture: expect.stringContaining('https://s.gravatar.com/avatar/'),
      given_name: 'Cara',
      family_name: 'Current',
      updated_at: expect.any(String),
      email: CARA,
      email_verified: true,
    })
    expect((claims?.exp ?? 0) - (claims?.iat ?? 0)).toBe(36_000)
    expect(decodeProtectedHeader(tokens.id_token ?? '')).toMatchObject({ alg: 'RS256', typ: 'JWT' })
  })

  test('tells of the profile only what the scopes open', async () => {
    const login = await signIn(local.browser(), application, CARA, { scope: 'openid' })
    const claims = (await redeem(application, login)).claims()
    expect(claims).not.toHaveProperty('name')
    expect(claims).not.toHaveProperty('email')
  })

  test('without openid there is no ID token', async () => {
    const login = await signIn(local.browser(), application, CARA, { scope: 'profile' })
    const tokens = await client.authorizationCodeGrant(application, new URL(login.page.url), {
      pkceCodeVerifier: login.verifier,
      expectedState: login.state,
    })
    expect(tokens.id_token).toBeUndefined()
  })

  test('for an API the access token is a JWT with its audience, scopes and client', async () => {
    const login = await signIn(local.browser(), application, CARA, {
      audience: API_IDENTIFIER,
      scope: 'openid read:orders write:everything',
    })
    const tokens = await redeem(application, login)
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      iss: `${local.tenant.url}/`,
      sub: CARA_ID,
      aud: [API_IDENTIFIER, `${local.tenant.url}/userinfo`],
      azp: 'web-app',
      scope: 'openid read:orders',
    })
    expect(tokens.scope).toBe('openid read:orders')
  })

  test('without an API the access token is closed to applications', async () => {
    const tokens = await redeem(application, await signIn(local.browser(), application, CARA))
    expect(() => decodeJwt(tokens.access_token)).toThrow()
  })

  test('a public client needs no secret', async () => {
    const spa = await local.application('single-page-app')
    const tokens = await redeem(spa, await signIn(local.browser(), spa, CARA))
    expect(tokens.claims()?.aud).toBe('single-page-app')
  })

  test('an e-mail address is found whatever its case', async () => {
    const login = await signIn(local.browser(), application, ' Cara.CURRENT@Example.com')
    expect(answerOf(login.page.url)).toHaveProperty('code')
  })

  test('form_post brings the answer in a form', async () => {
    const browser = local.browser()
    const login = await signIn(browser, application, CARA, { response_mode: 'form_post' })
    expect(login.page.headers.get('content-security-policy')).toContain(DEMO_URL)
    const posted = (await browser.submit()).posted
    expect(posted).toEqual({ code: expect.any(String), state: login.state })
  })

  test('a fragment keeps the answer from the server', async () => {
    const { page } = await signIn(local.browser(), application, CARA, {
      response_mode: 'fragment',
    })
    const url = new URL(page.url)
    expect(url.search).toBe('')
    expect(new URLSearchParams(url.hash.slice(1)).get('code')).toMatch(/^[\w-]{43}$/)
  })

  test('/authorize takes a POST as well', async () => {
    const answer = await local.fetch(`${local.tenant.url}/authorize`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        client_id: 'web-app',
        redirect_uri: CALLBACK,
        response_type: 'code',
        prompt: 'none',
      }).toString(),
      redirect: 'manual',
    })
    expect(answer.headers.get('location')).toBe(
      `${CALLBACK}?error=login_required&error_description=Login+required`,
    )
  })
})

describe('logins', () => {
  test('are counted before Actions and even when they deny, but not for single sign-on', async () => {
    const count = (): number => local.state.users[CARA_ID]?.logins_count ?? 0
    const before = count()
    bindActions(local.state, [action('no', { onExecutePostLogin: `api.access.deny('no')` })])
    const browser = local.browser()
    await signIn(browser, application, CARA)
    expect(count()).toBe(before + 1)
    await openAuthorize(browser, application)
    await openAuthorize(browser, application, { prompt: 'none' })
    expect(count()).toBe(before + 1)
  })

  test('of blocked users are refused before any Action', async () => {
    const user = local.state.users[CARA_ID]
    if (user === undefined) throw new Error('Cara is gone')
    const before = { count: user.logins_count, traces: local.state.traces.length }
    user.blocked = true
    const browser = local.browser()
    const { page, state } = await signIn(browser, application, CARA)
    delete user.blocked
    expect(answerOf(page.url)).toEqual({
      error: 'unauthorized',
      error_description: 'user is blocked',
      state,
    })
    expect({ count: user.logins_count, traces: local.state.traces.length }).toEqual(before)
    const after = await openAuthorize(browser, application, { prompt: 'none' })
    expect(answerOf(after.page.url)['error']).toBe('login_required')
  })
})

describe('the Actions that run', () => {
  const mark = (value: string): string =>
    `exports.onExecutePostLogin = async (event, api) => {
      api.idToken.setCustomClaim('https://example.com/version', '${value}')
    }`

  test('are the deployed versions, not older ones and not the draft', async () => {
    bindActions(local.state, [{ name: 'marked', code: mark('old') }])
    const stored = Object.values(local.state.actions)[0]
    const [old] = stored?.versions ?? []
    if (stored === undefined || old === undefined) throw new Error('Nothing is bound')
    stored.versions.push({ ...old, id: 'deployed', number: 2, code: mark('deployed') })
    stored.deployed_version_id = 'deployed'
    stored.code = mark('draft')
    const tokens = await redeem(application, await signIn(local.browser(), application, CARA))
    expect(tokens.claims()?.['https://example.com/version']).toBe('deployed')
  })
})

describe('claims of Actions', () => {
  test('reach the token they were set for, but not under a restricted name', async () => {
    bindActions(local.state, [
      action('claims', {
        onExecutePostLogin: `
          api.idToken.setCustomClaim('https://example.com/claims/plan', 'gold')
          api.idToken.setCustomClaim('name', 'Somebody')
          api.idToken.setCustomClaim('roles', ['admin'])
          api.idToken.setCustomClaim('sub', 'auth0|other')
          api.idToken.setCustomClaim('https://x.auth0.com/claim', 1)
          api.accessToken.setCustomClaim('https://example.com/claims/groups', ['a'])
          api.accessToken.setCustomClaim('azp', 'other')
          api.accessToken.addScope('extra:scope')
          api.accessToken.removeScope('email')`,
      }),
    ])
    const login = await signIn(local.browser(), application, CARA, { audience: API_IDENTIFIER })
    const tokens = await redeem(application, login)
    const id = tokens.claims()
    expect(id).toMatchObject({
      'https://example.com/claims/plan': 'gold',
      name: 'Somebody',
      sub: CARA_ID,
    })
    expect(id).not.toHaveProperty('roles')
    expect(id).not.toHaveProperty(['https://x.auth0.com/claim'])
    expect(id).not.toHaveProperty(['https://example.com/claims/groups'])
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      'https://example.com/claims/groups': ['a'],
      azp: 'web-app',
      scope: 'openid profile offline_access extra:scope',
    })
  })

  test('an Action may make another user the one of tokens and session', async () => {
    bindActions(local.state, [
      action('primary', {
        onExecutePostLogin: `api.authentication.setPrimaryUser(event.secrets.to)`,
      }),
    ])
    const nora = 'auth0|6740a1c0de00000000000001'
    const [primary] = Object.values(local.state.actions)
    primary?.versions[0]?.secrets.push({ name: 'to', value: nora, updated_at: '' })
    const browser = local.browser()
    const tokens = await redeem(application, await signIn(browser, application, CARA))
    expect(tokens.claims()?.sub).toBe(nora)
    bindActions(local.state, [])
    const silent = await openAuthorize(browser, application, { prompt: 'none' })
    expect((await redeem(application, silent)).claims()?.sub).toBe(nora)
  })
})
