import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import axe from 'axe-core'
import { decodeJwt } from 'jose'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { startPortal, type RunningPortal } from '../../portal/server.ts'
import { makeCertificate } from '../browser/certificate.ts'
import { describeInBrowser, launchChromium } from '../browser/launch-chromium.ts'
import { SIGNING_KEY, signTermsRequest, STATE, type ClaimChanges } from './terms-link.ts'

interface Continued {
  readonly method: string
  readonly path: string
  readonly fields: Readonly<Record<string, string>>
}

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return (server.address() as AddressInfo).port
}

const readFields = async (request: IncomingMessage): Promise<Record<string, string>> => {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return Object.fromEntries(new URLSearchParams(body))
}

describeInBrowser('the Terms page in Chromium', () => {
  let browser: Browser
  let portal: RunningPortal
  let loginHost: string
  let callback: string
  let continued: Continued[] = []
  let context: BrowserContext
  let complaints: string[] = []
  const servers: Server[] = []

  /** Three origins: the portal, a login host that redirects, and an application over plain HTTP. */
  beforeAll(async () => {
    const tls = await makeCertificate()
    const application = createHttpServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html')
      response.end('<!doctype html><html lang="en"><title>Application</title><h1>Back</h1></html>')
    })
    const login = createHttpsServer(tls, (request, response) => {
      void readFields(request).then((fields) => {
        continued.push({ method: request.method ?? '', path: request.url ?? '', fields })
        response.writeHead(302, { location: callback }).end()
      })
    })
    servers.push(application, login)
    callback = `http://app.localhost:${await listen(application)}/callback`
    loginHost = `login.localhost:${await listen(login)}`
    const config = { signingKey: SIGNING_KEY, loginHosts: [loginHost] }
    const app = { log: () => undefined }
    portal = await startPortal({ host: 'localhost', port: 0, tls, config, app })
    browser = await launchChromium()
  }, 30_000)

  afterAll(async () => {
    await browser.close()
    await portal.close()
    for (const server of servers) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  beforeEach(() => {
    continued = []
    complaints = []
  })
  afterEach(async () => {
    await context.close()
    expect(complaints).toEqual([])
  })

  const newPage = async (options: BrowserContextOptions = {}): Promise<Page> => {
    context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en', ...options })
    const page = await context.newPage()
    // What the browser refused, the Content-Security-Policy's refusals included.
    page.on('console', (message) => {
      const wanted = message.text().includes('responded with a status of')
      if (message.type() === 'error' && !wanted) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    return page
  }

  const termsUrl = async (changes: ClaimChanges = {}): Promise<string> => {
    const session_token = await signTermsRequest(
      { iss: loginHost, ...changes },
      { now: Date.now() },
    )
    const query = new URLSearchParams({ session_token, state: STATE })
    return `${portal.url}/terms?${query.toString()}`
  }

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

  const answerClaims = (): unknown => decodeJwt(continued[0]?.fields['session_token'] ?? '')

  test.each([
    ['Accept', 'accepted'],
    ['Decline', 'declined'],
  ])('%s reaches /continue and the application by itself', async (name, answer) => {
    const page = await newPage()
    await page.goto(await termsUrl())
    await button(page, name).click()
    await page.waitForURL(callback)
    expect(continued).toEqual([
      { method: 'POST', path: `/continue?state=${STATE}`, fields: expect.anything() },
    ])
    expect(answerClaims()).toMatchObject({ purpose: 'terms_answer', answer, iss: loginHost })
  })

  test('the keyboard is enough, and shows where it is', async () => {
    const page = await newPage()
    await page.goto(await termsUrl())
    const focused = () =>
      page.evaluate(
        '(({ textContent, ownerDocument }) => [textContent, ownerDocument.defaultView.getComputedStyle(ownerDocument.activeElement).outlineStyle])(document.activeElement)',
      )
    await page.keyboard.press('Tab')
    expect(await focused()).toEqual(['Decline', 'solid'])
    await page.keyboard.press('Tab')
    expect(await focused()).toEqual(['Accept', 'solid'])
    await page.keyboard.press('Enter')
    await page.waitForURL(callback)
    expect(answerClaims()).toMatchObject({ answer: 'accepted' })
  })

  test('without JavaScript a button carries the answer on', async () => {
    const page = await newPage({ javaScriptEnabled: false })
    await page.goto(await termsUrl())
    await button(page, 'Decline').click()
    await button(page, 'Continue').click()
    await page.waitForURL(callback)
    expect(answerClaims()).toMatchObject({ answer: 'declined' })
  })

  test('Back leads to the terms and sends nothing again', async () => {
    const page = await newPage()
    const url = await termsUrl()
    await page.goto(url)
    await button(page, 'Accept').click()
    await page.waitForURL(callback)
    await page.goBack()
    expect(page.url()).toBe(url)
    await button(page, 'Accept').waitFor()
    expect(continued).toHaveLength(1)
  })

  test('an application that signs in through a popup keeps its window', async () => {
    const page = await newPage()
    await page.goto(callback)
    const opened = page.waitForEvent('popup')
    await page.evaluate(`void window.open(${JSON.stringify(await termsUrl())})`)
    const popup = await opened
    await button(popup, 'Accept').click()
    await popup.waitForURL(callback)
    expect(await popup.evaluate('window.opener.location.pathname')).toBe('/callback')
  })

  test.each([360, 1280])('at %i px nothing is cut off and buttons can be hit', async (width) => {
    const page = await newPage({ viewport: { width, height: 740 } })
    await page.goto(await termsUrl({ client_name: 'ApplicationWithoutSpaces'.repeat(10) }))
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    for (const name of ['Accept', 'Decline']) {
      const box = await button(page, name).boundingBox()
      expect(box?.height).toBeGreaterThanOrEqual(44)
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(740)
    }
  })

  test('on a low screen the answer does not cover the text', async () => {
    const page = await newPage({ viewport: { width: 640, height: 320 } })
    await page.goto(await termsUrl())
    expect((await button(page, 'Accept').boundingBox())?.y).toBeGreaterThan(320)
  })

  test.each([
    ['light', 'rgb(255, 255, 255)'],
    ['dark', 'rgb(26, 32, 41)'],
  ] as const)('a user who prefers %s gets it', async (colorScheme, background) => {
    const page = await newPage({ colorScheme })
    await page.goto(await termsUrl())
    expect(
      await page.evaluate("getComputedStyle(document.querySelector('.sheet')).backgroundColor"),
    ).toBe(background)
  })

  const findViolations = async (page: Page): Promise<unknown> => {
    await page.evaluate(axe.source)
    return page.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))',
    )
  }

  const looks = [360, 1280].flatMap((width) =>
    (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
  )

  test.each(looks)('axe finds nothing at $width px, $colorScheme', async (look) => {
    const { width, colorScheme } = look
    const page = await newPage({ viewport: { width, height: 740 }, colorScheme })
    const violations: Record<string, unknown> = {}
    for (const locale of ['en', 'de']) {
      await page.goto(await termsUrl({ locales: [locale] }))
      violations[`terms ${locale}`] = await findViolations(page)
    }
    await page.goto(await termsUrl({ exp: 0 }))
    violations['error'] = await findViolations(page)

    // The page submits itself otherwise, before anybody could look at it.
    await page.route('**/continue.js', (route) => route.fulfill({ body: '' }))
    await page.goto(await termsUrl())
    await button(page, 'Accept').click()
    await button(page, 'Continue').waitFor()
    violations['continue'] = await findViolations(page)
    expect(violations).toEqual({ 'terms en': [], 'terms de': [], error: [], continue: [] })
  })
})
