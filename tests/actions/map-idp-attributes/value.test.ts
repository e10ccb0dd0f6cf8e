import { describe, expect, test } from '@jest/globals'
import { parseStrings } from '../../../actions/map-idp-attributes/value.ts'
import {
  MAX_INPUT_ELEMENTS,
  MAX_INPUT_LENGTH,
  readStrings,
} from '../../../actions/shared/strings.ts'
import type { Mapping } from '../../../actions/map-idp-attributes/mapping.ts'

const LIMITS = { length: 8, elements: 3, bytes: 20 }

describe('an attribute', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['a text', ' a ', ['a']],
    ['a list', ['b', ' a'], ['b', 'a']],
    ['a number', 42, ['42']],
    ['true', true, ['true']],
    ['an empty text', '', ['']],
    ['an empty list', [], []],
    ['null', null, []],
    ['nothing', undefined, []],
    ['a list with null, nothing and spaces', ['a', null, undefined, ' ', 'b'], ['a', 'b']],
    ['a list of an empty text', [null, ''], ['']],
    ['0 and false in a list', [0, false], ['0', 'false']],
    ['the longest text', 'x'.repeat(MAX_INPUT_LENGTH), ['x'.repeat(MAX_INPUT_LENGTH)]],
  ])('that is %s is read as texts', (_title, attribute, texts) => {
    expect(readStrings(attribute)).toEqual(texts)
  })

  test.each<[string, unknown]>([
    ['an object', { a: 1 }],
    ['a list with an object', ['a', {}]],
    ['a list in a list', [['a']]],
    ['a list without end', Array.from({ length: MAX_INPUT_ELEMENTS + 1 }, () => '')],
    ['a text without end', 'x'.repeat(MAX_INPUT_LENGTH + 1)],
    ['a list whose texts are long together', ['x'.repeat(MAX_INPUT_LENGTH), 'x']],
  ])('that is %s is not', (_title, attribute) => {
    expect(readStrings(attribute)).toBeUndefined()
  })
})

describe('a value', () => {
  test.each<[Mapping['as'], string[], unknown]>([
    ['string', ['Sales'], 'Sales'],
    ['string', ['same', 'same'], 'same'],
    ['string', [''], ''],
    ['strings', ['b', 'a', 'b'], ['a', 'b']],
    ['strings', [], []],
    ['strings', ['', 'a'], ['a']],
    ['strings', [''], []],
    ['strings', ['a'], ['a']],
    ['integer', ['42'], 42],
    ['integer', ['-1'], -1],
    ['integer', ['+007'], 7],
    ['integer', ['-0'], 0],
    ['boolean', ['true'], true],
    ['boolean', ['TRUE'], true],
    ['boolean', ['1'], true],
    ['boolean', ['False'], false],
    ['boolean', ['0'], false],
    ['date', ['20260228'], '2026-02-28'],
    ['date', ['20240229'], '2024-02-29'],
  ])('of type %s is made of %j', (as, texts, value) => {
    expect(parseStrings(texts, as, LIMITS)).toEqual({ value })
  })

  test.each([
    ['2026-01-15', '2026-01-15'],
    ['2026-01-15T23:30:00-08:00', '2026-01-15'],
    ['2026-01-15 23:30:00', '2026-01-15'],
    ['20260115083000.0Z', '2026-01-15'],
    ['202601150830Z', '2026-01-15'],
  ])('of type date is the day as it is written in %s', (text, value) => {
    expect(parseStrings([text], 'date', { ...LIMITS, length: 40, bytes: 60 })).toEqual({ value })
  })

  test.each<[Mapping['as'], string[]]>([
    ['string', ['a', 'b']],
    ['integer', ['1.5']],
    ['integer', ['1e3']],
    ['integer', ['']],
    ['integer', ['1 2']],
    ['integer', ['1', '2']],
    ['boolean', ['yess']],
    ['boolean', ['']],
    ['date', ['2026-2-3']],
    ['date', ['2026130']],
    ['date', ['20261301']],
    ['date', ['20260230']],
    ['date', ['15.01.']],
    ['date', ['2026011x']],
  ])('of type %s is not made of %j', (as, texts) => {
    expect(parseStrings(texts, as, LIMITS)).toEqual({ problem: 'attribute_unusable' })
  })

  test('of type date has both dashes or none', () => {
    const limits = { ...LIMITS, length: 10 }
    for (const text of ['2026-0115', '202601-15']) {
      expect(parseStrings([text], 'date', limits)).toEqual({ problem: 'attribute_unusable' })
    }
  })

  test('of type integer is never beyond what a number holds exactly', () => {
    const limits = { ...LIMITS, length: 20, bytes: 30 }
    expect(parseStrings(['9007199254740991'], 'integer', limits)).toEqual({ value: 2 ** 53 - 1 })
    for (const text of ['9007199254740992', '9'.repeat(17)]) {
      expect(parseStrings([text], 'integer', limits)).toEqual({ problem: 'attribute_unusable' })
    }
  })

  test.each<Mapping['as']>(['string', 'integer', 'boolean', 'date'])(
    'of type %s is missing when there is no text',
    (as) => {
      expect(parseStrings([], as, LIMITS)).toEqual({})
    },
  )

  test.each<[string, string[], string]>([
    ['a text that is too long', ['x'.repeat(9)], 'attribute_too_long'],
    ['a list with such a text', ['a', 'x'.repeat(9)], 'attribute_too_long'],
    ['a list that is too long', ['a', 'b', 'c', 'd'], 'attribute_too_many'],
    ['too many bytes', ['äääääää', 'b'], 'attribute_too_large'],
  ])('is refused for %s, never cut', (_title, texts, problem) => {
    expect(parseStrings(texts, 'strings', LIMITS)).toEqual({ problem })
  })

  test('may take exactly what is allowed', () => {
    expect(parseStrings(['xxxxxxxx', 'a', 'b', 'a'], 'strings', LIMITS)).toEqual({
      value: ['a', 'b', 'xxxxxxxx'],
    })
  })
})
