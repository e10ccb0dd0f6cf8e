import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { CUSTOMER_ID_TASK, decideProfile } from '../../../actions/enrich-profile/decide.ts'
import { settings as OURS, type SignUpFieldType } from '../../../actions/enrich-profile/settings.ts'
import { METADATA_BUDGET_BYTES, type StoredMetadata } from '../../../actions/shared/metadata.ts'
import { json, RUNS, storedMetadata } from '../arbitraries.ts'
import { mergeMetadata } from '../merge-metadata.ts'

const USER = 'auth0|65a4e8f0c1d2e3f4a5b6c7d8'
const NOW = new Date('2026-11-20T09:00:00Z')
const CUSTOMER = 'cus_' // and 24 hex digits

/** What an earlier sign-in today left: nothing to do but for sign-up fields. */
const SETTLED = {
  customer_id: 'cus_of_this_user',
  tasks: { [CUSTOMER_ID_TASK]: '2026-01-01T00:00:00.000Z' },
  activity: { last_seen: '2026-11-20' },
}

const decide = (metadata: Partial<StoredMetadata>, { now = NOW, userId = USER } = {}) => {
  const decision = decideProfile(
    { userId, metadata: { app_metadata: SETTLED, user_metadata: {}, ...metadata } },
    OURS,
    now,
  )
  if (decision.kind !== 'allow') throw new Error('enrich-profile never denies')
  return decision
}

const nothing = { kind: 'allow', changes: [], claims: [], notes: [] }

describe('a sign-up field', () => {
  const decideField = (type: SignUpFieldType, value: unknown) =>
    decideProfile(
      { userId: USER, metadata: { app_metadata: SETTLED, user_metadata: { field: value } } },
      { signUpFields: { field: type } },
      NOW,
    )

  test.each<[SignUpFieldType, string, unknown]>([
    ['boolean', 'true', true],
    ['boolean', ' TRUE ', true],
    ['boolean', 'yes', true],
    ['boolean', 'on', true],
    ['boolean', '1', true],
    ['boolean', 'false', false],
    ['boolean', 'No', false],
    ['boolean', 'off', false],
    ['boolean', '0', false],
    ['boolean', '', false],
    ['integer', '42', 42],
    ['integer', ' 42 ', 42],
    ['integer', '-7', -7],
    ['integer', '+7', 7],
    ['integer', '007', 7],
    ['integer', '9007199254740991', 9007199254740991],
    ['string', ' Example Ltd ', 'Example Ltd'],
    ['string', '\t', ''],
  ])('of type %s that says %j becomes %j', (type, text, value) => {
    expect(decideField(type, text)).toEqual({
      ...nothing,
      changes: [{ metadata: 'user_metadata', key: 'field', value }],
    })
  })

  test.each<[SignUpFieldType, string]>([
    ['boolean', 'maybe'],
    ['boolean', 'truetrue'],
    ['boolean', '2'],
    ['integer', ''],
    ['integer', '4.2'],
    ['integer', '1e3'],
    ['integer', '0x10'],
    ['integer', 'Infinity'],
    ['integer', '9007199254740993'],
    ['integer', '9'.repeat(400)],
    ['integer', '4 2'],
  ])('of type %s that says %j stays as it is and is logged', (type, text) => {
    expect(decideField(type, text)).toEqual({
      ...nothing,
      notes: [{ code: 'sign_up_field_unusable', target: 'user_metadata.field' }],
    })
  })

  test.each<[SignUpFieldType, unknown]>([
    ['boolean', true],
    ['boolean', 1],
    ['boolean', null],
    ['integer', 42],
    ['integer', 4.2],
    ['string', 'Example Ltd'],
    ['string', 7],
    ['string', { a: ' x ' }],
    ['string', [' x ']],
    ['boolean', undefined],
  ])('of type %s that is %j already is left alone', (type, value) => {
    expect(decideField(type, value)).toEqual(nothing)
  })

  test('is never read from a name that objects inherit', () => {
    const settings = { signUpFields: { constructor: 'string', toString: 'string' } } as const
    expect(
      decideProfile(
        { userId: USER, metadata: { app_metadata: SETTLED, user_metadata: {} } },
        settings,
        NOW,
      ),
    ).toEqual(nothing)
  })

  test.each([['a text'], [['list']], [7], [true]])(
    'in user_metadata that is %j is left alone',
    (user_metadata) => {
      expect(decide({ user_metadata })).toEqual(nothing)
    },
  )
})

