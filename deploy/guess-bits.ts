/**
 * How hard a key is to guess, for somebody who knows how people make up keys. For the deploy only:
 * it is an estimate, and a wrong one at run time would lock every user out.
 */
import { dictionary as common } from '@zxcvbn-ts/language-common'
import { dictionary as english } from '@zxcvbn-ts/language-en'

/** This many characters tell a key from a sentence; the work grows with the square of the length. */
const MAX_JUDGED = 256

const LONGEST_WORD = 16
const SHORTEST_RUN = 3
const SHORTEST_COPY = 4

/** Words of example keys. Word lists rank them as rare. */
const OF_EXAMPLES = [
  ...['secret', 'key', 'token', 'your', 'here', 'goes', 'change', 'changeme', 'replace', 'example'],
  ...['placeholder', 'sample', 'dummy', 'test', 'todo', 'fixme', 'insert', 'with', 'openssl'],
  ...[
    'rand',
    'random',
    'base64',
    'character',
    'signing',
    'access',
    'bearer',
    'api',
    'value',
    'jwt',
  ],
  ...['string', 'long', 'auth', 'auth0', 'prod', 'production', 'staging', 'default', 'password'],
]

/** The bits that a word adds against somebody who tries common words first. */
const wordBits = new Map<string, number>()
for (const list of [OF_EXAMPLES, common['passwords-common'], english['commonWords-en']]) {
  for (const [rank, word] of list.entries()) {
    const bits = Math.log2(rank + 2)
    if (word.length <= LONGEST_WORD && bits < (wordBits.get(word) ?? Infinity)) {
      wordBits.set(word, bits)
    }
  }
}

/**
 * The bits of the cheapest way to put `value` together from words, runs such as `abc` and `321`,
 * copies of what stood before, and single characters.
 */
export const guessBits = (value: string): number => {
  const text = value.slice(0, MAX_JUDGED)
  const lower = text.toLowerCase()
  const characterBits = Math.log2(alphabetOf(text))
  const seen = new Set<string>()
  const cheapest = [0, ...Array.from(text, () => Infinity)]
  for (let start = 0; start < text.length; start += 1) {
    const soFar = cheapest[start] ?? 0
    const reach = (length: number, bits: number): void => {
      cheapest[start + length] = Math.min(cheapest[start + length] ?? Infinity, soFar + bits)
    }
    const character = text[start] ?? ''
    // A separator is free once it is known.
    reach(1, !isLetterOrDigit(character) && seen.has(character) ? 1 : characterBits)
    seen.add(character)
    for (let length = 1; length <= LONGEST_WORD && start + length <= text.length; length += 1) {
      const bits = wordBits.get(lower.slice(start, start + length))
      if (bits !== undefined && (length >= 4 || standsAlone(text, start, length))) {
        reach(length, bits + caseBits(text.slice(start, start + length)))
      }
    }
    const run = runLength(text, start)
    if (run >= SHORTEST_RUN) reach(run, characterBits + Math.log2(run) + 1)
    const copy = copyLength(lower, start)
    if (copy >= SHORTEST_COPY) reach(copy, Math.log2(start) + Math.log2(copy))
  }
  return cheapest[text.length] ?? 0
}

/**
 * How many characters a guess at one has to go through: all of the kinds used, or only those that
 * occur when that many random ones would hold far more different ones.
 */
const alphabetOf = (text: string): number => {
  const kinds: [RegExp, number][] = [
    [/[0-9]/, 10],
    [/[a-f]/, 6],
    [/[g-z]/, 20],
    [/[A-F]/, 6],
    [/[G-Z]/, 20],
    [/[^0-9a-zA-Z]/, 10],
  ]
  const size = kinds.reduce((sum, [kind, count]) => sum + (kind.test(text) ? count : 0), 0)
  const different = new Set(text).size
  const expected = size * (1 - (1 - 1 / size) ** text.length)
  return different < expected / 2 ? different : size
}

const isLetterOrDigit = (character: string): boolean => /[\p{L}\p{N}]/u.test(character)

/** A short word counts only between two boundaries, because random strings hold many short words. */
const standsAlone = (text: string, start: number, length: number): boolean => {
  const [before = '', first = ''] = [text[start - 1], text[start]]
  const [last = '', after = ''] = [text[start + length - 1], text[start + length]]
  return isBoundary(before, first) && isBoundary(last, after)
}

const isBoundary = (one: string, other: string): boolean =>
  !/[a-z]/i.test(one) || !/[a-z]/i.test(other) || (/[a-z]/.test(one) && /[A-Z]/.test(other))

const caseBits = (word: string): number => {
  if (!/[A-Z]/.test(word)) return 0
  return /^[A-Z]?[^A-Z]*$|^[^a-z]*$/.test(word) ? 1 : word.length
}

/** How long the run is that begins at `start`, such as `aaa`, `abc` or `cba`. */
const runLength = (text: string, start: number): number => {
  const step = text.charCodeAt(start + 1) - text.charCodeAt(start)
  if (!(Math.abs(step) <= 1)) return 1
  let end = start + 1
  while (text.charCodeAt(end + 1) - text.charCodeAt(end) === step) end += 1
  return end - start + 1
}

/** How long the longest piece is that begins at `start` and occurs before; the two may overlap. */
const copyLength = (text: string, start: number): number => {
  let longest = 0
  for (let from = 0; from < start; from += 1) {
    let length = 0
    while (start + length < text.length && text[from + length] === text[start + length]) length += 1
    longest = Math.max(longest, length)
  }
  return longest
}
