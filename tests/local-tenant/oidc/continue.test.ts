import { beforeEach, describe, expect, test } from '@jest/globals'
import type { CookieJar } from 'tough-cookie'
import type { HeadlessBrowser } from '../../../playground/sign-in/headless-browser.ts'
import { BROWSER_COOKIE } from '../../../local-tenant/oidc/cookies.ts'
import {
  action,
  answerOf,
  bindActions,
  CARA,
  CARA_ID,
  DEMO_URL,
  openAuthorize,
  redeem,
  shareTestTenant,
  signIn,
  type Login,
} from '../../../test-kit/local-tenant/oidc-harness.ts'

/** Beyond the addresses that the test browser stops at, so that no page is needed there. */
const ELSEWHERE = `${DEMO_URL}/elsewhere?of=ours`

const SEND_AWAY = action('send-away', {
  onExecutePostLogin: `
    api.user.setAppMetadata('sent', true)
    api.idToken.setCustomClaim('https://example.com/before', true)
    api.redirect.sendUserTo('${ELSEWHERE}')`,
  onContinuePostLogin: `
    const { query, body, method } = event.request
    if (body.answer === 'no') api.access.deny('declined')
    api.idToken.setCustomClaim('https://example.com/answer', { method, query, body })`,
})
const AFTERWARDS = action('afterwards', {
  onExecutePostLogin: `api.idToken.setCustomClaim('https://example.com/after', true)`,
})

const { local, application } = await shareTestTenant()

beforeEach(() => {
  bindActions(local.state, [SEND_AWAY, AFTERWARDS])
})

const stateOf = (login: Login): string => new URL(login.page.url).searchParams.get('state') ?? ''

const sentAway = async (): Promise<{ browser: HeadlessBrowser; login: Login; url: string }> => {
  const browser = local.browser()
  const login = await signIn(browser, application, CARA)
  const url = `${local.tenant.url}/continue?state=${stateOf(login)}`
  return { browser, login, url }
}

