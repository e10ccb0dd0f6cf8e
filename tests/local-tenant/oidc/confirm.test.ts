/** Auth0 asks before it answers a callback that any program on the computer could listen at. */
import { describe, expect, test } from '@jest/globals'
import {
  action,
  answerOf,
  bindActions,
  CALLBACK,
  CARA,
  openAuthorize,
  redeem,
  shareTestTenant,
  signIn,
} from '../../../test-kit/local-tenant/oidc-harness.ts'

const { local, application } = await shareTestTenant()

const LOOPBACK = [
  'http://localhost:61024/callback',
  'http://127.0.0.1:51089/callback',
  'http://[::1]/callback',
  'https://localhost/callback',
  'com.example.app://callback',
]
const VERIFIABLE = [CALLBACK, 'http://app.localhost:3000/callback', 'https://localhost.example/cb']

/** A browser that signed in before, at the application with this callback. */
const returning = async (redirect_uri: string, skip?: boolean) => {
  const client = local.state.clients['web-app']
  if (client === undefined) throw new Error('There is no web-app')
  client.callbacks = [CALLBACK, redirect_uri]
  client['skip_non_verifiable_callback_uri_confirmation_prompt'] = skip
  const browser = local.browser([redirect_uri])
  await signIn(browser, application, CARA)
  return { browser, ask: { redirect_uri } }
}

describe('single sign-on', () => {
  test.each(LOOPBACK)('is confirmed by the user before %s is answered', async (callback) => {
    const { browser, ask } = await returning(callback)
    const login = await openAuthorize(browser, application, ask)
    expect(login.page.document.querySelector('h1')?.text).toBe('Continue to Web App?')
    const page = await browser.submit('form', { answer: 'yes' })
    expect(page.url.startsWith(callback)).toBe(true)
    expect((await redeem(application, { ...login, page })).access_token).toBeDefined()
  })

  test.each(VERIFIABLE)('needs no confirmation for %s', async (callback) => {
    const { browser, ask } = await returning(callback)
    const { page } = await openAuthorize(browser, application, ask)
    expect(answerOf(page.url)).toHaveProperty('code')
  })

  test('needs none where the application is set to skip it', async () => {
    const { browser, ask } = await returning('http://localhost:61024/callback', true)
    const { page } = await openAuthorize(browser, application, ask)
    expect(answerOf(page.url)).toHaveProperty('code')
  })

  test('that the user does not confirm ends with access_denied, and no Action has run', async () => {
    const { browser, ask } = await returning('http://localhost:61024/callback')
    bindActions(local.state, [action('deny', { onExecutePostLogin: `api.access.deny('ran')` })])
    await openAuthorize(browser, application, ask)
    const page = await browser.submit('form', { answer: 'no' })
    expect(answerOf(page.url)).toMatchObject({ error: 'access_denied' })
    expect(answerOf(page.url)['error_description']).not.toBe('ran')
  })

  test('with prompt=none is refused, because nobody can confirm', async () => {
    const { browser, ask } = await returning('http://localhost:61024/callback')
    const { page } = await openAuthorize(browser, application, { ...ask, prompt: 'none' })
    expect(answerOf(page.url)['error']).toBe('interaction_required')
  })

  test('is not confirmed by another browser, nor twice', async () => {
    const { browser, ask } = await returning('http://localhost:61024/callback')
    const { page } = await openAuthorize(browser, application, ask)
    const stranger = local.browser()
    expect((await stranger.open(page.url)).status).toBe(400)
    await browser.submit('form', { answer: 'yes' })
    expect((await browser.open(page.url)).status).toBe(400)
  })
})

test('who has just signed in is not asked to confirm', async () => {
  const callback = 'http://localhost:61024/callback'
  const { ask } = await returning(callback)
  const { page } = await signIn(local.browser([callback]), application, CARA, ask)
  expect(answerOf(page.url)).toHaveProperty('code')
})
