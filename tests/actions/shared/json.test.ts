import { runInNewContext } from 'node:vm'
import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { isObject, jsonBytes, jsonEqual, own, readPath } from '../../../actions/shared/json.ts'
import { json, RUNS } from '../../../test-kit/actions/arbitraries.ts'

class Profile {
  readonly plan = 'gold'
}

describe('isObject takes', () => {
  test.each([
    ['an object', {}],
    ['an object without a prototype', Object.create(null)],
    ['an object of another realm', runInNewContext('({ a: 1 })')],
    ['an object that JSON gave a key "__proto__"', JSON.parse('{"__proto__":{"a":1}}')],
  ])('%s', (_title, value: unknown) => {
    expect(isObject(value)).toBe(true)
  })
})

describe('isObject refuses', () => {
  test.each([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'text'],
    ['a number', 1],
    ['a list', []],
    ['a list of another realm', runInNewContext('[]')],
    ['a Date', new Date(0)],
    ['a Map', new Map()],
    ['a function', () => undefined],
    ['a URL', new URL('https://example.com')],
    ['an object of a class', new Profile()],
  ])('%s', (_title, value: unknown) => {
    expect(isObject(value)).toBe(false)
  })
})

describe('own', () => {
  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'finds nothing under the inherited name %s',
    (key) => {
      expect(own({}, key)).toBeUndefined()
    },
  )

  test('finds what JSON put under an inherited name', () => {
    expect(own(JSON.parse('{"__proto__":"mine"}'), '__proto__')).toBe('mine')
  })

  test('finds no length of a string and no element of a list', () => {
    expect(own('text', 'length')).toBeUndefined()
    expect(own(['element'], '0')).toBeUndefined()
  })
})

describe('readPath', () => {
  const profile = { address: { country: 'PT', lines: ['first'] }, 'https://a.example/b.c': 1 }

  test.each([
    ['follows nested names', ['address', 'country'], 'PT'],
    ['takes a URI as one name', ['https://a.example/b.c'], 1],
    ['ends where a name is not there', ['address', 'city', 'name'], undefined],
    ['does not go into lists', ['address', 'lines', '0'], undefined],
    ['does not climb to a prototype', ['address', '__proto__', 'constructor'], undefined],
  ])('%s', (_title, path: string[], expected: unknown) => {
    expect(readPath(profile, path)).toBe(expected)
  })
})

describe('jsonEqual', () => {
  test.each([
    ['the order of keys does not matter', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
    ['lists hold the same elements', [1, ['a', null]], [1, ['a', null]]],
    ['an object is of another realm', runInNewContext('({ a: [1] })'), { a: [1] }],
  ])('%s', (_title, left: unknown, right: unknown) => {
    expect(jsonEqual(left, right)).toBe(true)
    expect(jsonEqual(right, left)).toBe(true)
  })

  test.each([
    ['a number is not its text', 1, '1'],
    ['null is not undefined', null, undefined],
    ['false is not 0', false, 0],
    ['null is not an empty object', null, {}],
    ['an empty list is not an empty object', [], {}],
    ['a list is not the object with its indices', ['a'], { 0: 'a' }],
    ['the order of elements matters', ['a', 'b'], ['b', 'a']],
    ['a list is longer', ['a'], ['a', 'b']],
    ['a key is missing', { a: 1 }, { a: 1, b: 1 }],
    ['a key is another', { a: 1, b: 1 }, { a: 1, c: 1 }],
    ['a key of one is inherited by the other', JSON.parse('{"toString":1}'), { a: 1 }],
    ['a key "__proto__" is another', JSON.parse('{"__proto__":{}}'), { a: 1 }],
    ['a nested value differs', { a: { b: [1] } }, { a: { b: [2] } }],
  ])('%s', (_title, left: unknown, right: unknown) => {
    expect(jsonEqual(left, right)).toBe(false)
    expect(jsonEqual(right, left)).toBe(false)
  })

  test('a copy through JSON is equal to what was copied', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(jsonEqual(value, JSON.parse(JSON.stringify(value)))).toBe(true)
      }),
      RUNS,
    )
  })

  test('two values are equal exactly when their canonical JSON is', () => {
    // Few keys and few values, so that two draws are often equal.
    const small = fc.anything({
      key: fc.constantFrom('a', 'b'),
      values: [fc.constantFrom(0, '0', null, false)],
      maxDepth: 2,
      maxKeys: 2,
    })
    fc.assert(
      fc.property(small, small, (left, right) => {
        expect(jsonEqual(left, right)).toBe(canonical(left) === canonical(right))
      }),
      RUNS,
    )
  })
})

test('jsonBytes counts bytes of UTF-8 and not characters', () => {
  expect(jsonBytes('é')).toBe(4)
  expect(jsonBytes({ a: '🙂' })).toBe(12)
})

/** JSON with the keys of every object in order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, nested: unknown) =>
    nested !== null && typeof nested === 'object' && !Array.isArray(nested)
      ? Object.fromEntries(Object.entries(nested).sort(([a], [b]) => (a < b ? -1 : 1)))
      : nested,
  )