/** A form at another site that posts to `/continue`. */
const post = async (browser: HeadlessBrowser, url: string, fields: Record<string, string>) => {
  const cookie = await browser.cookies.getCookieString(url)
  return local.fetch(url, {
    method: 'POST',
    headers: {
      cookie,
      origin: 'https://terms.example.test',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(fields).toString(),
    redirect: 'manual',
  })
}

const finish = async (login: Login, answer: Response): Promise<Record<string, unknown>> => {
  const page = { ...login.page, url: answer.headers.get('location') ?? '' }
  return { ...(await redeem(application, { ...login, page })).claims() }
}

describe('an Action that sends the user away', () => {
  test('adds a state to its address, which is not that of the application', async () => {
    const { login } = await sentAway()
    const url = new URL(login.page.url)
    expect(url.href.startsWith(`${ELSEWHERE}&state=`)).toBe(true)
    expect(stateOf(login)).not.toBe(login.state)
    expect(stateOf(login)).toMatch(/^[\w-]{43}$/)
  })

  test('is asked to go on when the browser comes back, then those after it', async () => {
    const { browser, login, url } = await sentAway()
    const page = await browser.open(`${url}&answer=yes`)
    const claims = (await redeem(application, { ...login, page })).claims()
    expect(claims).toMatchObject({
      sub: CARA_ID,
      'https://example.com/before': true,
      'https://example.com/after': true,
      'https://example.com/answer': {
        method: 'GET',
        query: { state: stateOf(login), answer: 'yes' },
        body: {},
      },
    })
  })

  test('gets what a form at another site posted', async () => {
    const { browser, login, url } = await sentAway()
    const claims = await finish(login, await post(browser, url, { session_token: 'signed' }))
    expect(claims['https://example.com/answer']).toEqual({
      method: 'POST',
      query: { state: stateOf(login) },
      body: { session_token: 'signed' },
    })
  })

  test('may get the state in the form instead of the address', async () => {
    const { browser, login } = await sentAway()
    const url = `${local.tenant.url}/continue`
    const claims = await finish(login, await post(browser, url, { state: stateOf(login) }))
    expect(claims['sub']).toBe(CARA_ID)
  })

  test('may deny on return', async () => {
    const { browser, login, url } = await sentAway()
    const answer = await post(browser, url, { answer: 'no' })
    expect(answerOf(answer.headers.get('location') ?? '')).toEqual({
      error: 'access_denied',
      error_description: 'declined',
      state: login.state,
    })
  })

  test('cannot be got round silently: the session is there, and the answer is interaction_required', async () => {
    const { browser } = await sentAway()
    const { page, state } = await openAuthorize(browser, application, { prompt: 'none' })
    expect(answerOf(page.url)).toEqual({
      error: 'interaction_required',
      error_description: 'External interaction required',
      state,
    })
  })

  test('meets the user again at the next sign-in, which needs no password', async () => {
    const { browser } = await sentAway()
    const { page } = await openAuthorize(browser, application)
    expect(page.url.startsWith(ELSEWHERE)).toBe(true)
  })

  test('leaves one trace over both halves', async () => {
    const before = local.state.traces.length
    const { browser, url } = await sentAway()
    expect(local.state.traces.at(-1)).toMatchObject({ outcome: 'redirected', user_id: CARA_ID })
    await browser.open(url)
    expect(local.state.traces).toHaveLength(before + 1)
    expect(local.state.traces.at(-1)).toMatchObject({
      outcome: 'completed',
      actions: [
        { action: 'send-away', handler: 'onExecutePostLogin', outcome: 'redirected' },
        { action: 'send-away', handler: 'onContinuePostLogin', outcome: 'completed' },
        { action: 'afterwards', handler: 'onExecutePostLogin', outcome: 'completed' },
      ],
    })
  })
})

describe('/continue', () => {
  const refused = async (answer: Response | { status: number; html: string }) => {
    expect(answer.status).toBe(400)
    const html = 'html' in answer ? answer.html : await answer.text()
    expect(html).toContain('<code>invalid_request</code>')
  }

  test('refuses a state the second time', async () => {
    const { browser, url } = await sentAway()
    expect((await browser.open(url)).stopped).toBe(true)
    await refused(await browser.open(url))
    await refused(await post(browser, url, {}))
  })

  test('goes on once when two requests come together', async () => {
    const { browser, url } = await sentAway()
    const answers = await Promise.all([post(browser, url, {}), post(browser, url, {})])
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 400])
  })

  test('refuses another browser, and leaves the sign-in to the right one', async () => {
    const { browser, url } = await sentAway()
    const stranger = local.browser()
    await refused(await stranger.open(url))
    await openAuthorize(stranger, application)
    await refused(await stranger.open(url))
    expect((await browser.open(url)).stopped).toBe(true)
  })

  test('refuses a call from a server, which has no cookies', async () => {
    const { url } = await sentAway()
    await refused(await local.fetch(url, { redirect: 'manual' }))
  })

  test('refuses after an hour', async () => {
    const { browser, url } = await sentAway()
    local.clock.skipped = 3_600_000
    await refused(await browser.open(url))
  })

  test.each([
    ['no state', ''],
    ['an unknown state', '?state=unknown'],
    ['an empty state', '?state='],
    ['two states', '?state=a&state=b'],
    ['the name of an inherited property', '?state=__proto__'],
  ])('refuses %s', async (_name, query) => {
    const { browser } = await sentAway()
    await refused(await browser.open(`${local.tenant.url}/continue${query}`))
  })

  test('refuses one state in the address and another in the form', async () => {
    const { browser, url } = await sentAway()
    await refused(await post(browser, url, { state: 'other' }))
  })

  test('refuses two states in the address and a good one in the form', async () => {
    const { browser, login } = await sentAway()
    const state = stateOf(login)
    await refused(await post(browser, `${local.tenant.url}/continue?state=a&state=b`, { state }))
  })

  test('refuses the state of the login page', async () => {
    const browser = local.browser()
    const { page } = await openAuthorize(browser, application)
    const state = new URL(page.url).searchParams.get('state') ?? ''
    await refused(await browser.open(`${local.tenant.url}/continue?state=${state}`))
  })

  test('refuses a user who was blocked meanwhile', async () => {
    const { browser, url } = await sentAway()
    const user = local.state.users[CARA_ID]
    if (user === undefined) throw new Error('Cara is gone')
    user.blocked = true
    const page = await browser.open(url)
    delete user.blocked
    expect(answerOf(page.url)['error']).toBe('unauthorized')
  })
})

