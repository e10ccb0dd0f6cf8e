import { describe, expect, test } from '@jest/globals'
import { patternProblem } from '../../../actions/map-idp-attributes/check-pattern.ts'

describe('a pattern is taken', () => {
  test.each([
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
  ])('%s', (pattern) => {
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
    ['with a class of Unicode', '\\p{L}', /backslash/],
    ['with a brace alone', '^a{', /backslash/],
    ['that counts far', '^a{1,1000}$', /counts further than 64/],
    ['with an open repeat after another', '^.*x[^x]*y[^x]*z', /may be slow/],
    ['with very many alternatives', `^${'(?:a|b)'.repeat(7)}$`, /too many/],
    ['with very many optional parts', '^a?a?a?a?a?a?a?aaaaaaa$', /too many/],
    ['with a count that shares', '^\\d{1,60}\\d{1,60}\\d{1,60}$', /too many/],
  ])('%s: %s', (_title, pattern, reason) => {
    expect(patternProblem(pattern)).toMatch(reason)
  })

  test('when only ignoring case makes it slow', () => {
    expect(patternProblem('^[a-z]+[A-Z]+$')).toBeUndefined()
    expect(patternProblem('^[a-z]+[A-Z]+$', true)).toMatch(/may be slow/)
  })
})

describe('what a taken pattern costs', () => {
  // Each would take far more than a second on this text with one repeat more.
  test.each([
    ['^(.+)-([^-]+)$', `${'-a'.repeat(500)}--`],
    ['^GG-(.+)-(?:admin|user)$', `GG-${'-admi'.repeat(200)}`],
    ['[\\s_-]+', ' _-'.repeat(341)],
    ['id=(\\d+);', 'id=1'.repeat(256)],
    ['^(?:ab)+c', 'ab'.repeat(512)],
  ])('%s takes no time on a text made to be slow', (pattern, text) => {
    expect(patternProblem(pattern)).toBeUndefined()
    const expression = new RegExp(pattern, 'g')
    const start = performance.now()
    for (let run = 0; run < 100; run += 1) text.replace(expression, '')
    expect(performance.now() - start).toBeLessThan(1000)
  })
})
