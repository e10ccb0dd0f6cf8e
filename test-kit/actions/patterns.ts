/** Patterns and texts that fast-check draws, for laws about the cost of patterns. */
import * as fc from 'fast-check'

const ATOMS = ['a', 'b', 'x', '-', '[ab]', '[^a]', '[^-]', '\\d', '\\w', '.', '\\p{L}', 'é', '😀']
const COUNTS = ['', '', '', '?', '*', '+', '{2}', '{1,3}', '{2,9}', '{3,}']

const { sequence: drawn } = fc.letrec<{ sequence: string; part: string }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.tuple(fc.constantFrom(...ATOMS), fc.constantFrom(...COUNTS)).map((words) => words.join('')),
    fc
      .tuple(tie('sequence'), fc.constantFrom('', '?', '+', '{1,3}'))
      .map(([inside, count]) => `(?:${inside})${count}`),
    fc.tuple(tie('sequence'), tie('sequence')).map(([left, right]) => `(${left}|${right})`),
  ),
  sequence: fc.array(tie('part'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
}))

export const patterns = fc
  .tuple(fc.constantFrom('^', '^', ''), drawn, fc.constantFrom('', '', '$', '\\b', 'x$'))
  .map((words) => words.join(''))

const WORDS = ['a', 'b', 'ab', 'x', '-', 'a-', '1', 'é', 'a1', '😀', ' ', 'ax', 'É']

/** A few words repeated, and an end that most patterns do not expect. */
export const texts = (length: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(fc.tuple(fc.constantFrom(...WORDS), fc.integer({ min: 1, max: length })), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.constantFrom('', '!', 'x', '-'),
    )
    .map(([pumps, end]) => {
      const text = pumps.map(([word, times]) => word.repeat(times)).join('')
      return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}${end}`
    })
