import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type * as Recheck from 'recheck'
import { MAX_PATTERN_STEPS, patternCost } from '../../../actions/shared/check-pattern.ts'
import { compileTransform } from '../../../actions/map-idp-attributes/transform.ts'
import { MAX_INPUT_ELEMENTS, MAX_INPUT_LENGTH } from '../../../actions/shared/strings.ts'
import { RUNS } from '../../../test-kit/actions/arbitraries.ts'
import { countSteps } from '../../../test-kit/actions/count-steps.ts'
import { patterns, texts } from '../../../test-kit/actions/patterns.ts'

// Its build for browsers is plain JavaScript; the other starts programs of its own.
const { checkSync } = createRequire(import.meta.url)('recheck/lib/browser.js') as typeof Recheck

const RECHECK = { checker: 'automaton', timeout: 30_000 } as const

const patternProblem = (pattern: string, ignoreCase?: boolean): string | undefined => {
  const cost = patternCost(pattern, ignoreCase)
  return 'problem' in cost ? cost.problem : undefined
}

const TAKEN = [
  '',
  'abc',
  '^CN=([^,]+)',
  'CN=([^,]+)',
  '^([^@]+)@',
  '^[^@]+@(.+)$',
  '^(.+)-admin$',
  '^GG-(.+)-(?:admin|user)$',
  '^(.+)-([^-]+)$',
  '^(?<year>\\d{4})-(?<month>\\d\\d)$',
  '^(\\d\\d)\\.(\\d\\d)\\.(\\d{4})$',
  '\\s+',
  '[\\s_-]+',
  '\\d+',
  '^[^]*?x',
  '^.*$',
  '^\\w+\\s\\w+$',
  '^(?:ab)+c',
  'id=(\\d+);',
  '^a|^b',
  'a|b|cd?',
  '\\bapp-\\w+',
  '[\\]\\\\-]x',
  '\\x41\\u0042',
  '\\p{L}',
  '^[\\p{L}\\s]+',
  '\\P{Lu}x',
  '^\\u{1f600}+$',
  '^\\ud83d\\ude00+x',
  '^😀+é',
  `^${'(?:a|b)'.repeat(7)}$`,
  '^a?a?a?a?a?a?a?aaaaaaa$',
  '\\d{1,64}x',
]

describe('a pattern is taken', () => {
  test.each(TAKEN)('%s', (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined()
  })
})