describe('an Action that denies', () => {
  test('ends the sign-in with its reason, and the session stays', async () => {
    bindActions(local.state, [
      action('guard', { onExecutePostLogin: `api.access.deny('no_entry')` }),
      AFTERWARDS,
    ])
    const browser = local.browser()
    const { page, state } = await signIn(browser, application, CARA)
    expect(answerOf(page.url)).toEqual({
      error: 'access_denied',
      error_description: 'no_entry',
      state,
    })
    const silent = await openAuthorize(browser, application, { prompt: 'none' })
    expect(answerOf(silent.page.url)['error_description']).toBe('no_entry')
    bindActions(local.state, [])
    const after = await openAuthorize(browser, application, { prompt: 'none' })
    expect(answerOf(after.page.url)).toHaveProperty('code')
  })

  test('by throwing ends the sign-in too', async () => {
    bindActions(local.state, [action('broken', { onExecutePostLogin: `throw new Error('a bug')` })])
    const { page } = await signIn(local.browser(), application, CARA)
    expect(answerOf(page.url)).toMatchObject({
      error: 'access_denied',
      error_description: expect.stringContaining('a bug'),
    })
  })
})

describe('what an Action sees', () => {
  const seenBy = async (parameters: Record<string, string>) => {
    bindActions(local.state, [
      action('look', {
        onExecutePostLogin: `
          const { secrets, ...rest } = event
          api.idToken.setCustomClaim('https://example.com/event', rest)`,
      }),
    ])
    const browser = local.browser()
    const login = await signIn(browser, application, CARA, parameters)
    const first = await redeem(application, login)
    return first.claims()?.['https://example.com/event']
  }

  test('is the event of Auth0', async () => {
    const event = await seenBy({ ui_locales: 'de en', login_hint: CARA, 'ext-of-ours': '1' })
    expect(event).toMatchObject({
      authentication: { methods: [{ name: 'pwd', timestamp: expect.any(String) }] },
      authorization: { roles: [] },
      client: { client_id: 'web-app', name: 'Web App', metadata: {} },
      connection: { name: 'Username-Password-Authentication', strategy: 'auth0' },
      request: {
        ip: '127.0.0.1',
        method: 'POST',
        hostname: local.tenant.host,
        query: { client_id: 'web-app', 'ext-of-ours': '1', scope: expect.any(String) },
        geoip: {},
      },
      session: { id: expect.any(String), clients: [{ client_id: 'web-app' }] },
      stats: { logins_count: expect.any(Number) },
      tenant: { id: 'local-tenant' },
      transaction: {
        id: expect.any(String),
        protocol: 'oidc-basic-profile',
        requested_scopes: ['openid', 'profile', 'email', 'offline_access'],
        ui_locales: ['de', 'en'],
        locale: 'de',
        login_hint: CARA,
        response_type: ['code'],
        response_mode: 'query',
        redirect_uri: `${DEMO_URL}/callback`,
        metadata: {},
      },
      user: { user_id: CARA_ID, app_metadata: { terms: { version: '2026-11-01' } } },
    })
  })

  test('has no password in it, and no API when none was asked for', async () => {
    const event = await seenBy({})
    expect(JSON.stringify(event)).not.toContain('correct-horse')
    expect(event).not.toHaveProperty('resource_server')
  })

  test('names the API that was asked for', async () => {
    expect(await seenBy({ audience: 'https://api.example.com' })).toMatchObject({
      resource_server: { identifier: 'https://api.example.com' },
    })
  })
})

test.each([
  [
    'lost',
    async (store: CookieJar['store']) => store.removeCookie('localhost', '/', BROWSER_COOKIE),
  ],
  [
    'spoilt',
    async (store: CookieJar['store']) => {
      const cookie = await store.findCookie('localhost', '/', BROWSER_COOKIE)
      if (cookie !== undefined) cookie.value = 'a%2Fb'
    },
  ],
])('a browser whose cookie was %s comes back from where an Action sent it', async (_name, harm) => {
  bindActions(local.state, [])
  const browser = local.browser()
  await signIn(browser, application, CARA)
  await harm(browser.cookies.store)
  bindActions(local.state, [SEND_AWAY])
  const login = await openAuthorize(browser, application)
  expect(login.page.url).toContain(ELSEWHERE)
  const page = await browser.open(`${local.tenant.url}/continue?state=${stateOf(login)}`)
  expect(answerOf(page.url)).toHaveProperty('code')
})
