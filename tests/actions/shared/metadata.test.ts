import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import {
  METADATA_BUDGET_BYTES,
  metadataKeyProblem,
  planMetadata,
  planSettled,
  settleRetired,
  TERMS_BUDGET_BYTES,
  type DesiredMetadata,
  type RetiredKey,
  type StoredMetadata,
} from '../../../actions/shared/metadata.ts'
import { json, RUNS, storedMetadata } from '../../../test-kit/actions/arbitraries.ts'
import { mergeMetadata } from '../../../test-kit/actions/merge-metadata.ts'

const ROOMY = 1_000_000

const stored = (metadata: Partial<StoredMetadata> = {}): StoredMetadata => ({
  app_metadata: {},
  user_metadata: {},
  ...metadata,
})

describe('a plan holds', () => {
  test.each<[string, StoredMetadata, DesiredMetadata, unknown[]]>([
    [
      'one call for a key that is new',
      stored(),
      { app_metadata: { plan: 'free' } },
      [{ metadata: 'app_metadata', key: 'plan', value: 'free' }],
    ],
    [
      'one call with the whole value for a key that changes deep inside',
      stored({ app_metadata: { idp: { a: 1, b: [1, 2] } } }),
      { app_metadata: { idp: { a: 1, b: [1, 3] } } },
      [{ metadata: 'app_metadata', key: 'idp', value: { a: 1, b: [1, 3] } }],
    ],
    [
      'null for a key that is there and should not be',
      stored({ user_metadata: { old: 'x' } }),
      { user_metadata: { old: null } },
      [{ metadata: 'user_metadata', key: 'old', value: null }],
    ],
    ['nothing for a key that is gone already', stored(), { user_metadata: { old: null } }, []],
    [
      'nothing for a value that is stored with its keys in another order',
      stored({ app_metadata: { idp: { a: 1, b: { c: 2, d: 3 } } } }),
      { app_metadata: { idp: { b: { d: 3, c: 2 }, a: 1 } } },
      [],
    ],
    [
      'a call where a number is stored as text',
      stored({ user_metadata: { birth_year: '1990' } }),
      { user_metadata: { birth_year: 1990 } },
      [{ metadata: 'user_metadata', key: 'birth_year', value: 1990 }],
    ],
    [
      'false, 0, an empty text and an empty list as they are',
      stored({ app_metadata: { a: 'value', b: 'value', c: 'value', d: 'value' } }),
      { app_metadata: { a: false, b: 0, c: '', d: [] } },
      [
        { metadata: 'app_metadata', key: 'a', value: false },
        { metadata: 'app_metadata', key: 'b', value: 0 },
        { metadata: 'app_metadata', key: 'c', value: '' },
        { metadata: 'app_metadata', key: 'd', value: [] },
      ],
    ],
    [
      'only the calls that differ, in both metadata objects',
      stored({ app_metadata: { a: 1, b: 1 }, user_metadata: { a: 1, b: 1 } }),
      { app_metadata: { a: 1, b: 2 }, user_metadata: { a: 2, b: 1 } },
      [
        { metadata: 'app_metadata', key: 'b', value: 2 },
        { metadata: 'user_metadata', key: 'a', value: 2 },
      ],
    ],
    [
      'a call where a profile has no metadata yet',
      { app_metadata: undefined, user_metadata: undefined },
      { app_metadata: { a: 1 } },
      [{ metadata: 'app_metadata', key: 'a', value: 1 }],
    ],
    ['nothing where nothing is desired', stored({ app_metadata: { a: 1 } }), {}, []],
  ])('%s', (_title, current, desired, changes) => {
    expect(planMetadata(current, desired, ROOMY)).toEqual({ changes, refused: [] })
  })
})

