import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { metadataKeyProblem } from '../../actions/shared/metadata.ts'
import {
  mergeMetadata,
  metadataProblem,
  RESERVED_APP_METADATA,
} from '../../local-tenant/metadata.ts'

describe('mergeMetadata', () => {
  test.each([
    ['a new key is added', { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    ['a known key is replaced', { a: 1 }, { a: 2 }, { a: 2 }],
    [
      'a nested object is replaced, not merged',
      { a: { x: 1, y: 2 } },
      { a: { x: 3 } },
      { a: { x: 3 } },
    ],
    ['a list is replaced, not joined', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['null removes a key', { a: 1, b: 2 }, { a: null }, { b: 2 }],
    ['null for an absent key changes nothing', { a: 1 }, { b: null }, { a: 1 }],
    ['a nested null is kept', {}, { a: { x: null } }, { a: { x: null } }],
    ['an empty patch wipes everything', { a: 1 }, {}, {}],
    ['null in a key that was not sent stays', { a: null }, { b: 1 }, { a: null, b: 1 }],
    [
      'false, zero and empty text are values',
      { a: 1 },
      { a: false, b: 0, c: '' },
      { a: false, b: 0, c: '' },
    ],
    ['absent metadata counts as empty', undefined, { a: 1 }, { a: 1 }],
    ['metadata that is no object is replaced', 'junk', { a: 1 }, { a: 1 }],
    ['metadata that is a list is replaced', [1], { a: 1 }, { a: 1 }],
  ])('%s', (_name, current, patch, expected) => {
    expect(mergeMetadata(current, patch as Record<string, unknown>)).toEqual(expected)
  })

  test('a key named __proto__ is a key like any other', () => {
    const merged = mergeMetadata({}, JSON.parse('{"__proto__":{"admin":true}}') as never)
    expect(Object.keys(merged)).toEqual(['__proto__'])
    expect((merged as { admin?: unknown }).admin).toBeUndefined()
  })

  const metadata = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 2 }))
  const someMetadata = metadata.filter((patch) => Object.keys(patch).length > 0)

  test('law: keys that were not sent are as they were', () => {
    fc.assert(
      fc.property(metadata, someMetadata, (current, patch) => {
        const merged = mergeMetadata(current, patch)
        for (const key of Object.keys(current).filter((name) => !Object.hasOwn(patch, name))) {
          expect(merged[key]).toEqual(current[key])
        }
      }),
    )
  })

  test('law: a sent key holds what was sent, or is gone when that is null', () => {
    fc.assert(
      fc.property(metadata, someMetadata, (current, patch) => {
        const merged = mergeMetadata(current, patch)
        for (const [key, value] of Object.entries(patch)) {
          if (value === null) expect(Object.hasOwn(merged, key)).toBe(false)
          else expect(Object.getOwnPropertyDescriptor(merged, key)?.value).toEqual(value)
        }
      }),
    )
  })

  test('law: nothing comes out that was in neither', () => {
    fc.assert(
      fc.property(metadata, someMetadata, (current, patch) => {
        const known = new Set([...Object.keys(current), ...Object.keys(patch)])
        expect(Object.keys(mergeMetadata(current, patch)).filter((key) => !known.has(key))).toEqual(
          [],
        )
      }),
    )
  })

  test('law: the same patch twice is the same as once, and neither argument is changed', () => {
    fc.assert(
      fc.property(metadata, metadata, (current, patch) => {
        const before = JSON.stringify([current, patch])
        const once = mergeMetadata(current, patch)
        expect(mergeMetadata(once, patch)).toEqual(once)
        expect(JSON.stringify([current, patch])).toBe(before)
      }),
    )
  })
})

describe('metadataProblem', () => {
  test.each([
    ['app_metadata', { terms: { version: '1' } }],
    ['user_metadata', { email: 'kept@example.com' }],
    ['app_metadata', { nested: { email: 'only the first level is reserved' } }],
    ['app_metadata', {}],
  ] as const)('%s %j may be stored', (name, patch) => {
    expect(metadataProblem(name, patch)).toBeUndefined()
  })

  test.each([
    ['app_metadata', { 'a.b': 1 }],
    ['user_metadata', { $set: 1 }],
    ['user_metadata', { a: { 'b.c': 1 } }],
    ['app_metadata', { a: [{ b$: 1 }] }],
    ['app_metadata', null],
    ['app_metadata', [1]],
    ['user_metadata', 'text'],
    ...[...RESERVED_APP_METADATA].map((key) => ['app_metadata', { [key]: 1 }] as const),
  ] as const)('%s %j is refused', (name, patch) => {
    expect(metadataProblem(name, patch)).toEqual(expect.any(String))
  })
})

test.each([...RESERVED_APP_METADATA])(
  'what Auth0 refuses in app_metadata, the Actions do not ask for: %s',
  (key) => {
    expect(metadataKeyProblem('app_metadata', key)).toBe('is reserved by Auth0 in app_metadata')
  },
)
