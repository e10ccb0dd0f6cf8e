import { describe, expect, test } from '@jest/globals'
import {
  answerOf,
  CARA,
  CARA_ID,
  DEMO_URL,
  openAuthorize,
  redeem,
  shareTestTenant,
  signIn,
} from '../../../test-kit/local-tenant/oidc-harness.ts'

const { local, application } = await shareTestTenant()

describe('a session', () => {
  test('begins with the sign-in and spares the next one, for other applications too', async () => {
    const browser = local.browser()
    const first = await redeem(application, await signIn(browser, application, CARA))
    const spa = await local.application('single-page-app')
    const second = await redeem(spa, await openAuthorize(browser, spa))
    expect(second.claims()).toMatchObject({ sub: CARA_ID, sid: first.claims()?.['sid'] })
  })

  test('answers silently', async () => {
    const browser = local.browser()
    await signIn(browser, application, CARA)
    const { page } = await openAuthorize(browser, application, { prompt: 'none' })
    expect(answerOf(page.url)).toHaveProperty('code')
  })

  test('answers silently into the frame of the application', async () => {
    const browser = local.browser()
    await signIn(browser, application, CARA)
    const { page, state } = await openAuthorize(browser, application, {
      prompt: 'none',
      response_mode: 'web_message',
    })
    const answer = page.document.querySelector('#answer')
    expect(answer?.getAttribute('data-origin')).toBe(DEMO_URL)
    expect(JSON.parse(answer?.getAttribute('data-message') ?? '')).toEqual({
      type: 'authorization_response',
      response: { code: expect.any(String), state },
    })
    expect(page.headers.get('content-security-policy')).toContain(`frame-ancestors ${DEMO_URL}`)
  })

  test('is asked for silently and not there: login_required', async () => {
    const { page, state } = await openAuthorize(local.browser(), application, { prompt: 'none' })
    expect(answerOf(page.url)).toEqual({
      error: 'login_required',
      error_description: 'Login required',
      state,
    })
  })

  test.each([
    ['prompt=login', { prompt: 'login' }],
    ['prompt=select_account', { prompt: 'select_account' }],
    ['max_age=0', { max_age: '0' }],
    ['another connection', { connection: 'acme-saml' }],
  ])('is not enough for %s', async (_name, parameters) => {
    const browser = local.browser()
    await signIn(browser, application, CARA)
    const { page } = await openAuthorize(browser, application, parameters)
    expect(page.stopped).toBe(false)
    expect(new URL(page.url).pathname).toMatch(/^\/(u\/login|idp\/acme-saml)$/)
  })

  test('is not enough for an application that may not use its connection', async () => {
    const browser = local.browser()
    await signIn(browser, application, CARA)
    const connection = Object.values(local.state.connections).find(
      ({ strategy }) => strategy === 'auth0',
    )
    if (connection === undefined) throw new Error('The database is gone')
    const enabled = connection.enabled_clients
    connection.enabled_clients = ['web-app']
    const spa = await local.application('single-page-app')
    const { page } = await openAuthorize(browser, spa)
    connection.enabled_clients = enabled
    expect(page.stopped).toBe(false)
  })

  test('is too old once max_age has passed, and auth_time says when it began', async () => {
    const browser = local.browser()
    const login = await signIn(browser, application, CARA, { max_age: '60' })
    const claims = (await redeem(application, login)).claims()
    expect(claims?.auth_time).toBeCloseTo(Date.now() / 1000, -1)
    local.clock.skipped = 59_000
    expect((await openAuthorize(browser, application, { max_age: '60' })).page.stopped).toBe(true)
    local.clock.skipped = 61_000
    expect((await openAuthorize(browser, application, { max_age: '60' })).page.stopped).toBe(false)
  })

  test('ends after seven days', async () => {
    const browser = local.browser()
    await signIn(browser, application, CARA)
    local.clock.skipped = 7 * 86_400_000 + 1000
    expect((await openAuthorize(browser, application)).page.stopped).toBe(false)
  })

  test('has a new id after each sign-in, and the old one ends', async () => {
    const browser = local.browser()
    const first = await redeem(application, await signIn(browser, application, CARA))
    const again = await signIn(browser, application, CARA, { prompt: 'login' })
    const second = await redeem(application, again)
    expect(second.claims()?.['sid']).not.toBe(first.claims()?.['sid'])
    expect(local.state.sessions).not.toHaveProperty(first.claims()?.['sid'] as string)
  })

  test('cannot be taken over by its id, which every ID token tells', async () => {
    const tokens = await redeem(application, await signIn(local.browser(), application, CARA))
    const thief = local.browser()
    const sid = tokens.claims()?.['sid'] as string
    for (const value of [sid, `${sid}.`, `${sid}.${'A'.repeat(43)}`]) {
      await thief.cookies.setCookie(
        `__Host-local-tenant-session=${value}; Secure; Path=/`,
        local.tenant.url,
      )
      const { page } = await openAuthorize(thief, application, { prompt: 'none' })
      expect(answerOf(page.url)['error']).toBe('login_required')
    }
  })

  test('has cookies that only HTTPS carries, no script reads, and other sites may lead to', async () => {
    const browser = local.browser()
    await signIn(browser, application, CARA)
    const cookies = await browser.cookies.getCookies(local.tenant.url)
    expect(cookies.map(({ key }) => key).sort()).toEqual([
      '__Host-local-tenant-browser',
      '__Host-local-tenant-session',
    ])
    for (const cookie of cookies) {
      expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: 'none', path: '/' })
    }
  })

  test('ends with the user, and when the user is blocked', async () => {
    const browser = local.browser()
    await signIn(browser, application, CARA)
    const user = local.state.users[CARA_ID]
    if (user === undefined) throw new Error('Cara is gone')
    user.blocked = true
    const { page } = await openAuthorize(browser, application, { prompt: 'none' })
    expect(answerOf(page.url)['error']).toBe('login_required')
    delete user.blocked
  })
})
