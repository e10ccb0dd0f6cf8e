import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import {
  parseDeclared,
  type DeclaredValue,
} from '../../../actions/enrich-profile/declared-value.ts'
import { jsonEqual } from '../../../actions/shared/json.ts'
import { json, RUNS } from '../../../test-kit/actions/arbitraries.ts'

const BOOLEAN = { type: 'boolean' } as const
const INTEGER = { type: 'integer' } as const
const NUMBER = { type: 'number' } as const
const DATE = { type: 'date' } as const
const STRING = { type: 'string', maxLength: 12 } as const
const CHOICE = { ...STRING, allowed: ['red', 'green'] } as const
const YEAR = { ...INTEGER, min: 1900, max: 2100 } as const

test.each<[DeclaredValue, unknown, unknown]>([
  [BOOLEAN, 'true', true],
  [BOOLEAN, ' TRUE ', true],
  [BOOLEAN, 'yes', true],
  [BOOLEAN, 'on', true],
  [BOOLEAN, '1', true],
  [BOOLEAN, 1, true],
  [BOOLEAN, true, true],
  [BOOLEAN, 'false', false],
  [BOOLEAN, 'No', false],
  [BOOLEAN, 'off', false],
  [BOOLEAN, '0', false],
  [BOOLEAN, 0, false],
  [BOOLEAN, '', false],
  [BOOLEAN, false, false],
  [INTEGER, '42', 42],
  [INTEGER, ' 42 ', 42],
  [INTEGER, '-7', -7],
  [INTEGER, '+7', 7],
  [INTEGER, '007', 7],
  [INTEGER, '9007199254740991', 9007199254740991],
  [INTEGER, 0, 0],
  [YEAR, '1900', 1900],
  [YEAR, 2100, 2100],
  [NUMBER, '4.25', 4.25],
  [NUMBER, '-0.5', -0.5],
  [NUMBER, 4.25, 4.25],
  [STRING, ' Example Ltd ', 'Example Ltd'],
  [STRING, '\t', ''],
  [STRING, 'x'.repeat(12), 'x'.repeat(12)],
  [STRING, 7, '7'],
  [CHOICE, ' red', 'red'],
  [DATE, ' 2024-02-29 ', '2024-02-29'],
  [DATE, '2024-01-01T00:00:00Z', '2024-01-01'],
  [{ ...DATE, min: '2024-01-01' }, '2024-01-01', '2024-01-01'],
])('%j reads %j as %j', (declared, value, parsed) => {
  expect(parseDeclared(value, declared)).toBe(parsed)
})

test.each<[DeclaredValue, unknown]>([
  [BOOLEAN, 'maybe'],
  [BOOLEAN, 'truetrue'],
  [BOOLEAN, '2'],
  [BOOLEAN, {}],
  [BOOLEAN, []],
  [INTEGER, '4.2'],
  [INTEGER, 4.2],
  [INTEGER, '1e3'],
  [INTEGER, '0x10'],
  [INTEGER, 'Infinity'],
  [INTEGER, '9007199254740993'],
  [INTEGER, '9'.repeat(400)],
  [INTEGER, '4 2'],
  [INTEGER, true],
  [YEAR, '1899'],
  [YEAR, 2101],
  [NUMBER, '.5'],
  [NUMBER, '1,5'],
  [NUMBER, 1e300],
  [STRING, 'x'.repeat(13)],
  [STRING, ['x']],
  [CHOICE, 'blue'],
  [CHOICE, 'RED'],
  [DATE, '2023-02-29'],
  [DATE, '2024-13-01'],
  [DATE, '2024-1-1'],
  [DATE, '24-01-01'],
  [DATE, 1704067200000],
  [{ ...DATE, min: '2024-01-01' }, '2023-12-31'],
  [{ ...DATE, max: '2024-01-01' }, '2024-01-02'],
])('%j cannot use %j', (declared, value) => {
  expect(parseDeclared(value, declared)).toBeUndefined()
})

describe('nothing was given', () => {
  test.each<[DeclaredValue, unknown]>([
    [BOOLEAN, undefined],
    [STRING, null],
    [INTEGER, ''],
    [NUMBER, ' '],
    [DATE, ''],
    [CHOICE, ''],
  ])('to %j by %j', (declared, value) => {
    expect(parseDeclared(value, declared)).toBeNull()
  })
})

test('whatever is given, what was read is read as itself', () => {
  const declared = fc.constantFrom<DeclaredValue>(
    BOOLEAN,
    INTEGER,
    YEAR,
    NUMBER,
    DATE,
    STRING,
    CHOICE,
  )
  const given = fc.oneof(json, fc.double(), fc.integer().map(String), fc.string({ maxLength: 14 }))
  fc.assert(
    fc.property(declared, given, (type, value) => {
      const parsed = parseDeclared(value, type)
      if (parsed !== undefined) expect(jsonEqual(parseDeclared(parsed, type), parsed)).toBe(true)
    }),
    RUNS,
  )
})
