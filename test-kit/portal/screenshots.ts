/** `npm run screenshots`: see `USAGE`. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readArguments } from '../../cli/read-arguments.ts'
import { runHere } from '../../cli/run-command.ts'
import { launchChromium } from '../browser/chromium.ts'
import { buildFixture } from '../build-fixture.ts'

const folder = join(import.meta.dirname, '../..', 'screenshots')

const USAGE = `npm run screenshots [-- PART]
  PART  only the states whose name holds it

Makes pictures of every state of the pages, on a phone and on a desktop, light
and dark, in screenshots/, which git ignores.`

const makePictures = async (part: string, print: (text: string) => void): Promise<void> => {
  await buildFixture()
  // They read the fixture when they are loaded.
  const { PAGE_STATES } = await import('./page-states.ts')
  const { startPortalWorld } = await import('./portal-world.ts')
  mkdirSync(folder, { recursive: true })
  const world = await startPortalWorld()
  const browser = await launchChromium()
  try {
    for (const { name, open, lowWindow = false } of PAGE_STATES.filter((state) =>
      state.name.includes(part),
    ))
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
          print(join('screenshots', file))
          await context.close()
        }
  } finally {
    await browser.close()
    await world.close()
  }
}

await runHere(async ({ args, print }) => {
  const { positionals } = readArguments(args, USAGE, {}, 1)
  await makePictures(positionals[0] ?? '', print)
  return 0
})
