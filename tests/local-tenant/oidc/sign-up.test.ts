/** Sign-up, verification and a new password: by the pages, by the API that Lock calls, by mail. */
import { beforeEach, describe, expect, test } from '@jest/globals'
import { DATABASE } from '../../../playground/seed/people.ts'
import {
  action,
  answerOf,
  bindActions,
  CARA,
  openAuthorize,
  redeem,
  shareTestTenant,
  signIn,
} from '../../../test-kit/local-tenant/oidc-harness.ts'

const { local, application } = await shareTestTenant()
const PASSWORD = 'a-long-enough-password'
let count = 0
let email: string

beforeEach(() => {
  count += 1
  email = `new${count}@example.com`
  local.state.mails = []
})

const post = async (path: string, body: object) => {
  const answer = await local.fetch(`${local.tenant.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('json') === true
  return { status: answer.status, body: isJson ? (JSON.parse(text) as object) : text }
}

const signUp = (more: object = {}) =>
  post('/dbconnections/signup', {
    client_id: 'web-app',
    connection: DATABASE,
    email,
    password: PASSWORD,
    ...more,
  })

const userNow = (address = email) =>
  Object.values(local.state.users).find((user) => user.email === address)

/** The link of the newest mail, as the mailbox page shows it. */
const newestLink = async (): Promise<string> => {
  const page = await local.browser().open(`${local.tenant.url}/local/mailbox`)
  const link = page.document.querySelector('.mail a')?.getAttribute('href')
  if (link === undefined) throw new Error('There is no mail')
  return new URL(link, local.tenant.url).href
}

describe('POST /dbconnections/signup', () => {
  test('answers what Auth0 answers, and makes a user who is not verified', async () => {
    const { status, body } = await signUp({ given_name: 'New' })
    expect([status, body]).toEqual([
      200,
      {
        _id: expect.stringMatching(/^[0-9a-f]{24}$/),
        email,
        email_verified: false,
        given_name: 'New',
      },
    ])
    expect(userNow()).toMatchObject({ name: email, given_name: 'New', email_verified: false })
  })

  test('keeps sign-up fields as the strings that were sent, for Actions too', async () => {
    const fields = { newsletter: 'true', birth_year: ' 1984 ' }
    await signUp({ user_metadata: fields })
    expect(userNow()?.user_metadata).toEqual(fields)
    bindActions(local.state, [
      action('see', {
        onExecutePostLogin: `api.idToken.setCustomClaim('https://seen.example', event.user.user_metadata)`,
      }),
    ])
    const login = await openAuthorize(local.browser(), application)
    expect(login.page.status).toBe(200)
    const browser = local.browser()
    const begun = await openAuthorize(browser, application)
    const page = await browser.submit('form', { username: email, password: PASSWORD })
    const tokens = await redeem(application, { ...begun, page })
    expect(tokens.claims()?.['https://seen.example']).toEqual(fields)
  })

  const many = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`key${at}`, 'x']))
  test.each([
    ['an address that is taken', { email: CARA }, 'invalid_signup'],
    ['no password', { password: '' }, 'invalid_signup'],
    ['no address', { email: undefined }, 'invalid_signup'],
    ['an unknown connection', { connection: 'nowhere' }, 'invalid_signup'],
    ['a field that is no string', { user_metadata: { newsletter: true } }, 'invalid_body'],
    ['a value of 500 characters', { user_metadata: { text: 'x'.repeat(500) } }, 'invalid_body'],
    ['a key of 100 characters', { user_metadata: { ['x'.repeat(100)]: '' } }, 'invalid_body'],
    ['eleven fields', { user_metadata: many }, 'invalid_body'],
    ['app_metadata', { app_metadata: { admin: true } }, 'invalid_body'],
  ])('refuses %s', async (_what, more, code) => {
    const users = Object.keys(local.state.users).length
    expect(await signUp(more)).toMatchObject({ status: 400, body: { code, statusCode: 400 } })
    expect(Object.keys(local.state.users)).toHaveLength(users)
  })

  test('takes ten fields of 499 characters under names of 99', async () => {
    const fields = Object.fromEntries(
      Array.from({ length: 10 }, (_, at) => [String(at).padEnd(99, 'x'), 'x'.repeat(499)]),
    )
    expect((await signUp({ user_metadata: fields })).status).toBe(200)
  })

  test('is refused where the connection lets nobody sign up', async () => {
    const database = local.state.connections['con_local000database']
    if (database === undefined) throw new Error('There is no database')
    database.options['disable_signup'] = true
    const answer = await signUp()
    delete database.options['disable_signup']
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_signup' } })
  })
})

describe('the mail after a sign-up', () => {
  test('verifies the address by its link, once', async () => {
    await signUp()
    const link = await newestLink()
    const browser = local.browser()
    expect((await browser.open(link)).html).toContain('verified')
    expect(userNow()?.email_verified).toBe(true)
    expect((await browser.open(link)).status).toBe(400)
  })

  test('verifies nothing after five days', async () => {
    await signUp()
    const link = await newestLink()
    local.clock.skipped = 5 * 86_400_000 + 1000
    expect((await local.browser().open(link)).status).toBe(400)
    expect(userNow()?.email_verified).toBe(false)
  })

  test('verifies no address that the user has changed since', async () => {
    await signUp()
    const link = await newestLink()
    const user = userNow()
    if (user !== undefined) user.email = `other-${email}`
    expect((await local.browser().open(link)).status).toBe(400)
  })
})

describe('POST /dbconnections/change_password', () => {
  const ask = (address: string) =>
    post('/dbconnections/change_password', {
      client_id: 'web-app',
      connection: DATABASE,
      email: address,
    })
  const SENT = "We've just sent you an email to reset your password."

  test('mails a link under which the user sets a new password', async () => {
    await signUp()
    expect(await ask(email)).toEqual({ status: 200, body: SENT })
    const link = await newestLink()
    const browser = local.browser()
    await browser.open(link)
    await browser.submit('form', { password: 'another-long-password' })
    expect(browser.page.html).toContain('changed')
    const begun = local.browser()
    await openAuthorize(begun, application)
    const wrong = await begun.submit('form', { username: email, password: PASSWORD })
    expect(wrong.status).toBe(400)
    const right = await begun.submit('form', { username: email, password: 'another-long-password' })
    expect(answerOf(right.url)).toHaveProperty('code')
    expect((await local.browser().open(link)).status).toBe(400)
  })

  test('its link is void once the user has another address', async () => {
    await signUp()
    await ask(email)
    const link = await newestLink()
    const user = userNow()
    if (user !== undefined) user.email = `other-${email}`
    expect((await local.browser().open(link)).status).toBe(400)
  })

  test('answers the same for an address that nobody has, and mails nothing', async () => {
    expect(await ask('nobody@example.com')).toEqual({ status: 200, body: SENT })
    expect(local.state.mails).toEqual([])
  })
})

describe('the sign-up page', () => {
  test('makes a user and goes on to the application', async () => {
    const browser = local.browser()
    const login = await openAuthorize(browser, application, { screen_hint: 'signup' })
    expect(new URL(browser.page.url).pathname).toBe('/u/signup')
    const page = await browser.submit('form', { email, password: PASSWORD })
    const tokens = await redeem(application, { ...login, page })
    expect(tokens.claims()).toMatchObject({ email, email_verified: false })
    expect(local.state.mails).toHaveLength(1)
  })

  test('is offered by the login page', async () => {
    const browser = local.browser()
    await openAuthorize(browser, application)
    expect(browser.page.document.querySelector('a[href^="/u/signup?state="]')).not.toBeNull()
  })

  test('says what is wrong and keeps the address', async () => {
    const browser = local.browser()
    await openAuthorize(browser, application, { screen_hint: 'signup' })
    const page = await browser.submit('form', { email: CARA, password: PASSWORD })
    expect(page.status).toBe(400)
    expect(page.document.querySelector('[name=email]')?.getAttribute('value')).toBe(CARA)
  })
})

test('the sign-up of one browser does not sign another one in', async () => {
  const browser = local.browser()
  await openAuthorize(browser, application, { screen_hint: 'signup' })
  expect((await local.browser().open(browser.page.url)).status).toBe(400)
  const { page } = await signIn(local.browser(), application, CARA)
  expect(answerOf(page.url)).toHaveProperty('code')
})
