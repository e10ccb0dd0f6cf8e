import { expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { wrapText } from '../../../playground/mapping-preview/wrap-text.ts'

test.each([
  ['after a space', 'one two three', 'one two\nthree'],
  ['after a slash', 'http://a.b/c', 'http://\na.b/c'],
  ['in the middle where nothing parts', 'abcdefghijkl', 'abcdefgh\nijkl'],
  ['not where it fits', 'one two', 'one two'],
  ['each line for itself', 'one\ntwo', 'one\ntwo'],
])('a text is broken %s', (_title, text, wrapped) => {
  expect(wrapText(text, 8)).toBe(wrapped)
})

test('no line is longer than the width, and no letter is lost', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 12 }), (text, width) => {
      const wrapped = wrapText(text, width)
      for (const line of wrapped.split('\n')) expect(line.length).toBeLessThanOrEqual(width)
      expect(wrapped.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
    }),
  )
})
