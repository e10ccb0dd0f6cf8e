import { expect, jest, test } from '@jest/globals'
import { lookUpLocale } from '../../portal/look-up-locale.ts'

test.each([
  [['de-AT'], 'de'],
  [['DE-ch-1996', 'en'], 'de-CH'],
  [['fr', 'en-GB'], 'en'],
  [['fr'], undefined],
])('of the wishes %j the first that is there is found, in a shorter form too', (wishes, found) => {
  expect(lookUpLocale(wishes, ['en', 'de', 'de-CH'])).toBe(found)
})

test('a wish that is no language tag, a giant one above all, is not looked for', () => {
  const available = ['en', 'de']
  const find = jest.spyOn(available, 'find')
  const giant = `de${'-a'.repeat(7000)}`
  expect(lookUpLocale([giant, '*', '', 'de-', 'd'.repeat(9)], available)).toBeUndefined()
  expect(find).not.toHaveBeenCalled()
  expect(lookUpLocale([giant, 'en'], available)).toBe('en')
})
