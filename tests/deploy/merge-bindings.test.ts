import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { addBindings, mergeBindings } from '../../deploy/merge-bindings.ts'
import type { TenantBinding } from '../../deploy/tenant.ts'

const bindings = (...names: string[]): TenantBinding[] =>
  names.map((actionName) => ({ actionName, displayName: `${actionName} shown` }))

const namesOf = (list: readonly TenantBinding[]): string[] =>
  list.map(({ actionName }) => actionName)

describe('the place of our bindings', () => {
  test.each([
    ['an empty list takes ours in order', [], ['a', 'b'], ['a', 'b']],
    ['none of ours is bound: they go to the end', ['x', 'y'], ['a', 'b'], ['x', 'y', 'a', 'b']],
    ['what is right stays', ['x', 'a', 'y', 'b'], ['a', 'b'], ['x', 'a', 'y', 'b']],
    [
      'scattered and out of order: our places are filled in our order',
      ['x', 'b', 'y', 'a', 'z'],
      ['a', 'b'],
      ['x', 'a', 'y', 'b', 'z'],
    ],
    [
      'a new one comes directly after the one before it',
      ['x', 'a', 'y', 'c'],
      ['a', 'b', 'c'],
      ['x', 'a', 'b', 'y', 'c'],
    ],
    [
      'a new first one comes directly before the next of ours',
      ['x', 'b', 'y'],
      ['a', 'b'],
      ['x', 'a', 'b', 'y'],
    ],
    ['one of ours bound twice runs once', ['a', 'x', 'a', 'b'], ['a', 'b'], ['a', 'x', 'b']],
    ['a foreign Action bound twice stays so', ['x', 'a', 'x'], ['a'], ['x', 'a', 'x']],
  ])('%s', (_, current, ours, expected) => {
    expect(namesOf(mergeBindings(bindings(...current), bindings(...ours)))).toEqual(expected)
  })

  test('a removed one is taken out and nothing else moves', () => {
    const merged = mergeBindings(bindings('x', 'old', 'a', 'y'), bindings('a'), ['old'])
    expect(namesOf(merged)).toEqual(['x', 'a', 'y'])
  })

  test('our display names come from us, those of others from the tenant', () => {
    const current = [
      { actionName: 'x', displayName: 'Theirs' },
      { actionName: 'a', displayName: 'old' },
    ]
    expect(mergeBindings(current, [{ actionName: 'a', displayName: 'new' }])).toEqual([
      { actionName: 'x', displayName: 'Theirs' },
      { actionName: 'a', displayName: 'new' },
    ])
  })
})

describe('for any list', () => {
  const foreignName = fc.constantFrom<string[]>('x1', 'x2', 'x3', 'x4', 'x5')
  const ourNames = fc.uniqueArray(fc.constantFrom<string[]>('a', 'b', 'c', 'd', 'e'), {
    minLength: 1,
  })
  const lists = fc.tuple(
    fc.array(fc.oneof(foreignName, fc.constantFrom<string[]>('a', 'b', 'c', 'd', 'e')), {
      maxLength: 12,
    }),
    ourNames,
  )
  const foreign = (list: readonly string[], ours: readonly string[]): string[] =>
    list.filter((name) => !ours.includes(name))
  const merge = (current: readonly string[], ours: readonly string[]): string[] =>
    namesOf(mergeBindings(bindings(...current), bindings(...ours)))

  test('foreign bindings keep their order and their number', () => {
    fc.assert(
      fc.property(lists, ([current, ours]) => {
        expect(foreign(merge(current, ours), ours)).toEqual(foreign(current, ours))
      }),
    )
  })

  test('ours are all there, once, in our order', () => {
    fc.assert(
      fc.property(lists, ([current, ours]) => {
        expect(merge(current, ours).filter((name) => ours.includes(name))).toEqual(ours)
      }),
    )
  })

  test('merging what was merged changes nothing', () => {
    fc.assert(
      fc.property(lists, ([current, ours]) => {
        const once = merge(current, ours)
        expect(merge(once, ours)).toEqual(once)
      }),
    )
  })

  test('no foreign binding moves when ours are all bound already', () => {
    fc.assert(
      fc.property(lists, ([current, ours]) => {
        const bound = merge(current, ours)
        const shuffled = [...ours].reverse()
        const merged = merge(bound, shuffled)
        for (const [index, name] of bound.entries()) {
          if (!ours.includes(name)) expect(merged[index]).toBe(name)
        }
      }),
    )
  })

  test('adding one moves nothing that is there', () => {
    fc.assert(
      fc.property(lists, ([current, ours]) => {
        const [name = ''] = ours
        const added = namesOf(addBindings(bindings(...current), bindings(...ours), [name]))
        const without = current.includes(name) ? added : added.filter((other) => other !== name)
        expect(without).toEqual(current)
        expect(added).toContain(name)
      }),
    )
  })
})
