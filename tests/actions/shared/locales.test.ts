import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { languageOf, parseLocales, readLocales } from '../../../actions/shared/locales.ts'
import { buildEvent } from '../../../test-kit/actions/event.ts'
import { json, RUNS } from '../../../test-kit/actions/arbitraries.ts'

test('the application speaks first, then the login pages, then the browser', () => {
  const event = buildEvent({
    transaction: { ui_locales: ['fr-CA', 'pt'], locale: 'de' },
    request: { language: 'sv' },
  })
  expect(readLocales(event)).toEqual(['fr-CA', 'pt', 'de', 'sv'])
})

describe('a wish', () => {
  test.each<[string, unknown, string[]]>([
    ['one tag', 'de', ['de']],
    ['a tag with an underscore', 'pt_BR', ['pt-BR']],
    ['what a browser sends', 'de-CH, de;q=0.9, en;q=0.8', ['de-CH', 'de', 'en']],
    ['weights out of order', 'en;q=0.2,de;q=0.9,fr', ['fr', 'de', 'en']],
    ['a language that is not wanted', 'en;q=0,de', ['de']],
    ['anything at all', '*', []],
    ['a weight that is none', 'de;q=much,en', ['en']],
    ['the same twice', 'de,de', ['de']],
    ['a list of tags', ['de', 'en'], ['de', 'en']],
    ['a list with junk', [null, 'de', 7, {}], ['de']],
    ['a script', '<script>', []],
    ['a path', '../../etc', []],
    ['nothing', undefined, []],
    ['a number', 7, []],
  ])('that is %s is read', (_title, wish, tags) => {
    expect(parseLocales([wish])).toEqual(tags)
  })

  test('beyond the fiftieth of one list is not looked at', () => {
    expect(parseLocales([[...Array.from({ length: 50 }, () => '*'), 'de'], 'en'])).toEqual(['en'])
  })

  test('beyond the fifth is not listened to', () => {
    expect(parseLocales(['a1, aa,bb,cc,dd,ee,ff'])).toEqual(['aa', 'bb', 'cc', 'dd', 'ee'])
  })
})

test('the language of a tag is its first part, in lower case', () => {
  expect(languageOf('DE-ch-1996')).toBe('de')
})

test('whatever the event is, the answer is a list of tags', () => {
  fc.assert(
    fc.property(json, json, json, (ui_locales, locale, language) => {
      const event = { transaction: { ui_locales, locale }, request: { language } }
      for (const tag of readLocales(event)) expect(tag).toMatch(/^[A-Za-z0-9-]{2,35}$/)
      expect(readLocales(locale)).toEqual([])
    }),
    RUNS,
  )
})