describe('the customer id', () => {
  const appMetadataAfter = (app_metadata: unknown, options?: { now?: Date; userId?: string }) => {
    const stored = { app_metadata, user_metadata: {} }
    return mergeMetadata(stored, decide(stored, options).changes).app_metadata as Record<
      string,
      unknown
    >
  }

  test('is assigned to a user without one, and the time of it kept', () => {
    const after = appMetadataAfter({})
    expect(after['customer_id']).toMatch(new RegExp(`^${CUSTOMER}[0-9a-f]{24}$`))
    expect(after['tasks']).toEqual({ [CUSTOMER_ID_TASK]: '2026-11-20T09:00:00.000Z' })
  })

  test('says nothing of the user id, is the same each time and another for each user', () => {
    const id = appMetadataAfter({})['customer_id']
    expect(appMetadataAfter({}, { now: new Date(0) })['customer_id']).toBe(id)
    expect(appMetadataAfter({}, { userId: 'auth0|another' })['customer_id']).not.toBe(id)
    expect(id).not.toContain('65a4e8')
  })

  test.each<[string, unknown]>([
    ['was removed by hand', { ...SETTLED, customer_id: undefined }],
    ['was changed by hand', { ...SETTLED, customer_id: 'cus_other' }],
  ])('is not assigned again when it %s', (_title, app_metadata) => {
    expect(decide({ app_metadata }).changes).toEqual([])
  })

  test('leaves the flags of other tasks', () => {
    expect(appMetadataAfter({ tasks: { other: '2026-01-01' } })['tasks']).toEqual({
      other: '2026-01-01',
      [CUSTOMER_ID_TASK]: '2026-11-20T09:00:00.000Z',
    })
  })

  test.each([['a text'], [['list']], [7], [null]])(
    'is assigned where the flags are %j and no record',
    (tasks) => {
      expect(appMetadataAfter({ tasks })['tasks']).toEqual({
        [CUSTOMER_ID_TASK]: '2026-11-20T09:00:00.000Z',
      })
    },
  )

  test.each<[string, unknown]>([
    ['of user_metadata', {}],
    ['of flags that are junk', { tasks: 'x'.repeat(500) }],
  ])('that has no room because %s is not counted as assigned', (_title, app_metadata) => {
    const full = {
      app_metadata,
      user_metadata: { x: 'x'.repeat(METADATA_BUDGET_BYTES + 1000) },
    }
    const { changes, notes } = decide(full)
    expect(changes.map(({ key }) => key)).not.toContain('tasks')
    expect(notes).toContainEqual({
      code: 'metadata_budget_exceeded',
      target: 'app_metadata.customer_id',
    })
  })
})

describe('the last activity', () => {
  const dayAfter = (last_seen: unknown, time: string) =>
    decide({ app_metadata: { ...SETTLED, activity: { last_seen } } }, { now: new Date(time) })

  test('is written at the first sign-in of a day in UTC', () => {
    expect(dayAfter('2026-11-20', '2026-11-20T23:59:59.999Z')).toEqual(nothing)
    expect(dayAfter('2026-11-20', '2026-11-21T00:00:00.000Z').changes).toEqual([
      { metadata: 'app_metadata', key: 'activity', value: { last_seen: '2026-11-21' } },
    ])
    expect(dayAfter('2026-11-21', '2026-11-21T00:00:00.001Z')).toEqual(nothing)
  })

  test.each([[undefined], [null], [1], ['yesterday'], [{}]])('replaces %j', (junk) => {
    expect(dayAfter(junk, '2026-11-20T09:00:00Z').changes).toEqual([
      { metadata: 'app_metadata', key: 'activity', value: { last_seen: '2026-11-20' } },
    ])
  })
})

test.each([['a text'], [['list']], [7], [true]])(
  'app_metadata that is %j is left as it is and logged, and the sign-in goes on',
  (app_metadata) => {
    const { changes, notes } = decide({ app_metadata })
    expect(changes).toEqual([])
    expect(new Set(notes.map(({ code }) => code))).toEqual(new Set(['metadata_unreadable']))
  },
)

describe('whatever is stored', () => {
  const ours = ['newsletter', 'birth_year', 'company', 'customer_id', 'tasks', 'activity']
  const value = fc.oneof(fc.constantFrom('true', ' 42 ', 'no', ' Example '), json)
  const metadata = storedMetadata(ours, value)
  const run = (stored: StoredMetadata, now = NOW) => {
    const decision = decideProfile({ userId: USER, metadata: stored }, OURS, now)
    if (decision.kind !== 'allow') throw new Error('enrich-profile never denies')
    return decision
  }

  test('a second sign-in on the same day writes nothing', () => {
    fc.assert(
      fc.property(metadata, (stored) => {
        const after = mergeMetadata(stored, run(stored).changes)
        expect(run(after, new Date('2026-11-20T23:59:59Z')).changes).toEqual([])
      }),
      RUNS,
    )
  })

  test('only keys of this Action change', () => {
    fc.assert(
      fc.property(metadata, (stored) => {
        for (const { key } of run(stored).changes) expect(ours).toContain(key)
      }),
      RUNS,
    )
  })

  test('the flag of the customer id is never set without the id', () => {
    const room = fc.integer({ min: -100, max: 300 })
    fc.assert(
      fc.property(metadata, room, ({ app_metadata }, left) => {
        const used = JSON.stringify(app_metadata ?? {}).length
        const filling = 'x'.repeat(Math.max(0, METADATA_BUDGET_BYTES - used - left))
        const drawn = { app_metadata, user_metadata: { filling } }
        const keys = run(drawn).changes.map(({ key }) => key)
        const after = mergeMetadata(drawn, run(drawn).changes).app_metadata
        if (keys.includes('tasks')) {
          expect(after).toMatchObject({ customer_id: expect.stringMatching(/^cus_/) })
        }
      }),
      RUNS,
    )
  })
})