describe('a pattern is refused', () => {
  test.each<[string, string, RegExp]>([
    ['that is none', '(', /unterminated|invalid/i],
    ['with a repeat in a repeat', '^(a+)+$', /repeats a group/],
    ['with an alternative in a repeat', '^(a|a)*$', /repeats a group/],
    ['with an optional part in a repeat', '^(a?b?)*$', /repeats a group/],
    ['with a counted repeat in a repeat', '^(?:a{1,3}){2,}$', /repeats a group/],
    ['with an anchor in a repeat', '(?:^a)*', /repeats a group/],
    ['with two repeats that share texts', '^(.+)-(.+)$', /may be slow .* because of \.\+/],
    ['with two repeats of the same', '^\\w+\\w+$', /may be slow/],
    ['that searches for a repeat before an end', '\\s+$', /begin it with \^/],
    ['that searches for a repeat before more', '\\d+px', /begin it with \^/],
    ['that searches and shares', '.*x', /may be slow/],
    ['that runs over its own beginning', 'a[ab]*c', /may be slow/],
    ['that runs over what an open repeat may begin', '^.*\\d+x', /may be slow/],
    ['whose group repeats share texts', '^(?:ab)*(?:ab)*$', /may be slow/],
    ['with an open anchor', '^a+b|a+b', /begin it with \^/],
    ['with a reference back', '^(a)\\1$', /refers back/],
    ['with a named reference back', '^(?<x>a)\\k<x>$', /refers back/],
    ['that looks ahead', '^(?=a)', /looks ahead/],
    ['that looks behind', '(?<!a)b', /looks ahead/],
    ['with a flag inside', '(?i:a)', /looks ahead|invalid/i],
    ['with a brace alone', '^a{', /Unicode \(.*backslash/],
    ['with a backslash before a letter that needs none', '\\y', /Unicode \(.*backslash/],
    ['with a backslash before a dash', 'a\\-b', /Unicode \(.*backslash/],
    ['with a class of Unicode that is none', '\\p{Umlaut}', /Unicode \(/],
    ['with a dash after a class in a class', '[\\w-.]', /Unicode \(.*comes last/],
    ['that counts far', '^a{1,1000}$', /counts further than 64/],
    ['with an open repeat after another', '^.*x[^x]*y[^x]*z', /may be slow/],
    ['with very many alternatives', `^${'(?:a|b)'.repeat(14)}$`, /may take .* steps/],
    ['with very many optional parts', `^${'a?'.repeat(10)}$`, /may take .* steps/],
    [
      'with two counts that share',
      '\\d{1,64}\\d{1,64}x',
      /may take 5,\d+,000,000 steps .*begin it with \^/,
    ],
    ['with three counts that share', '^\\d{1,60}\\d{1,60}\\d{1,60}$', /may take .* steps/],
    ['with nine short counts that share', `${'\\d{1,2}'.repeat(9)}x`, /may take .* steps/],
    ['with a count that a search repeats', '\\d{1,64}[a-z]+!', /may take .* steps/],
  ])('%s: %s', (_title, pattern, reason) => {
    expect(patternProblem(pattern)).toMatch(reason)
  })

  test('with more optional parts than a number can count', () => {
    expect(patternProblem(`^${'a?'.repeat(2000)}$`)).toMatch(/may take ∞ steps/)
  })

  test('when only ignoring case makes it slow', () => {
    expect(patternProblem('^[a-z]+[A-Z]+$')).toBeUndefined()
    expect(patternProblem('^[a-z]+[A-Z]+$', true)).toMatch(/may be slow/)
  })
})

/** Steps for the largest attribute, when all of its texts are like this one. */
const stepsForLargest = (pattern: string, flags: string, text: string): number =>
  (countSteps(pattern, flags, text).steps * MAX_INPUT_LENGTH) / text.length

describe('the steps of a taken pattern', () => {
  const isTaken = (pattern: string) => patternProblem(pattern) === undefined

  test.each([
    ['^(.+)-([^-]+)$', `${'-a'.repeat(500)}--`],
    ['^GG-(.+)-(?:admin|user)$', `GG-${'-admi'.repeat(200)}`],
    ['[\\s_-]+', ' _-'.repeat(341)],
    ['id=(\\d+);', 'id=1'.repeat(256)],
    ['^(?:ab)+c', 'ab'.repeat(512)],
    ['\\d{1,64}x', '1'.repeat(1024)],
    ['^a?a?a?a?a?a?a?aaaaaaa$', 'a'.repeat(13)],
  ])('%s are no more than the build counts, on a text made to be slow', (pattern, text) => {
    const cost = patternCost(pattern)
    expect('steps' in cost && cost.steps).toBeGreaterThanOrEqual(
      stepsForLargest(pattern, 'u', text.padStart(MAX_INPUT_LENGTH / MAX_INPUT_ELEMENTS)),
    )
  })

  test.each([
    ['\\d{1,64}\\d{1,64}x', '1'.repeat(256)],
    [`${'\\d{1,2}'.repeat(9)}x`, '1'.repeat(256)],
    ['\\d{1,64}[a-z]+!', `${'1'.repeat(64)}${'a'.repeat(960)}`],
  ])('%s would be too many: it is refused for a reason', (pattern, text) => {
    expect(stepsForLargest(pattern, 'u', text)).toBeGreaterThan(MAX_PATTERN_STEPS / 4)
    expect(patternProblem(pattern)).toMatch(/steps/)
  })

  test('are no more than the build counts, and matches where the engine has them, for any pattern', () => {
    fc.assert(
      fc.property(patterns, fc.boolean(), texts(200), (pattern, ignoreCase, text) => {
        const cost = patternCost(pattern, ignoreCase)
        fc.pre('steps' in cost && text.length >= MAX_INPUT_LENGTH / MAX_INPUT_ELEMENTS)
        const flags = ignoreCase ? 'iu' : 'u'
        expect(countSteps(pattern, flags, text).index).toBe(text.search(new RegExp(pattern, flags)))
        expect(stepsForLargest(pattern, flags, text)).toBeLessThanOrEqual(
          'steps' in cost ? cost.steps : 0,
        )
      }),
      { numRuns: RUNS.numRuns / 2 },
    )
  })

  test('grow with the text and no faster, as recheck sees it too', () => {
    const drawn = fc.sample(patterns.filter(isTaken), { numRuns: 5, seed: 18 })
    for (const pattern of [...TAKEN, ...drawn]) {
      // What has no end in sight is what may grow; a large count costs recheck minutes.
      if (!/[*+]|,\}/.test(pattern) || /\{\d*,?\d\d\}/.test(pattern)) continue
      const { status } = checkSync(pattern, 'u', RECHECK)
      expect({ pattern, status }).toEqual({ pattern, status: 'safe' })
    }
  })

  test.each([
    '^(a+)+$',
    '^(a|a)*$',
    '^(a|aa)+$',
    '(x+x+)+y',
    '^(?:a?b?)*$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '^(.+)-(.+)$',
    '^\\w+\\w+$',
    '^.*\\d+x',
    '\\s+$',
    '\\d+px',
    '.*x',
    'a[ab]*c',
    '^(?:ab)*(?:ab)*$',
    '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$',
  ])('%s do not: it is refused here, and by recheck', (pattern) => {
    expect(patternProblem(pattern)).toBeDefined()
    expect(checkSync(pattern, 'u', RECHECK).status).toBe('vulnerable')
  })

  test('of any pattern come to an end in the engine, for the largest attribute', () => {
    const drawn = fc.sample(fc.tuple(patterns.filter(isTaken), texts(1024)), 30)
    const cases = [...TAKEN.map((pattern) => [pattern, 'a-'.repeat(512)]), ...drawn]
    // A process of its own: a match that does not end cannot be stopped in this one.
    const { status, stdout } = spawnSync(process.execPath, ['-e', REPLACE_ALL], {
      input: JSON.stringify({ cases, length: MAX_INPUT_LENGTH }),
      encoding: 'utf8',
      timeout: 50_000,
      killSignal: 'SIGKILL',
    })
    expect({ status, last: cases[stdout.length] }).toEqual({ status: 0, last: undefined })
  })
})

/** Prints a dot for each pattern that is through. */
const REPLACE_ALL = `
  const { cases, length } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
  for (const [pattern, text] of cases) {
    const expression = new RegExp(pattern, 'gu')
    for (let done = 0; done < length; done += text.length) text.replace(expression, '')
    require('node:fs').writeSync(1, '.')
  }`

test.each([
  ['^abc', 2_200_000],
  ['abc', 4_160_000],
  ['^(?:a|b|c)bc', 5_560_000],
  ['^a?a?bc', 6_760_000],
  ['^\\d{1,20}e', 3_760_000],
  ['^a?\\d{1,20}e', 7_560_000],
  ['^(?:a)\\d*e', 8_240_000],
  ['^\\d?\\d*e', 17_440_000],
  ['^(?:a|\\d)\\d*e', 20_480_000],
])('%s may take %d steps: each way to begin a repeat counts', (pattern, steps) => {
  expect(patternCost(pattern)).toEqual({ steps })
})

test('a pattern sees characters, not halves of them, and letters of any alphabet', () => {
  const left = (pattern: string, text: string) =>
    compileTransform({ replace: { pattern, with: '' } })([text])
  expect(left('[\\p{L}]+', 'München 8')).toEqual([' 8'])
  expect(left('^.', '😀x')).toEqual(['x'])
  expect(
    compileTransform({ capture: { pattern: '^\\p{Lu}\\p{Ll}+', ignoreCase: false } })(['Łódź 1']),
  ).toEqual(['Łódź'])
})
