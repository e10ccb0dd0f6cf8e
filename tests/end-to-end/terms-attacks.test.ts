import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import * as client from 'openid-client'
import {
  createHeadlessBrowser,
  type HeadlessBrowser,
} from '../../playground/sign-in/headless-browser.ts'
import { PEOPLE_PASSWORD } from '../../playground/seed/people.ts'
import type { User } from '../../local-tenant/store.ts'
import {
  ATTACKS,
  signAnswer,
  type Brought,
  type SentAway,
} from '../../test-kit/flows/terms-attacks.ts'
import {
  CALLBACK,
  DEMO_URL,
  NORA,
  openAuthorize,
  startTestTenant,
  type TestTenant,
} from '../../test-kit/local-tenant/oidc-harness.ts'
import { bindBundles } from '../../test-kit/end-to-end/bind-bundles.ts'

const TERMS_URL = 'https://terms.example.test/terms'
const KEY = 'Zk3v9Qx7Lw2Tr8Yp5Nm1Bc6Hd4Jf0Gs-Aa'
const OSCAR = 'oscar.old@example.com'

let local: TestTenant
let application: client.Configuration
/** Nora's, which stays signed in from attack to attack. */
let browser: HeadlessBrowser
let other: SentAway
let again: SentAway

beforeAll(async () => {
  local = await startTestTenant()
  application = await local.application()
  await bindBundles(local.state, { TERMS_URL, TERMS_TOKEN_SECRET: KEY })
  browser = newBrowser()
  ;[other, again] = [await sendAway(newBrowser(), OSCAR), await sendAway(newBrowser(), NORA)]
}, 30_000)
afterAll(() => local.close())

beforeEach(() => {
  delete (nora().app_metadata as { terms?: object }).terms
})

const newBrowser = (): HeadlessBrowser =>
  createHeadlessBrowser({ fetch: local.fetch, stopAt: [DEMO_URL, TERMS_URL] })

const nora = (): User => {
  const found = Object.values(local.state.users).find(({ email }) => email === NORA)
  if (found === undefined) throw new Error('Nora is gone')
  return found
}

/** Through the login page to the Terms page, where the browser stops. */
const sendAway = async (from: HeadlessBrowser, email: string): Promise<SentAway> => {
  let { page } = await openAuthorize(from, application)
  if (!page.stopped) {
    page = await from.submit('form', { username: email, password: PEOPLE_PASSWORD })
  }
  const { searchParams, origin, pathname } = new URL(page.url)
  expect(origin + pathname).toBe(TERMS_URL)
  const [token, state] = [searchParams.get('session_token'), searchParams.get('state')]
  return { token: token ?? '', state: state ?? '', key: KEY }
}

/** The browser comes back to `/continue`; answers status, body and where it was sent on to. */
const comeBack = async ({ state }: SentAway, { body, query }: Brought) => {
  const url = new URL('/continue', local.tenant.url)
  url.searchParams.set('state', state)
  if (query !== undefined) url.searchParams.set('session_token', query)
  const answer = await local.fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      cookie: await browser.cookies.getCookieString(url.href),
      ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(body !== undefined && {
      body: new URLSearchParams({ session_token: body }).toString(),
    }),
    redirect: 'manual',
  })
  return {
    status: answer.status,
    text: await answer.text(),
    sentTo: new URL(answer.headers.get('location') ?? 'about:blank'),
  }
}

describe('over HTTPS, a user comes back from the Terms page with', () => {
  test.each(ATTACKS)('$name: $code, no tokens, nothing accepted', async ({ code, make }) => {
    const sentAway = await sendAway(browser, NORA)
    const { sentTo } = await comeBack(sentAway, await make(sentAway, other, again))
    expect(sentTo.href.startsWith(`${CALLBACK}?`)).toBe(true)
    expect(Object.fromEntries(sentTo.searchParams)).toEqual({
      error: 'access_denied',
      error_description: expect.stringMatching(new RegExp(`^${code}: `)),
      state: expect.any(String),
    })
    const stored = JSON.stringify((nora().app_metadata as { terms?: object }).terms ?? {})
    expect(stored).not.toContain('accepted_at')
    expect(stored === '{}').toBe(code !== 'terms_declined')
  })

  test('the right answer: a code that gives tokens, once', async () => {
    const login = await openAuthorize(browser, application)
    const { searchParams } = new URL(login.page.url)
    const [token, state] = [searchParams.get('session_token'), searchParams.get('state')]
    const sentAway = { token: token ?? '', state: state ?? '', key: KEY }
    const body = await signAnswer(sentAway)
    const { sentTo } = await comeBack(sentAway, { body })
    const tokens = await client.authorizationCodeGrant(application, sentTo, {
      pkceCodeVerifier: login.verifier,
      expectedNonce: login.nonce,
      expectedState: login.state,
    })
    expect(tokens.claims()).toMatchObject({
      'https://example.com/claims/terms_version': '2026-11-01',
    })
    expect(nora().app_metadata).toHaveProperty('terms.accepted_at')
  })

  test('a replay after success: the transaction is gone, and nothing changes', async () => {
    const sentAway = await sendAway(browser, NORA)
    const body = await signAnswer(sentAway)
    expect((await comeBack(sentAway, { body })).status).toBe(302)
    const before = structuredClone(nora())
    const replayed = await comeBack(sentAway, { body })
    expect(replayed.status).toBe(400)
    expect(replayed.text).toContain('invalid_request')
    expect(nora()).toEqual(before)
  })

  test("a right answer in somebody else's browser: refused, and still good in the right one", async () => {
    const sentAway = await sendAway(browser, NORA)
    const body = await signAnswer(sentAway)
    const mine = browser
    browser = newBrowser()
    await sendAway(browser, OSCAR)
    const stolen = await comeBack(sentAway, { body })
    browser = mine
    expect(stolen.status).toBe(400)
    expect(nora().app_metadata).not.toHaveProperty('terms')
    expect((await comeBack(sentAway, { body })).sentTo.searchParams.get('code')).toMatch(/./)
  })
})
