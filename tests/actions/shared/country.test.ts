import { expect, test } from '@jest/globals'
import { parseCountry } from '../../../actions/shared/country.ts'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('')
const PAIRS = LETTERS.flatMap((first) => LETTERS.map((second) => first + second))

/** What `Intl` names beside them: reserved codes, unions, the unknown and test data. */
const NO_COUNTRIES =
  'AC AN BU CP CQ CS DD DG DY EA EU EZ FX HV IC NH NT QO QU RH SU TA TP UK UN VD XA XB YD YU ZR ZZ'.split(
    ' ',
  )

test('the countries are the 249 of ISO 3166-1 and Kosovo, which are those that Intl names', () => {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  const countries = PAIRS.filter((code) => parseCountry(code) !== undefined)
  expect(countries).toHaveLength(250)
  expect(countries).toEqual(
    PAIRS.filter((code) => names.of(code) !== undefined && !NO_COUNTRIES.includes(code)),
  )
})

test.each([
  '',
  'de',
  'XX',
  'T1',
  'EU',
  'E A',
  ' AD',
  'AD\n',
  '\n  AD',
  'AD AE',
  'ADA',
  'A',
  0,
  null,
])('%j is no country', (value) => {
  expect(parseCountry(value)).toBeUndefined()
})
