import { describe, expect, test } from '@jest/globals'
import { PEOPLE_PASSWORD } from '../../../playground/seed/people.ts'
import {
  answerOf,
  CARA,
  openAuthorize,
  redeem,
  shareTestTenant,
} from '../../../test-kit/local-tenant/oidc-harness.ts'

const { local, application } = await shareTestTenant()

describe('the login page', () => {
  test('says wrong email or password whichever of the two is wrong', async () => {
    const browser = local.browser()
    await openAuthorize(browser, application)
    for (const values of [
      { username: CARA, password: 'wrong' },
      { username: 'nobody@example.com', password: PEOPLE_PASSWORD },
      { username: CARA, password: '' },
    ]) {
      const page = await browser.submit('form', values)
      expect(page.status).toBe(400)
      expect(page.document.querySelector('[role=alert]')?.text).toBe('Wrong email or password.')
    }
    const { page } = await openAuthorize(browser, application, { prompt: 'none' })
    expect(answerOf(page.url)['error']).toBe('login_required')
  })

  test('escapes what came from outside', async () => {
    const browser = local.browser()
    const hint = '"><script>alert(1)</script>'
    const { page } = await openAuthorize(browser, application, { login_hint: hint })
    expect(page.html).not.toContain('<script>alert')
    expect(page.document.querySelector('#username')?.getAttribute('value')).toBe(hint)
  })

  test('is not cached, not framed, and runs no foreign script', async () => {
    const { page } = await openAuthorize(local.browser(), application)
    expect(page.headers.get('cache-control')).toBe('no-store')
    const policy = page.headers.get('content-security-policy')
    expect(policy).toContain(`frame-ancestors 'none'`)
    expect(policy).toContain(`script-src 'self'`)
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
  })

  test('cannot be posted from another browser, which is where a forged form would come from', async () => {
    const victim = local.browser()
    await openAuthorize(victim, application)
    const attacker = local.browser()
    const { page } = await openAuthorize(attacker, application)
    const state = page.document.querySelector('[name=state]')?.getAttribute('value') ?? ''
    const forged = await victim.submit('form', { state, username: CARA, password: PEOPLE_PASSWORD })
    expect(forged.status).toBe(400)
    expect(forged.html).toContain('began in another browser')
  })

  test('is worth nothing after the sign-in, nor after an hour', async () => {
    const browser = local.browser()
    const { page } = await openAuthorize(browser, application)
    const form = { username: CARA, password: PEOPLE_PASSWORD }
    local.clock.skipped = 3_600_000
    expect((await browser.submit('form', form)).status).toBe(400)
    local.clock.skipped = 0
    await browser.open(page.url)
    await browser.submit('form', form)
    expect((await browser.open(page.url)).status).toBe(400)
  })

  test('offers the connections of the application, or the one that was asked for', async () => {
    const all = await openAuthorize(local.browser(), application)
    expect(all.page.document.querySelectorAll('.choices a').map((link) => link.text)).toEqual([
      'Continue with Google',
      'Continue with Acme (SAML)',
      'Continue with Globex (OpenID Connect)',
    ])
    const one = await openAuthorize(local.browser(), application, {
      connection: 'Username-Password-Authentication',
    })
    expect(one.page.document.querySelectorAll('.choices a')).toEqual([])
  })
})

describe('connections', () => {
  const pick = async (connection: string, account: string) => {
    const browser = local.browser()
    await openAuthorize(browser, application, { connection })
    return browser.submit('form', { account })
  }

  test.each([
    ['acme-saml', 'edda.enterprise', 'samlp|acme-saml|edda.enterprise'],
    [
      'globex-oidc',
      '8d1f5a60-2b7c-4a58-9a53-0c9a4f2f9e11',
      'oidc|globex-oidc|8d1f5a60-2b7c-4a58-9a53-0c9a4f2f9e11',
    ],
    ['google-oauth2', '108742159630274816350', 'google-oauth2|108742159630274816350'],
  ])('a first sign-in at %s as %s makes the user %s', async (connection, account, userId) => {
    expect(local.state.users[userId]).toBeUndefined()
    const browser = local.browser()
    const login = await openAuthorize(browser, application, { connection })
    expect(new URL(login.page.url).pathname).toBe(`/idp/${connection}`)
    const page = await browser.submit('form', { account })
    const tokens = await redeem(application, { ...login, page })
    expect(tokens.claims()?.sub).toBe(userId)
    expect(local.state.users[userId]).toMatchObject({
      user_id: userId,
      logins_count: 1,
      identities: [{ connection, user_id: userId.slice(userId.indexOf('|') + 1) }],
    })
  })

  test('what the identity provider says replaces the root attributes at each sign-in', async () => {
    const userId = 'samlp|acme-saml|edda.enterprise'
    await pick('acme-saml', 'edda.enterprise')
    const user = local.state.users[userId]
    if (user === undefined) throw new Error('Edda is not there')
    Object.assign(user, { name: 'Changed', app_metadata: { kept: true }, groups: [] })
    await pick('acme-saml', 'edda.enterprise')
    expect(local.state.users[userId]).toMatchObject({
      name: 'Edda Enterprise',
      groups: ['staff', 'approvers', 'staff'],
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/department': 'Research',
      app_metadata: { kept: true },
    })
  })

  test('an account that the identity provider does not know is refused', async () => {
    expect((await pick('acme-saml', 'somebody.else')).status).toBe(400)
  })

  test('the page of another connection than the one asked for is closed', async () => {
    const browser = local.browser()
    const { page } = await openAuthorize(browser, application, { connection: 'acme-saml' })
    const other = page.url.replace('acme-saml', 'google-oauth2')
    expect((await browser.open(other)).status).toBe(404)
  })

  test('the database has no page of an identity provider', async () => {
    const browser = local.browser()
    const { page } = await openAuthorize(browser, application)
    const other = page.url.replace('/u/login', '/idp/Username-Password-Authentication')
    expect((await browser.open(other)).status).toBe(404)
  })

  test('the login page leads to the other connections', async () => {
    const browser = local.browser()
    const login = await openAuthorize(browser, application)
    const link = login.page.document.querySelector('.choices a')?.getAttribute('href') ?? ''
    await browser.open(new URL(link, login.page.url))
    const page = await browser.submit('form', { account: '108742159630274816350' })
    expect((await redeem(application, { ...login, page })).claims()?.sub).toBe(
      'google-oauth2|108742159630274816350',
    )
  })
})
