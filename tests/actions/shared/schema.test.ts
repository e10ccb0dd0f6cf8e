import { describe, expect, test } from '@jest/globals'
import * as s from '../../../actions/shared/schema.ts'

const problems = (schema: Parameters<typeof s.problemsIn>[0], value: unknown): string[] =>
  s.problemsIn(schema, value).map(({ path, message }) => `${path} ${message}`)

interface Door {
  readonly colour: 'red' | 'green'
  readonly locks?: readonly string[]
}
const door = s.object<Door>({
  colour: s.words('red', 'green'),
  locks: s.optional(s.list(s.string)),
})

describe('an object', () => {
  test('with its members, all or the needed ones, is accepted', () => {
    expect(problems(door, { colour: 'red', locks: [] })).toEqual([])
    expect(problems(door, { colour: 'green' })).toEqual([])
  })

  test('is told of every unknown, missing and wrong member at once, with its place', () => {
    expect(
      problems(s.list(door), [{ color: 'blue' }, { colour: 1, locks: ['a', 2], handle: 1 }]),
    ).toEqual([
      'settings[0].color is unknown: did you mean `colour`?',
      'settings[1].colour is a number; it must be "red" or "green"',
      'settings[1].locks[1] is a number; it must be a string',
      'settings[1].handle is unknown; known are colour, locks',
    ])
  })

  test.each(['constructor', '__proto__', 'hasOwnProperty', 'toString'])(
    'does not take %s for a member, or for one that it knows',
    (name) => {
      expect(problems(door, JSON.parse(`{"colour":"red","${name}":1}`))).toEqual([
        `${name} is unknown; known are colour, locks`,
      ])
    },
  )

  test('does not take undefined for a member that is left out', () => {
    expect(problems(door, { colour: 'red', locks: undefined })).toEqual([
      'locks is undefined; it must be a list',
    ])
  })

  test.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [[], 'a list'],
    ['red', 'a string'],
    [7, 'a number'],
    [() => 1, 'a function'],
    [/red/, 'no plain data'],
    [new Date(0), 'no plain data'],
    [new Map(), 'no plain data'],
  ])('is not %p', (value, kind) => {
    expect(problems(door, value)).toEqual([`settings is ${kind}; it must be an object`])
  })

  test('says what became of a member of an earlier version', () => {
    const renamed = s.object<{ size: number }>({ size: s.number }, { length: 'it is `size` now' })
    expect(problems(renamed, { size: 1, length: 2 })).toEqual([
      'length is no more: it is `size` now',
    ])
  })
})

describe('one member of several', () => {
  type Key = { code: string; card?: never } | { card: number; code?: never }
  const key = s.oneMemberOf<Key>({ code: s.string, card: s.number })

  test('is told of what is wrong with that one alone', () => {
    expect(problems(key, { card: 1 })).toEqual([])
    expect(problems(key, { card: 'a' })).toEqual(['card is a string; it must be a number'])
    expect(problems(key, { crad: 1 })).toEqual(['crad is unknown: did you mean `card`?'])
  })

  test('is neither none nor two', () => {
    expect(problems(key, {})).toEqual(['settings has none of code, card; give it one'])
    expect(problems(key, { code: 'a', card: 1 })).toEqual([
      'card stands beside `code`; give one of the two',
    ])
  })
})

test('of several forms, the one that is nearly there is the one that is spoken of', () => {
  type Shape = { circle: number } | { square: number; angle: number }
  const shape = s.alternatives<Shape>({
    circle: s.object<{ circle: number }>({ circle: s.number }),
    square: s.object<{ square: number; angle: number }>({ square: s.number, angle: s.number }),
  })
  expect(problems(shape, { squar: 1, angle: 2 })).toEqual([
    'squar is unknown: did you mean `square`?',
  ])
  expect(problems(shape, { square: 1 })).toEqual(['angle is missing; it must be a number'])
  expect(problems(shape, 1)).toEqual(['settings is a number; it must be an object'])
})

