import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import axe from 'axe-core'
import { decodeJwt } from 'jose'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { describeInBrowser, launchChromium } from '../../test-kit/browser/launch-chromium.ts'
import {
  choose,
  holdContinuePage,
  NEWS,
  PAGE_STATES,
  POLICY,
  press,
  SOON,
  TERMS,
} from '../../test-kit/portal/page-states.ts'
import { startPortalWorld, type PortalWorld } from '../../test-kit/portal/portal-world.ts'
import { STATE } from '../../test-kit/portal/terms-link.ts'

describeInBrowser('the Terms page in Chromium', () => {
  let browser: Browser
  let world: PortalWorld
  let context: BrowserContext
  const complaints: string[] = []

  beforeAll(async () => {
    ;[world, browser] = await Promise.all([startPortalWorld(), launchChromium()])
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await world.close()
  })
  afterEach(async () => {
    await context.close()
    world.continued.length = 0
    const found = complaints.splice(0)
    expect(found).toEqual([])
  })

  const watch = (page: Page): Page => {
    // What the browser refused, the Content-Security-Policy's refusals included.
    page.on('console', (message) => {
      const wanted = message.text().includes('responded with a status of')
      if (message.type() === 'error' && !wanted) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    return page
  }

  const newPage = async (options: BrowserContextOptions = {}): Promise<Page> => {
    context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en', ...options })
    return watch(await context.newPage())
  }

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

  const answersGiven = (): unknown[] =>
    world.continued.map(({ fields }) => {
      const { answers } = decodeJwt<{ answers: { answer: string }[] }>(
        fields['session_token'] ?? '',
      )
      return answers.map(({ answer }) => answer)
    })

  const textOf = (page: Page, selector: string): Promise<string | null> =>
    page.locator(selector).textContent()

  const focused = (page: Page): Promise<unknown> =>
    page.evaluate(
      "(({ id, tagName, textContent }) => id || `${tagName} ${textContent.trim().replace(/\\s+/g, ' ')}`)(document.activeElement)",
    )

  describe('one document', () => {
    test('Accept reaches /continue and the application by itself', async () => {
      const page = await newPage()
      await page.goto(await world.linkTo())
      await press(page, 'Accept')
      await page.waitForURL(world.callback)
      expect(world.continued).toEqual([
        { method: 'POST', path: `/continue?state=${STATE}`, fields: expect.anything() },
      ])
      expect(answersGiven()).toEqual([['accepted']])
    })

    test('Decline gets there after a second look', async () => {
      const page = await newPage()
      await page.goto(await world.linkTo())
      await press(page, 'Decline')
      expect(await textOf(page, 'h1')).toBe('Decline and leave?')
      expect(world.continued).toEqual([])
      await press(page, 'Decline and leave')
      await page.waitForURL(world.callback)
      expect(answersGiven()).toEqual([['declined']])
    })

    test('a refusal can be taken back', async () => {
      const page = await newPage()
      await page.goto(await world.linkTo())
      await press(page, 'Decline')
      await page.getByRole('link', { name: 'Go back', exact: true }).click()
      await press(page, 'Accept')
      await page.waitForURL(world.callback)
      expect(answersGiven()).toEqual([['accepted']])
    })

    test('Later puts off what is not in force yet', async () => {
      const page = await newPage()
      await page.goto(await world.linkTo({ documents: [{ ...TERMS, effective_at: SOON }] }))
      await press(page, 'Later')
      await page.waitForURL(world.callback)
      expect(answersGiven()).toEqual([['deferred']])
    })
  })

  describe('several documents', () => {
    test('an optional one is declined and the sign-in goes on', async () => {
      const page = await newPage()
      await page.goto(await world.linkTo({ documents: [TERMS, POLICY, NEWS] }))
      await choose(page, TERMS, 'accepted')
      await choose(page, POLICY, 'accepted')
      await choose(page, NEWS, 'declined')
      await press(page, 'Continue')
      await page.waitForURL(world.callback)
      expect(answersGiven()).toEqual([['accepted', 'accepted', 'declined']])
    })

    test('the browser asks for a choice that is missing', async () => {
      const page = await newPage()
      await page.goto(await world.linkTo({ documents: [TERMS, NEWS] }))
      await choose(page, TERMS, 'accepted')
      await press(page, 'Continue')
      expect(await focused(page)).toBe('answer-product-news-accepted')
      expect(new URL(page.url()).search).not.toBe('')
    })

    test('what the server finds missing is read out and one step away', async () => {
      const page = await newPage()
      await PAGE_STATES.find(({ name }) => name === 'answer missing')?.open(page, world)
      expect(await page.evaluate('document.activeElement.className')).toBe('problems')
      expect(await page.locator('.problems').getAttribute('role')).toBe('alert')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Space')
      expect(await page.locator(`#answer-${TERMS.id}-accepted`).isChecked()).toBe(true)
      expect(await page.locator(`#answer-${NEWS.id}-declined`).isChecked()).toBe(true)
    })
  })

  describe('a text that has to be read first', () => {
    const open = { ...TERMS, view: 'open' }
    const scroll = { ...TERMS, view: 'scroll' }
    const low = { viewport: { width: 1280, height: 600 } }

    test('is accepted only after it was opened', async () => {
      const page = await newPage()
      await page.goto(await world.linkTo({ documents: [open] }))
      await button(page, 'Accept').click({ force: true })
      expect(await textOf(page, '#gate-terms-of-service')).toBe(
        'Open the full text before you accept.',
      )
      expect(await button(page, 'Accept').getAttribute('aria-disabled')).toBe('true')
      expect(world.continued).toEqual([])

      // The button leads to what has to be opened.
      expect(await focused(page)).toBe('SUMMARY Read the full text')
      await page.keyboard.press('Enter')
      await page.locator('.gate-done').waitFor()
      expect(await button(page, 'Accept').getAttribute('aria-disabled')).toBeNull()
      await press(page, 'Accept')
      await page.waitForURL(world.callback)
      expect(answersGiven()).toEqual([['accepted']])
    })

    test('is accepted only after it was scrolled to its end, by keyboard', async () => {
      const page = await newPage(low)
      await page.goto(await world.linkTo({ documents: [scroll] }))
      await button(page, 'Accept').focus()
      await page.keyboard.press('Enter')
      expect(await focused(page)).toBe('text-terms-of-service')
      for (let presses = 0; presses < 8; presses += 1) await page.keyboard.press('PageDown')
      await page.locator('.gate-done').waitFor()
      await button(page, 'Accept').focus()
      await page.keyboard.press('Enter')
      await page.waitForURL(world.callback)
      expect(answersGiven()).toEqual([['accepted']])
    })

    test('says beside the button what it wants, and leaves the reader where they are', async () => {
      const page = await newPage(low)
      await page.goto(await world.linkTo({ documents: [scroll] }))
      const hint = page.locator('.answer #gate-terms-of-service')
      expect(await hint.isVisible()).toBe(true)
      expect(await button(page, 'Accept').getAttribute('aria-describedby')).toBe(
        'gate-terms-of-service',
      )
      await page.mouse.wheel(0, 200)
      await page.waitForFunction('scrollY >= 200')
      const before = await page.evaluate('scrollY')
      await page.evaluate("document.querySelector('.button-primary').click()")
      await page.locator('.gate-wanted').waitFor()
      expect(await page.evaluate('scrollY')).toBe(before)
      expect(await hint.textContent()).toBe('Read the full text to its end before you accept.')
      expect(world.continued).toEqual([])
    })

    test('is not taken for read because it was printed', async () => {
      const page = await newPage()
      await page.goto(await world.linkTo({ documents: [open] }))
      await page.emulateMedia({ media: 'print' })
      await page.evaluate("dispatchEvent(new Event('beforeprint'))")
      await page.evaluate("dispatchEvent(new Event('afterprint'))")
      await page.emulateMedia({ media: 'screen' })
      expect(await button(page, 'Accept').getAttribute('aria-disabled')).toBe('true')
    })

    test('need not be scrolled where all of it is in sight', async () => {
      const page = await newPage({ viewport: { width: 1280, height: 1800 } })
      await page.goto(await world.linkTo({ documents: [scroll] }))
      await page.locator('.gate-done').waitFor()
    })

    test('is declined unread', async () => {
      const page = await newPage(low)
      await page.goto(await world.linkTo({ documents: [scroll] }))
      await press(page, 'Decline')
      await press(page, 'Decline and leave')
      await page.waitForURL(world.callback)
      expect(answersGiven()).toEqual([['declined']])
    })

    test('what to do, and that it is done, is announced', async () => {
      const page = await newPage()
      await page.goto(await world.linkTo({ documents: [open, NEWS] }))
      const accept = page.locator(`#answer-${TERMS.id}-accepted`)
      await accept.click({ force: true })
      expect(await accept.isChecked()).toBe(false)
      await page.locator('#status:not(:empty)').waitFor({ state: 'attached' })
      expect(await textOf(page, '#status')).toBe('Open the full text before you accept.')
      expect(await accept.getAttribute('aria-describedby')).toBe('gate-terms-of-service')
      await page.locator('summary').first().click()
      await page.locator('.gate-done').waitFor()
      expect(await textOf(page, '#status')).toBe(
        'The text is open. You can now accept \u2068Terms of use\u2069.',
      )
      await accept.check()
      expect(await page.locator('#status').getAttribute('role')).toBe('status')
    })

    test('without JavaScript is accepted with a tick, and declined without', async () => {
      const page = await newPage({ javaScriptEnabled: false })
      await page.goto(await world.linkTo({ documents: [scroll] }))
      await press(page, 'Accept')
      expect(await page.locator('input:invalid').count()).toBe(1)
      expect(page.url()).toContain('session_token')
      await page.getByLabel('I have read').check()
      await press(page, 'Accept')
      await press(page, 'Continue')
      await page.waitForURL(world.callback)
      expect(answersGiven()).toEqual([['accepted']])

      await page.goto(await world.linkTo({ documents: [scroll] }))
      await press(page, 'Decline')
      expect(await textOf(page, 'h1')).toBe('Decline and leave?')
    })
  })

  describe('the keyboard', () => {
    test('is enough for one document, in the order of the page, and shows where it is', async () => {
      const page = await newPage()
      await page.goto(await world.linkTo())
      const stops: unknown[] = []
      for (let presses = 0; presses < 5; presses += 1) {
        await page.keyboard.press('Tab')
        expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe(
          'solid',
        )
        stops.push(await focused(page))
      }
      expect(stops).toEqual([
        'BUTTON العربية',
        'BUTTON Deutsch',
        'BUTTON English',
        'BUTTON Decline',
        'BUTTON Accept',
      ])
      await page.keyboard.press('Enter')
      await page.waitForURL(world.callback)
      expect(answersGiven()).toEqual([['accepted']])
    })

    test('is enough for several documents', async () => {
      const page = await newPage()
      await page.goto(await world.linkTo({ documents: [TERMS, NEWS] }))
      const stops: unknown[] = []
      const tab = async () => {
        await page.keyboard.press('Tab')
        stops.push(await focused(page))
      }
      for (let presses = 0; presses < 4; presses += 1) await tab()
      await tab()
      await page.keyboard.press('Space')
      await tab()
      await tab()
      // To the other choice; what has the focus is chosen by arrow keys.
      await page.keyboard.press('ArrowDown')
      stops.push(await focused(page))
      await tab()
      expect(stops.slice(3)).toEqual([
        'SUMMARY Read the full text: Terms of use',
        'answer-terms-of-service-accepted',
        'SUMMARY Read the full text: Product news',
        'answer-product-news-accepted',
        'answer-product-news-declined',
        'BUTTON Continue',
      ])
      await page.keyboard.press('Enter')
      await page.waitForURL(world.callback)
      expect(answersGiven()).toEqual([['accepted', 'declined']])
    })

    test.each([
      ['second look at a refusal', 'H1 Decline and leave?'],
      ['expired link', 'H1 This link has expired'],
      ['already answered', 'H1 You have already answered'],
    ])('starts at the heading: %s', async (name, heading) => {
      const page = await newPage()
      await PAGE_STATES.find((state) => state.name === name)?.open(page, world)
      expect(await focused(page)).toBe(heading)
    })

    test('never stops under the bar at the bottom', async () => {
      const page = await newPage({ viewport: { width: 360, height: 640 } })
      await page.goto(await world.linkTo({ documents: [TERMS, POLICY, NEWS] }))
      const bar = await page.locator('.answer').boundingBox()
      for (let presses = 0; presses < 9; presses += 1) {
        await page.keyboard.press('Tab')
        const box = await page.locator(':focus').boundingBox()
        expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0)
      }
    })
  })

  test('without JavaScript a button carries the answer on', async () => {
    const page = await newPage({ javaScriptEnabled: false })
    await page.goto(await world.linkTo({ documents: [TERMS, NEWS] }))
    await choose(page, TERMS, 'declined')
    await choose(page, NEWS, 'accepted')
    await press(page, 'Continue')
    await press(page, 'Decline and leave')
    await press(page, 'Continue')
    await page.waitForURL(world.callback)
    expect(answersGiven()).toEqual([['declined', 'accepted']])
  })

  test.each([true, false])(
    'the language is changed with every answer kept (JavaScript: %s)',
    async (javaScriptEnabled) => {
      const page = await newPage({ javaScriptEnabled })
      await page.goto(await world.linkTo({ documents: [TERMS, POLICY, NEWS] }))
      await choose(page, TERMS, 'accepted')
      await choose(page, NEWS, 'declined')
      await press(page, 'Deutsch')
      await page.getByRole('heading', { name: 'Bevor es weitergeht' }).waitFor()
      const chosen = page.locator('input[type=radio]:checked')
      const ids = (await chosen.all()).map((input) => input.getAttribute('id'))
      expect(await Promise.all(ids)).toEqual([
        `answer-${TERMS.id}-accepted`,
        `answer-${NEWS.id}-declined`,
      ])
      await choose(page, POLICY, 'accepted')
      await press(page, 'Weiter')
      if (!javaScriptEnabled) await press(page, 'Weiter')
      await page.waitForURL(world.callback)
      expect(answersGiven()).toEqual([['accepted', 'accepted', 'declined']])
    },
  )

  test('Enter in a choice neither switches the language nor answers', async () => {
    const page = await newPage()
    const url = await world.linkTo({ documents: [TERMS, NEWS] })
    await page.goto(url)
    await page.locator(`#answer-${TERMS.id}-accepted`).focus()
    await page.keyboard.press('Enter')
    expect([page.url(), world.continued]).toEqual([url, []])
  })

  test('three folded documents are printed with all of their texts', async () => {
    const page = await newPage()
    await page.goto(await world.linkTo({ documents: [TERMS, POLICY, NEWS] }))
    // What is folded is laid out, or is not, with the next frame.
    const printed = (): Promise<boolean[]> =>
      page.evaluate(
        `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
          done(Array.from(document.querySelectorAll('article'), (article) =>
            article.checkVisibility({ contentVisibilityAuto: true }))))))`,
      )
    expect(await printed()).toEqual([false, false, false])
    await page.emulateMedia({ media: 'print' })
    expect(await printed()).toEqual([true, true, true])
    expect(await page.locator('.answer').isVisible()).toBe(false)
  })

  describe('twice', () => {
    test.each([
      ['acceptance', (page: Page) => press(page, 'Accept')],
      [
        'refusal',
        async (page: Page) => {
          await press(page, 'Decline')
          await press(page, 'Decline and leave')
        },
      ],
    ])(
      'Back after an %s says that it was given, and sends nothing again',
      async (_name, answer) => {
        const page = await newPage()
        await page.goto(await world.linkTo())
        await answer(page)
        await page.waitForURL(world.callback)
        await page.goBack()
        await page.getByText('You have already answered').first().waitFor()
        expect(world.continued).toHaveLength(1)
      },
    )

    test('a double click sends one answer', async () => {
      const page = await newPage()
      await page.goto(await world.linkTo())
      let posts = 0
      await page.route('**/terms', async (route) => {
        posts += 1
        await route.continue()
      })
      await button(page, 'Accept').dblclick({ noWaitAfter: true })
      await page.waitForURL(world.callback)
      expect(posts).toBe(1)
      expect(answersGiven()).toEqual([['accepted']])
    })

    test('while the answer is sent the buttons say so and take no other', async () => {
      const page = await newPage()
      await page.goto(await world.linkTo())
      // In one go, because the answer is there before a second click of ours could be.
      const states = await page.evaluate(`(() => {
        const [decline, accept] = document.querySelectorAll('.button')
        accept.click()
        decline.click()
        const status = document.getElementById('status').textContent
        return [status, accept.ariaDisabled, decline.ariaDisabled]
      })()`)
      expect(states).toEqual(['Sending your answer …', 'true', 'true'])
      await page.waitForURL(world.callback)
      expect(answersGiven()).toEqual([['accepted']])
    })

    test('of two tabs the second cannot say something else', async () => {
      const first = await newPage()
      const url = await world.linkTo()
      await first.goto(url)
      const second = watch(await context.newPage())
      await second.goto(url)
      await press(first, 'Accept')
      await first.waitForURL(world.callback)
      await press(second, 'Decline')
      await second.getByText('You have already answered').first().waitFor()
      expect(answersGiven()).toEqual([['accepted']])
    })

    test('two tabs of two sign-ins do not disturb each other', async () => {
      const first = await newPage()
      await first.goto(await world.linkTo())
      const second = watch(await context.newPage())
      await second.goto(await world.linkTo())
      await press(first, 'Accept')
      await first.waitForURL(world.callback)
      await press(second, 'Accept')
      await second.waitForURL(world.callback)
      expect(answersGiven()).toEqual([['accepted'], ['accepted']])
    })

    test('a portal that was restarted in between takes the answer', async () => {
      const page = await newPage()
      const url = await world.linkTo()
      // Whatever the browser still wanted of the page it cannot have any more then.
      await page.goto(url, { waitUntil: 'networkidle' })
      await world.restartPortal()
      await press(page, 'Accept')
      await page.waitForURL(world.callback)
      await page.goto(url)
      expect(await textOf(page, 'h1')).toBe('You have already answered')
      expect(answersGiven()).toEqual([['accepted']])
    })
  })

  test('an application that signs in through a popup keeps its window', async () => {
    const page = await newPage()
    await page.goto(world.callback)
    const opened = page.waitForEvent('popup')
    await page.evaluate(`void window.open(${JSON.stringify(await world.linkTo())})`)
    const popup = await opened
    await press(popup, 'Accept')
    await popup.waitForURL(world.callback)
    expect(await popup.evaluate('window.opener.location.pathname')).toBe('/callback')
  })

  describe('every state', () => {
    const LOOKS = [360, 1280].flatMap((width) =>
      (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
    )

    /** What axe finds, how far the page is too wide, and which targets are under 44 px. */
    const findFaults = (page: Page): Promise<unknown> =>
      page.evaluate(`(async () => {
        const { violations } = await axe.run()
        const targets = document.querySelectorAll('button, .button, .option, summary, header a, footer a')
        const small = [...targets].filter((target) => {
          const { width, height } = target.getBoundingClientRect()
          return target.checkVisibility() && (width < 44 || height < 44)
        })
        return [
          violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
          document.documentElement.scrollWidth - document.documentElement.clientWidth,
          small.map(({ textContent }) => textContent),
        ]
      })()`)

    test.each(PAGE_STATES)(
      'is without fault, light and dark, on phone and desktop, at 200 % and 400 %: $name',
      async ({ open }) => {
        const page = await newPage({ viewport: { width: 360, height: 740 } })
        await open(page, world)
        await page.evaluate(axe.source)
        const found: unknown[] = []
        for (const { width, colorScheme } of LOOKS) {
          await page.setViewportSize({ width, height: 740 })
          await page.emulateMedia({ colorScheme })
          found.push([width, colorScheme, await findFaults(page)])
        }
        expect(found).toEqual(
          LOOKS.map(({ width, colorScheme }) => [width, colorScheme, [[], 0, []]]),
        )

        // A window of 1280 px, as WCAG 2.2 (1.4.10) wants it enlarged.
        for (const width of [640, 320]) {
          await page.setViewportSize({ width, height: 400 })
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
        }
      },
      30_000,
    )

    test.each([
      ['light', 'rgb(255, 255, 255)'],
      ['dark', 'rgb(26, 32, 41)'],
    ] as const)('is %s for a user who prefers it', async (colorScheme, background) => {
      const page = await newPage({ colorScheme })
      await page.goto(await world.linkTo())
      expect(
        await page.evaluate("getComputedStyle(document.querySelector('.sheet')).backgroundColor"),
      ).toBe(background)
    })

    test('shows the same in the colours that the system forces', async () => {
      const page = await newPage({ forcedColors: 'active' })
      await page.goto(await world.linkTo({ documents: [TERMS, NEWS] }))
      await choose(page, TERMS, 'accepted')
      const border = (selector: string) =>
        page.evaluate(`getComputedStyle(document.querySelector('${selector}')).borderTopWidth`)
      expect(await border('.option:has(:checked)')).toBe('3px')
      expect(await border('.option:not(:has(:checked))')).toBe('1px')
      expect(await border('.button-primary')).toBe('3px')
    })

    test('moves nothing for a user who wants no motion', async () => {
      const page = await newPage({ reducedMotion: 'reduce' })
      await page.goto(await world.linkTo({ documents: [TERMS, NEWS] }))
      expect(
        await page.evaluate(
          "getComputedStyle(document.querySelector('summary'), '::before').transitionDuration",
        ),
      ).toBe('0s')
    })

    test('is written from right to left in Arabic', async () => {
      const page = await newPage({ viewport: { width: 1280, height: 740 } })
      await page.goto(await world.linkTo({ locales: ['ar'] }))
      const brand = await page.locator('.brand').boundingBox()
      const languages = await page.locator('.languages').boundingBox()
      expect(brand?.x).toBeGreaterThan(languages?.x ?? Infinity)
    })
  })

  test('on a low screen the answer does not cover the text', async () => {
    const page = await newPage({ viewport: { width: 640, height: 320 } })
    await page.goto(await world.linkTo())
    expect((await button(page, 'Accept').boundingBox())?.y).toBeGreaterThan(320)
  })

  test('the answer is in sight above a long text', async () => {
    const page = await newPage({ viewport: { width: 360, height: 740 } })
    await page.goto(await world.linkTo({ client_name: 'ApplicationWithoutSpaces'.repeat(4) }))
    for (const name of ['Accept', 'Decline']) {
      const box = await button(page, name).boundingBox()
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(740)
    }
  })

  test('an answer that the browser kept waiting is sent by the button', async () => {
    const page = await newPage()
    await holdContinuePage(page)
    await page.goto(await world.linkTo())
    await press(page, 'Accept')
    await press(page, 'Continue')
    await page.waitForURL(world.callback)
    expect(answersGiven()).toEqual([['accepted']])
  })
})