describe('a plan refuses', () => {
  test.each([
    ['a key with a dot', 'app_metadata', 'a.b', '"." or "$"'],
    ['a key with a dollar', 'user_metadata', '$a', '"." or "$"'],
    ['an empty key', 'user_metadata', '', 'empty'],
    ['a key that objects inherit', 'app_metadata', 'constructor', 'inherit'],
    ['the key __proto__', 'user_metadata', '__proto__', 'inherit'],
    ['a reserved name', 'app_metadata', 'user_id', 'reserved'],
    ['another reserved name', 'app_metadata', 'loginsCount', 'reserved'],
    ['the name of a root attribute', 'app_metadata', 'groups', 'root attribute'],
  ] as const)('%s', (_title, metadata, key, reason) => {
    const desired = JSON.parse(`{${JSON.stringify(key)}:1,"fine":1}`) as Record<string, number>
    expect(planMetadata(stored(), { [metadata]: desired }, ROOMY)).toEqual({
      changes: [{ metadata, key: 'fine', value: 1 }],
      refused: [{ code: 'metadata_key_refused', target: `${metadata}.${key}` }],
    })
    expect(metadataKeyProblem(metadata, key)).toContain(reason)
  })

  test.each([
    'app_metadata',
    'enrolledFactors',
    'family_name',
    'given_name',
    'groups',
    'last_password_reset',
    'name',
    'nickname',
    'phone_number',
    'phone_verified',
    'picture',
    'user_metadata',
    'username',
  ])('app_metadata.%s, which would hide the root attribute', (key) => {
    expect(metadataKeyProblem('app_metadata', key)).toBe(
      'would hide the root attribute of the same name',
    )
  })

  test.each(['email', 'groups', 'name', 'blocked'])(
    'nothing for the key %s in user_metadata, where it hides nothing',
    (key) => {
      expect(metadataKeyProblem('user_metadata', key)).toBeUndefined()
      expect(planMetadata(stored(), { user_metadata: { [key]: 1 } }, ROOMY).refused).toEqual([])
    },
  )

  test.each([['a text'], [['list']], [42], [true], [false], [null]])(
    'every key of metadata that is %j, because it cannot be merged into',
    (unreadable) => {
      const current = stored({ app_metadata: unreadable })
      const desired = { app_metadata: { a: 1, b: null }, user_metadata: { c: 1 } }
      expect(planMetadata(current, desired, ROOMY)).toEqual({
        changes: [{ metadata: 'user_metadata', key: 'c', value: 1 }],
        refused: [
          { code: 'metadata_unreadable', target: 'app_metadata.a' },
          { code: 'metadata_unreadable', target: 'app_metadata.b' },
        ],
      })
    },
  )
})

describe('the budget', () => {
  /** `app_metadata` of exactly `bytes` bytes. */
  const filled = (bytes: number) =>
    stored({ app_metadata: { x: 'x'.repeat(bytes - '{"x":""}'.length) } })

  test('leaves room for an acceptance of terms that no other Action may take', () => {
    expect(TERMS_BUDGET_BYTES - METADATA_BUDGET_BYTES).toBeGreaterThanOrEqual(1024)
    expect(TERMS_BUDGET_BYTES).toBeLessThan(10_000)
  })

  test('lets a change through that fits and refuses the one that is too long', () => {
    const room = 100
    const planOf = (length: number) =>
      planMetadata(filled(1000), { app_metadata: { k: 'y'.repeat(length) } }, 1000 + room)
    // A comma is counted for each member: a change may be refused a byte early, never late.
    const longest = room - '"k":"",'.length - 1
    expect(planOf(longest).changes).toHaveLength(1)
    expect(planOf(longest + 1).refused).toEqual([
      { code: 'metadata_budget_exceeded', target: 'app_metadata.k' },
    ])
  })

  test('counts bytes and not characters', () => {
    const fits = planMetadata(stored(), { app_metadata: { k: 'e'.repeat(50) } }, 80)
    const doesNot = planMetadata(stored(), { app_metadata: { k: 'é'.repeat(50) } }, 80)
    expect(fits.refused).toEqual([])
    expect(doesNot.changes).toEqual([])
  })

  test('counts what other keys take', () => {
    const current = stored({ app_metadata: { a: 'x'.repeat(400) } })
    const desired = { app_metadata: { k: 'x'.repeat(200) } }
    expect(planMetadata(current, desired, 500).refused).toHaveLength(1)
    expect(planMetadata(current, desired, 700).refused).toHaveLength(0)
  })

  test('is not used up for app_metadata by a user who fills user_metadata', () => {
    const current = stored({ user_metadata: { junk: 'x'.repeat(100_000) } })
    const desired = { app_metadata: { k: 'x' }, user_metadata: { own: 'x' } }
    expect(planMetadata(current, desired, 1000)).toEqual({
      changes: [{ metadata: 'app_metadata', key: 'k', value: 'x' }],
      refused: [{ code: 'metadata_budget_exceeded', target: 'user_metadata.own' }],
    })
  })

  test('refuses the change that does not fit and makes the one that does', () => {
    const desired = { app_metadata: { long: 'x'.repeat(500), short: 'x' } }
    expect(planMetadata(stored(), desired, 100)).toEqual({
      changes: [{ metadata: 'app_metadata', key: 'short', value: 'x' }],
      refused: [{ code: 'metadata_budget_exceeded', target: 'app_metadata.long' }],
    })
  })

  test.each([['a.b'], ['$set']])(
    'refuses a value that holds the name %s at any depth, because Auth0 would fail the sign-in',
    (name) => {
      const desired = { app_metadata: { x: { list: [{ [name]: 1 }] }, y: 1 } }
      expect(planMetadata({ app_metadata: {}, user_metadata: {} }, desired, ROOMY)).toEqual({
        changes: [{ metadata: 'app_metadata', key: 'y', value: 1 }],
        refused: [{ code: 'metadata_key_refused', target: 'app_metadata.x' }],
      })
    },
  )

  test.each<[string, DesiredMetadata]>([
    ['is deleted', { app_metadata: { x: null } }],
    ['becomes shorter', { app_metadata: { x: 'short' } }],
    ['keeps its length', { app_metadata: { x: 'y'.repeat(4990) } }],
  ])(
    'never refuses a change by which a value %s, however full the profile is',
    (_title, desired) => {
      expect(planMetadata(filled(5000), desired, 100)).toMatchObject({ refused: [], changes: [{}] })
    },
  )

  test('gives the room that one change frees to another, in whichever order they stand', () => {
    const desired = { app_metadata: { k: 'y'.repeat(500), x: null } }
    const plan = planMetadata(filled(1000), desired, 1000)
    expect(plan.refused).toEqual([])
    expect(plan.changes).toHaveLength(2)
  })
})

