import { expect, test } from '@jest/globals'
import { findChromium } from '../../test-kit/browser/launch-chromium.ts'

const existing =
  (...paths: string[]) =>
  (path: string) =>
    paths.includes(path)

test.each<[string, Record<string, string>, string[], string | undefined]>([
  [
    'the one that CHROMIUM names',
    { CHROMIUM: '/opt/c' },
    ['/opt/c', '/usr/bin/chromium'],
    '/opt/c',
  ],
  [
    "Debian's when CHROMIUM names none",
    { CHROMIUM: '/opt/c' },
    ['/usr/bin/chromium'],
    '/usr/bin/chromium',
  ],
  [
    "Debian's before Google's",
    {},
    ['/usr/bin/google-chrome', '/usr/bin/chromium'],
    '/usr/bin/chromium',
  ],
  ['none where there is none', {}, [], undefined],
])('the browser found is %s', (_case, environment, paths, expected) => {
  expect(findChromium(environment, existing(...paths))).toBe(expected)
})
