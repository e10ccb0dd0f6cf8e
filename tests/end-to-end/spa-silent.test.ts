import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { PEOPLE_PASSWORD } from '../../playground/seed/people.ts'
import { describeInBrowser, launchChromium } from '../../test-kit/browser/launch-chromium.ts'
import { bindBundles } from '../../test-kit/end-to-end/bind-bundles.ts'
import { SIGNING_KEY, startWorld, type LocalWorld } from '../../test-kit/end-to-end/local-world.ts'
import { startSpa, type SpaApplication } from '../../test-kit/end-to-end/spa-application.ts'

const NORA = 'nora.new@example.com'
const CLIENT_ID = 'single-page-app'
const BROWSER_MS = 30_000

jest.setTimeout(BROWSER_MS)

describeInBrowser('a single-page application with auth0-spa-js in Chromium', () => {
  let world: LocalWorld
  let spa: SpaApplication
  let browser: Browser
  let context: BrowserContext

  beforeAll(async () => {
    world = await startWorld()
    const { state } = world.tenant.store
    await bindBundles(state, { TERMS_URL: world.termsUrl, TERMS_TOKEN_SECRET: SIGNING_KEY })
    spa = await startSpa(world.certificate, { host: world.tenant.host, clientId: CLIENT_ID })
    const client = state.clients[CLIENT_ID]
    if (client === undefined) throw new Error(`${CLIENT_ID} is not seeded`)
    client.callbacks.push(spa.origin)
    client.web_origins.push(spa.origin)
    browser = await launchChromium()
  }, 60_000)

  afterAll(async () => {
    await browser.close()
    await Promise.all([world.close(), spa.close()])
  })
  afterEach(() => context.close())

  const open = async (): Promise<Page> => {
    context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en' })
    const page = await context.newPage()
    await page.goto(spa.origin)
    return page
  }

  /** What the application learns when it asks silently, in a hidden frame. */
  const askSilently = async (page: Page): Promise<string> => {
    const output = page.locator('output', { hasText: /./ })
    await output.waitFor()
    await page.locator('#silent').click()
    await page.locator('output:not(:text("asking"))').waitFor()
    return (await output.textContent()) ?? ''
  }

  const logIn = async (page: Page): Promise<void> => {
    await page.locator('#log-in').click()
    await page.waitForURL((url) => url.origin !== spa.origin)
    if (new URL(page.url()).pathname === '/u/login') {
      await page.locator('input[name=username]').fill(NORA)
      await page.locator('input[name=password]').fill(PEOPLE_PASSWORD)
      await page.locator('form button').first().click()
    }
    await page.waitForURL((url) => url.href.startsWith(world.termsUrl))
  }

  const termsOf = (email: string): unknown => {
    const { users } = world.tenant.store.state
    const user = Object.values(users).find((one) => one.email === email)
    return (user?.app_metadata as { terms?: unknown } | undefined)?.terms
  }

  test('asks silently without a session: login_required', async () => {
    expect(await askSilently(await open())).toBe('login_required')
  })

  test('asks silently after the user left the Terms page: interaction_required, no tokens', async () => {
    const page = await open()
    await logIn(page)
    await page.goto(spa.origin)
    expect(await askSilently(page)).toBe('interaction_required')
    // And again, and in another tab: leaving the page never becomes an acceptance.
    expect(await askSilently(page)).toBe('interaction_required')
    const tab = await context.newPage()
    await tab.goto(spa.origin)
    expect(await askSilently(tab)).toBe('interaction_required')
    expect(termsOf(NORA)).toBeUndefined()
  })

  test('gets tokens once the user has accepted, and silently from then on', async () => {
    const page = await open()
    await logIn(page)
    for (const choice of await page.locator('input[type=radio][value=accepted]').all()) {
      await choice.check()
    }
    await page.locator('button[name=answer]').last().click()
    await page.waitForURL((url) => url.origin === spa.origin)
    await page.locator('output', { hasText: 'signed in' }).waitFor()
    expect(await askSilently(page)).toMatch(/^token \d+ 2026-11-01$/)
    const tab = await context.newPage()
    await tab.goto(spa.origin)
    expect(await askSilently(tab)).toMatch(/^token \d+ 2026-11-01$/)
    expect(termsOf(NORA)).toMatchObject({
      documents: { 'terms-of-service': { client: CLIENT_ID, accepted_at: expect.any(String) } },
    })
  })
})
