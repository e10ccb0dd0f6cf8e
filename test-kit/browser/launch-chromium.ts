import { describe, test } from '@jest/globals'
import { findChromium, NO_BROWSER } from './chromium.ts'

// Kept apart, because nothing outside a test may import jest.
export { findChromium, launchChromium } from './chromium.ts'

/**
 * `describe` for tests in a real browser. On a machine without one they are skipped and the reason
 * is printed; with `REQUIRE_BROWSER=1`, as in CI, one test fails in their place.
 */
export const describeInBrowser = (name: string, tests: () => void): void => {
  if (findChromium() !== undefined) describe(name, tests)
  else if (process.env['REQUIRE_BROWSER'] === '1')
    test(`${name}: a browser is there`, () => {
      throw new Error(NO_BROWSER)
    })
  else {
    process.stderr.write(`Skipped in ${name}: ${NO_BROWSER}\n`)
    describe.skip(name, tests)
  }
}
