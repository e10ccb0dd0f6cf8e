import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const KNOWN_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

export const NO_BROWSER = 'no Chromium found: install it or set CHROMIUM to its path'

/** The browser to look with: `CHROMIUM`, or the first known place that has one. */
export const findChromium = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
  exists: (path: string) => boolean = existsSync,
): string | undefined =>
  [environment['CHROMIUM'] ?? '', ...KNOWN_PATHS].find((path) => path !== '' && exists(path))

/** Starts Chromium without a window, without a profile and without calls to its maker. */
export const launchChromium = async (): Promise<Browser> => {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error(NO_BROWSER)
  return chromium.launch({
    executablePath,
    args: [
      // Chromium's sandbox refuses to run as root, as containers do.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