test('a form that is named by a word is not judged before the word is right', () => {
  type Shape = { kind: 'circle'; radius: number } | { kind: 'square'; side: number }
  const shape = s.byWord<Shape>('kind', {
    circle: s.object<{ kind: 'circle'; radius: number }>({
      kind: s.words('circle'),
      radius: s.number,
    }),
    square: s.object<{ kind: 'square'; side: number }>({ kind: s.words('square'), side: s.number }),
  })
  expect(problems(shape, { kind: 'circel', radius: 'x' })).toEqual([
    'kind is "circel": did you mean "circle"?',
  ])
  expect(problems(shape, { kind: 'constructor' })).toEqual([
    'kind is "constructor"; it must be "circle" or "square"',
  ])
  expect(problems(shape, { radius: 1 })).toEqual([
    'kind is missing; it must be "circle" or "square"',
  ])
  expect(problems(shape, { kind: 'square', radius: 1 })).toEqual([
    'radius is unknown; known are kind, side',
    'side is missing; it must be a number',
  ])
})

test.each<[string, s.Schema<never> | Parameters<typeof s.problemsIn>[0], unknown[], unknown[]]>([
  ['text', s.string, ['', 'a'], [1, null, ['a'], new String('a')]],
  ['amount', s.number, [0, -1, 1.5], ['1', NaN, Infinity, 1n, null]],
  ['flag', s.boolean, [true, false], [0, 'true', null]],
  ['someOf', s.someOf(s.string), [['a']], [[], 'a', [1], {}]],
  ['steps', s.path, [['a'], ['a', 0, 'b']], [[], [0], ['a', null], 'a']],
  [
    'record',
    s.record(s.number),
    [{}, { a: 1, constructor: 2 }],
    [{ a: 'b' }, { constructor: 'b' }, []],
  ],
  ['textOrTexts', s.stringOrStrings, ['a', ['a'], []], [1, [1]]],
  [
    'json',
    s.json,
    [null, [{ a: [1, 'b', true] }]],
    [undefined, [NaN], { a: () => 1 }, new Date(0)],
  ],
])('%s lets through what fits and nothing else', (_name, schema, fitting, others) => {
  for (const value of fitting) expect(problems(schema, value)).toEqual([])
  for (const value of others) expect(problems(schema, value)).toHaveLength(1)
})

test.each([
  ['mising', 'missing'],
  ['MISSING', 'missing'],
  ['lookup', 'lookUp'],
  ['lowercase', 'lower'],
  ['titel', 'title'],
  ['strip-prefix', 'stripPrefix'],
  ['graceDays', 'refreshGraceDays'],
])('"%s" is taken for %s', (word, meant) => {
  expect(
    s.nearest(word, [
      'to',
      'missing',
      'lookUp',
      'lower',
      'title',
      'stripPrefix',
      'refreshGraceDays',
    ]),
  ).toBe(meant)
})

test.each(['always', '', 'a', 'note'])('"%s" is taken for nothing', (word) => {
  expect(s.nearest(word, ['missing', 'lookUp', 'import', 'force'])).toBeUndefined()
})

test('a long or hostile word of the settings is shown on one short line', () => {
  expect(problems(s.words('a'), `\u001b[31m\n${'x'.repeat(99)}`)).toEqual([
    `settings is "\\u001b[31m\\n${'x'.repeat(34)}"; it must be "a"`,
  ])
})

test('a problem has the code of its kind: unknown, missing or invalid', () => {
  const found = s.problemsIn(door, { size: 1, locks: 1 })
  expect(found.map(({ path, code }) => [path, code])).toEqual(
    expect.arrayContaining([
      ['size', 'setting_unknown'],
      ['colour', 'setting_missing'],
      ['locks', 'setting_invalid'],
    ]),
  )
})

test('an object that has none of several forms is judged by the first, or by the one it nearly has', () => {
  const form = s.alternatives<object>({
    metadata: s.object({ metadata: s.string, path: s.string }),
    attribute: s.object({ attribute: s.string, path: s.string }),
  })
  expect(problems(form, {})).toEqual([
    'metadata is missing; it must be a string',
    'path is missing; it must be a string',
  ])
  expect(problems(form, { atribute: 'a', path: 'b' })).toEqual([
    'atribute is unknown: did you mean `attribute`?',
  ])
})
