import type { Page } from 'playwright-core'
import type { AskedDocument } from '../../actions/shared/session-token.ts'
import type { PortalWorld } from './portal-world.ts'
import type { ClaimChanges } from './terms-link.ts'

/** A state that a user can find the pages in. */
export interface PageState {
  readonly name: string
  /** A window as high as the page would show the end of the text, and leave the state. */
  readonly lowWindow?: true
  /** Brings a page of a fresh browser into the state. */
  readonly open: (page: Page, world: PortalWorld) => Promise<void>
}

export const TERMS: AskedDocument = {
  id: 'terms-of-service',
  version: '2026-11-01',
  required: true,
}
export const CHANGED_TERMS: AskedDocument = { ...TERMS, previous: '2025-01-15' }
export const POLICY: AskedDocument = {
  id: 'privacy-policy',
  version: '2025-01-15',
  required: true,
}
export const NEWS: AskedDocument = { id: 'product-news', version: '2025-01-15', required: false }

/** Far enough ahead for every run of the tests. */
export const SOON = '2099-01-01T00:00:00Z'

const asking = (...documents: readonly AskedDocument[]): ClaimChanges => ({ documents })
const arabic = { locales: ['ar'] }

const link = (name: string, changes: ClaimChanges): PageState => ({
  name,
  open: async (page, world) => {
    await page.goto(await world.linkTo(changes))
  },
})

export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()

export const choose = (page: Page, { id }: AskedDocument, answer: string): Promise<void> =>
  page.locator(`#answer-${id}-${answer}`).check()

/** The continue page submits itself otherwise, before anybody could look at it. */
export const holdContinuePage = async (page: Page): Promise<void> => {
  await page.route('**/continue.js', (route) => route.fulfill({ body: '' }))
}

const secondLook =
  (changes: ClaimChanges, decline: string): PageState['open'] =>
  async (page, world) => {
    await page.goto(await world.linkTo(changes))
    await press(page, decline)
    await page.locator('#second-look').waitFor()
  }

export const PAGE_STATES: readonly PageState[] = [
  link('first acceptance', asking(TERMS)),
  link('first acceptance, German', { ...asking(TERMS), locales: ['de'] }),
  link('first acceptance, Arabic', { ...asking(TERMS), ...arabic }),
  link('re-acceptance with what changed', asking(CHANGED_TERMS)),
  link('announced, may be put off', asking({ ...CHANGED_TERMS, effective_at: SOON })),
  link('optional document alone', asking(NEWS)),
  link('optional document alone, Arabic', { ...asking(NEWS), ...arabic }),
  link('several documents', asking(CHANGED_TERMS, POLICY, NEWS)),
  link('several documents, Arabic', { ...asking(CHANGED_TERMS, POLICY, NEWS), ...arabic }),
  link('text without a translation', {
    ...asking({ ...TERMS, version: '2025-01-15' }, POLICY),
    ...arabic,
  }),
  {
    name: 'language switched after answers',
    open: async (page, world) => {
      await page.goto(await world.linkTo(asking(TERMS, POLICY, NEWS)))
      await choose(page, TERMS, 'accepted')
      await choose(page, NEWS, 'declined')
      await press(page, 'Deutsch')
      await page.getByRole('heading', { name: 'Bevor es weitergeht' }).waitFor()
    },
  },
  {
    name: 'optional document declined',
    open: async (page, world) => {
      await page.goto(await world.linkTo(asking(TERMS, POLICY, NEWS)))
      await choose(page, TERMS, 'accepted')
      await choose(page, POLICY, 'accepted')
      await choose(page, NEWS, 'declined')
    },
  },
  link(
    'text to be opened first',
    asking({ ...TERMS, view: 'open' }, { ...POLICY, view: 'scroll' }),
  ),
  {
    name: 'text opened',
    open: async (page, world) => {
      await page.goto(await world.linkTo(asking({ ...TERMS, view: 'open' }, NEWS)))
      await page.locator('summary').first().click()
      await page.locator('.gate-done').waitFor()
    },
  },
  {
    ...link('text to be scrolled first', asking({ ...TERMS, view: 'scroll' })),
    lowWindow: true,
  },
  {
    name: 'accepted before the text was scrolled',
    lowWindow: true,
    open: async (page, world) => {
      await page.goto(await world.linkTo(asking({ ...TERMS, view: 'scroll' })))
      await page.getByRole('button', { name: 'Accept', exact: true }).click({ force: true })
      await page.locator('.gate-wanted').waitFor()
    },
  },
  {
    name: 'text scrolled to its end',
    open: async (page, world) => {
      await page.goto(await world.linkTo(asking({ ...TERMS, view: 'scroll' })))
      await page.locator('.end').scrollIntoViewIfNeeded()
      await page.keyboard.press('End')
      await page.locator('.gate-done').waitFor()
    },
  },
  {
    name: 'text to be read first, without our script',
    open: async (page, world) => {
      await page.route('**/terms.js', (route) => route.fulfill({ body: '' }))
      await page.goto(await world.linkTo(asking({ ...TERMS, view: 'scroll' })))
    },
  },
  {
    name: 'answer missing',
    open: async (page, world) => {
      await page.goto(await world.linkTo(asking(TERMS, { ...POLICY, view: 'open' }, NEWS)))
      // As a browser without validation would send it.
      await page.evaluate("document.getElementById('terms').noValidate = true")
      await choose(page, NEWS, 'declined')
      await press(page, 'Continue')
      await page.locator('.problems').waitFor()
    },
  },
  { name: 'second look at a refusal', open: secondLook(asking(TERMS), 'Decline') },
  {
    name: 'second look at a refusal, Arabic',
    open: secondLook({ ...asking(TERMS), ...arabic }, 'رفض'),
  },
  {
    name: 'second look at two refusals',
    open: async (page, world) => {
      await page.goto(await world.linkTo(asking(TERMS, POLICY, NEWS)))
      for (const document of [TERMS, POLICY]) await choose(page, document, 'declined')
      await choose(page, NEWS, 'accepted')
      await press(page, 'Continue')
      await page.locator('#second-look').waitFor()
    },
  },
  {
    name: 'answer on its way',
    open: async (page, world) => {
      await holdContinuePage(page)
      await page.goto(await world.linkTo(asking(TERMS)))
      await press(page, 'Accept')
      await page.locator('#continue').waitFor()
    },
  },
  {
    name: 'already answered',
    open: async (page, world) => {
      const url = await world.linkTo(asking(TERMS))
      await page.goto(url)
      await press(page, 'Accept')
      await page.waitForURL(world.callback)
      await page.goto(url)
    },
  },
  link('expired link', { exp: 0 }),
  link('expired link, Arabic', { exp: 0, ...arabic }),
  link('invalid link', { purpose: 'another' }),
  {
    name: 'incomplete link',
    open: async (page, world) => {
      await page.goto(`${world.portal.url}/terms`)
    },
  },
  link('version without a text', asking({ ...TERMS, version: '2030-01-01' })),
  {
    name: 'page where nobody is sent',
    open: async (page, world) => {
      await page.goto(`${world.portal.url}/`)
    },
  },
  {
    name: 'no such page',
    open: async (page, world) => {
      await page.goto(`${world.portal.url}/elsewhere`)
    },
  },
  link('long names', {
    ...asking(CHANGED_TERMS, NEWS),
    client_name: 'Unternehmensportal'.repeat(6),
  }),
]
