import { expect, test } from '@jest/globals'
import { isDay } from '../../../actions/shared/parse-value.ts'

test.each<[unknown, boolean]>([
  ['2024-02-29', true],
  ['2023-02-29', false],
  ['2024-13-01', false],
  ['2024-00-10', false],
  ['2024-04-31', false],
  ['2024-01', false],
  ['2024', false],
  ['x2024-01-01', false],
  ['2024-01-01x', false],
  ['2024-01-01T00:00:00Z', false],
  ['12024-01-01', false],
  [20_240_101, false],
  [['2024-01-01'], false],
  [undefined, false],
])('%p is a day of the calendar: %p', (value, expected) => {
  expect(isDay(value)).toBe(expected)
})