describe('for any profile and any wish', () => {
  const KEYS = ['a', 'b', 'c', 'email', 'x.y']
  const wish = fc.record(
    {
      app_metadata: fc.dictionary(fc.constantFrom(...KEYS), fc.jsonValue({ maxDepth: 2 })),
      user_metadata: fc.dictionary(fc.constantFrom(...KEYS), fc.jsonValue({ maxDepth: 2 })),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<DesiredMetadata>
  const budget = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constant(ROOMY))
  const law = (
    check: (current: StoredMetadata, desired: DesiredMetadata, bytes: number) => void,
  ) => {
    fc.assert(fc.property(storedMetadata(KEYS), wish, budget, check), RUNS)
  }
  const valueAt = (metadata: unknown, key: string): unknown =>
    Object.hasOwn(Object(metadata) as object, key)
      ? (metadata as Record<string, unknown>)[key]
      : null

  test('the calls turn what is stored into what is desired, but for what was refused', () => {
    law((current, desired, bytes) => {
      const { changes, refused } = planMetadata(current, desired, bytes)
      const after = mergeMetadata(current, changes)
      for (const metadata of ['app_metadata', 'user_metadata'] as const) {
        for (const [key, value] of Object.entries(desired[metadata] ?? {})) {
          if (refused.some(({ target }) => target === `${metadata}.${key}`)) {
            expect(valueAt(after[metadata], key)).toEqual(valueAt(current[metadata], key))
          } else {
            expect(valueAt(after[metadata], key)).toEqual(value)
          }
        }
      }
    })
  })

  test('keys that nobody named stay as they are', () => {
    law((current, desired, bytes) => {
      const after = mergeMetadata(current, planMetadata(current, desired, bytes).changes)
      for (const metadata of ['app_metadata', 'user_metadata'] as const) {
        const foreign = (value: unknown) =>
          Object.entries(Object(value) as object).filter(
            ([key]) => !Object.hasOwn(desired[metadata] ?? {}, key),
          )
        expect(foreign(after[metadata])).toEqual(foreign(current[metadata]))
      }
    })
  })

  test('a second plan after the first is empty', () => {
    law((current, desired, bytes) => {
      const after = mergeMetadata(current, planMetadata(current, desired, bytes).changes)
      expect(planMetadata(after, desired, bytes).changes).toEqual([])
    })
  })

  test('there is one call a key, none without effect and null only for a key that is there', () => {
    law((current, desired, bytes) => {
      const { changes } = planMetadata(current, desired, bytes)
      const targets = changes.map(({ metadata, key }) => `${metadata}.${key}`)
      expect(new Set(targets).size).toBe(targets.length)
      for (const { metadata, key, value } of changes) {
        expect(value).toBeDefined()
        expect(valueAt(current[metadata], key)).not.toEqual(value)
        if (value === null)
          expect(Object.hasOwn(Object(current[metadata]) as object, key)).toBe(true)
      }
    })
  })

  test('metadata passes the budget only where it was beyond it before, and never grows there', () => {
    const size = ({ app_metadata, user_metadata }: StoredMetadata) =>
      JSON.stringify([app_metadata, user_metadata]).length
    const ascii = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.stringMatching(/^[a-z]{0,40}$/))
    const profile = fc.record({ app_metadata: ascii, user_metadata: ascii })
    fc.assert(
      fc.property(profile, profile, fc.integer({ max: 200 }), (current, desired, bytes) => {
        const after = mergeMetadata(current, planMetadata(current, desired, bytes).changes)
        expect(size(after) - '[,]'.length).toBeLessThanOrEqual(
          Math.max(bytes, size(current) - '[,]'.length),
        )
      }),
      RUNS,
    )
  })
})

