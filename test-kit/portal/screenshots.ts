/**
 * `npm run screenshots [-- part of a name]`: every state of the pages, on a phone and on a desktop,
 * light and dark, into `screenshots/`, which git ignores.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launchChromium } from '../browser/chromium.ts'
import { buildFixture } from '../build-fixture.ts'
import { PAGE_STATES } from './page-states.ts'
import { startPortalWorld } from './portal-world.ts'

const folder = join(import.meta.dirname, '../..', 'screenshots')
const [wanted = ''] = process.argv.slice(2)
const states = PAGE_STATES.filter(({ name }) => name.includes(wanted))

mkdirSync(folder, { recursive: true })
await buildFixture()
const world = await startPortalWorld()
const browser = await launchChromium()
try {
  for (const { name, open, lowWindow = false } of states)
    for (const width of [360, 1280])
      for (const colorScheme of ['light', 'dark'] as const) {
        const context = await browser.newContext({
          ignoreHTTPSErrors: true,
          locale: 'en',
          viewport: { width, height: 800 },
          colorScheme,
        })
        const page = await context.newPage()
        await open(page, world)
        if (!lowWindow) {
          // As high as the page, because the bar at the bottom would lie across a longer picture.
          const height = Number(await page.evaluate('document.documentElement.scrollHeight'))
          await page.setViewportSize({ width, height })
        }
        const file = `${name.toLowerCase().replace(/[^a-z]+/g, '-')}-${width}-${colorScheme}.png`
        await page.screenshot({ path: join(folder, file) })
        console.log(join('screenshots', file))
        await context.close()
      }
} finally {
  await browser.close()
  await world.close()
}
