import { expect, test } from '@jest/globals'
import { isolate } from '../../portal/locales.ts'

test.each([
  ['U+2069 and U+202E', 'Shop\u2069\u202e gnp.exe'],
  ['isolates', '\u2066a\u2067b\u2068c\u2069'],
  ['embeddings', '\u202aa\u202bb\u202cc\u202dd\u202e'],
  ['marks', 'a\u200eb\u200fc\u061c'],
  ['line breaks', 'a\nb\u2028c\u2029d\u0085'],
  ['invisible characters', 'a\u200bb\u2060c\ufeffd\u{e0041}'],
])('foreign words cannot leave their isolate: %s', (_what, name) => {
  const isolated = isolate(name)
  expect(isolated.startsWith('\u2068') && isolated.endsWith('\u2069')).toBe(true)
  expect(isolated.slice(1, -1)).toMatch(/^[\x20-\x7e]+$/)
})

test('names of any script stay as they are, with the joiners that they are written with', () => {
  for (const name of ['Café “Zoë”', 'متجر', 'می\u200cخواهم', 'क्\u200dष', '👩\u200d💻', '書店'])
    expect(isolate(name)).toBe(`\u2068${name}\u2069`)
})