const planKeys = (
  before: StoredMetadata,
  keys: readonly RetiredKey[],
  budget: number,
  desired: DesiredMetadata = {},
) => planSettled(before, settleRetired(before, keys), desired, budget)

describe('what is retired', () => {
  const retired = (path: RetiredKey['path'], movedTo?: RetiredKey['path']): RetiredKey => ({
    metadata: 'app_metadata',
    path,
    ...(movedTo && { movedTo }),
  })
  const plan = (app_metadata: object, keys: readonly RetiredKey[], desired: object = {}) =>
    planKeys(stored({ app_metadata }), keys, 200, { app_metadata: { ...desired } })
  const change = (key: string, value: unknown) => ({ metadata: 'app_metadata', key, value })

  test('goes, alone under its key or beside others, and once only', () => {
    const keys = [retired(['old']), retired(['idp', 'grade'])]
    const before = { old: 1, idp: { grade: 'a', unit: 'b' }, mine: { old: 1 } }
    const { changes } = plan(before, keys)
    expect(changes).toEqual([change('old', null), change('idp', { unit: 'b' })])
    expect(
      plan(mergeMetadata(stored({ app_metadata: before }), changes).app_metadata as object, keys),
    ).toEqual({
      changes: [],
      refused: [],
    })
  })

  test('takes the key with it that it leaves empty', () => {
    expect(plan({ idp: { grade: 'a' } }, [retired(['idp', 'grade'])]).changes).toEqual([
      change('idp', null),
    ])
  })

  test('goes in one write with what else the key should hold', () => {
    const desired = { idp: { unit: 'new' } }
    const { changes } = plan(
      { idp: { grade: 'a', unit: 'b' } },
      [retired(['idp', 'grade'])],
      desired,
    )
    expect(changes).toEqual([change('idp', { unit: 'new' })])
  })

  test('is no reason to write where it is not there', () => {
    expect(plan({ idp: { unit: 'b' } }, [retired(['idp', 'grade']), retired(['old'])])).toEqual({
      changes: [],
      refused: [],
    })
  })

  test('is copied first where it moves, and not over what is there', () => {
    const moved = [retired(['old'], ['idp', 'level'])]
    expect(plan({ old: 7, idp: { unit: 'b' } }, moved).changes).toEqual(
      expect.arrayContaining([change('idp', { unit: 'b', level: 7 }), change('old', null)]),
    )
    expect(plan({ old: 7, idp: { level: 1 } }, moved).changes).toEqual([change('old', null)])
    expect(plan({ old: 7 }, moved, { idp: { level: 2 } }).changes).toEqual(
      expect.arrayContaining([change('idp', { level: 2 }), change('old', null)]),
    )
  })

  test('counts as absent in its new place where that holds null', () => {
    const moved = [retired(['old'], ['level'])]
    expect(plan({ old: 7, level: null }, moved).changes).toEqual(
      expect.arrayContaining([change('level', 7), change('old', null)]),
    )
  })

  test('is not looked for in metadata that is no object', () => {
    expect(plan('text' as never, [retired(['old'])])).toEqual({ changes: [], refused: [] })
  })

  test('whatever is stored, nothing else changes and a second plan is empty', () => {
    const drawn = storedMetadata(['a', 'b'], fc.dictionary(fc.constantFrom('x', 'y', 'z'), json))
    const keys = [retired(['a', 'x']), retired(['b', 'x'], ['b', 'y'])]
    fc.assert(
      fc.property(drawn, (before) => {
        const first = planKeys(before, keys, ROOMY)
        const after = mergeMetadata(before, first.changes)
        expect(planKeys(after, keys, ROOMY).changes).toEqual([])
        expect(after.user_metadata).toEqual(before.user_metadata)
      }),
      RUNS,
    )
  })
})
