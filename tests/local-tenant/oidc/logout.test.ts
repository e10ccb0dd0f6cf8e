import { describe, expect, test } from '@jest/globals'
import * as client from 'openid-client'
import {
  answerOf,
  CARA,
  DEMO_URL,
  openAuthorize,
  redeem,
  shareTestTenant,
  signIn,
} from '../../../test-kit/local-tenant/oidc-harness.ts'

const HOME = `${DEMO_URL}/`

const { local, application } = await shareTestTenant()

const signedIn = async () => {
  const browser = local.browser()
  const tokens = await redeem(application, await signIn(browser, application, CARA))
  const isSignedIn = async (): Promise<boolean> => {
    const { page } = await openAuthorize(browser, application, { prompt: 'none' })
    return answerOf(page.url)['error'] === undefined
  }
  return { browser, idToken: tokens.id_token ?? '', isSignedIn }
}

describe('/v2/logout', () => {
  test('ends the session and returns to an allowed address', async () => {
    const { browser, isSignedIn } = await signedIn()
    expect(await isSignedIn()).toBe(true)
    const page = await browser.open(
      `${local.tenant.url}/v2/logout?client_id=web-app&returnTo=${encodeURIComponent(HOME)}`,
    )
    expect([page.stopped, page.url]).toEqual([true, HOME])
    expect(await isSignedIn()).toBe(false)
  })

  test('returns to the first allowed address when none is given', async () => {
    const page = await local.browser().open(`${local.tenant.url}/v2/logout?client_id=web-app`)
    expect(page.url).toBe(HOME)
  })

  test('shows a page when there is nowhere to return to', async () => {
    const { browser, isSignedIn } = await signedIn()
    const page = await browser.open(`${local.tenant.url}/v2/logout`)
    expect([page.status, page.document.querySelector('h1')?.text]).toEqual([
      200,
      'You are signed out',
    ])
    expect(await isSignedIn()).toBe(false)
  })

  test.each([
    ['another site', `client_id=web-app&returnTo=https://evil.example.test/`],
    ['more path', `client_id=web-app&returnTo=${HOME}more`],
    ['no client', `returnTo=${HOME}`],
    ['an unknown client', `client_id=nobody&returnTo=${HOME}`],
    ['two addresses', `client_id=web-app&returnTo=https://evil.example.test/&returnTo=${HOME}`],
  ])('never leads to %s', async (_name, query) => {
    const page = await local.browser().open(`${local.tenant.url}/v2/logout?${query}`)
    expect([page.stopped, page.status]).toEqual([false, 400])
  })
})

describe('/oidc/logout', () => {
  test('ends the session of the ID token it is shown, which may be old', async () => {
    const { browser, idToken, isSignedIn } = await signedIn()
    local.clock.skipped = 36_001_000
    const page = await browser.open(
      client.buildEndSessionUrl(application, {
        id_token_hint: idToken,
        post_logout_redirect_uri: HOME,
        state: 'back',
      }),
    )
    local.clock.skipped = 0
    expect(page.url).toBe(`${HOME}?state=back`)
    expect(await isSignedIn()).toBe(false)
  })

  test.each([
    ['a forged hint', (token: string) => ({ id_token_hint: `${token.slice(0, -6)}AAAAAA` })],
    [
      'a hint of another client',
      (token: string) => ({ id_token_hint: token, client_id: 'partner-app' }),
    ],
    [
      'an address that is not allowed',
      (token: string) => ({ id_token_hint: token, post_logout_redirect_uri: 'https://a.test/' }),
    ],
  ])('refuses %s and keeps the session', async (_name, parametersFor) => {
    const { browser, idToken, isSignedIn } = await signedIn()
    const url = new URL(`${local.tenant.url}/oidc/logout`)
    url.search = new URLSearchParams(parametersFor(idToken)).toString()
    expect((await browser.open(url)).status).toBe(400)
    expect(await isSignedIn()).toBe(true)
  })
})
