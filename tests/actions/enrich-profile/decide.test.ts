import { withoutReasons } from '../../../test-kit/actions/without-reasons.ts'
import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { decideProfile, type ProfileFindings } from '../../../actions/enrich-profile/decide.ts'
import type { ProfileFacts } from '../../../actions/enrich-profile/facts.ts'
import { manifest } from '../../../actions/enrich-profile/manifest.ts'
import { keysOf } from '../../../actions/shared/manifest.ts'
import { settings as OURS } from '../../../test-kit/fixture/actions/enrich-profile/settings.ts'
import { dueTasks, runTasks, type DoneTask } from '../../../actions/enrich-profile/tasks.ts'
import { isObject } from '../../../actions/shared/json.ts'
import { METADATA_BUDGET_BYTES, type StoredMetadata } from '../../../actions/shared/metadata.ts'
import { json, RUNS, storedMetadata } from '../../../test-kit/actions/arbitraries.ts'
import { mergeMetadata } from '../../../test-kit/actions/merge-metadata.ts'

const NOW = new Date('2026-11-20T09:00:00Z')
const CONNECTION = 'Username-Password-Authentication'

/** What an earlier sign-in today left: nothing to do but for sign-up fields. */
const SETTLED = {
  activity: { first_seen: '2026-01-15', last_seen: '2026-11-20', last_connection: CONNECTION },
}
const NOTHING_FOUND: ProfileFindings = { done: [], records: {}, notes: [] }
const nothing = { kind: 'allow', changes: [], claims: [], notes: [], forget: [], reasons: [] }

const decide = (
  metadata: Partial<StoredMetadata>,
  {
    now = NOW,
    settings = OURS,
    findings = {},
    facts = {},
  }: {
    now?: Date
    settings?: Parameters<typeof decideProfile>[1]
    findings?: Partial<ProfileFindings>
    facts?: Partial<ProfileFacts>
  } = {},
) =>
  withoutReasons(
    decideProfile(
      {
        connection: CONNECTION,
        locales: [],
        ...facts,
        metadata: { app_metadata: SETTLED, user_metadata: {}, ...metadata },
      },
      settings,
      { ...NOTHING_FOUND, ...findings },
      now,
    ),
  )

const change = (metadata: 'app_metadata' | 'user_metadata', key: string, value: unknown) => ({
  metadata,
  key,
  value,
})

describe('a sign-up field', () => {
  test.each<[string, string, unknown]>([
    ['newsletter', ' TRUE ', true],
    ['newsletter', '', false],
    ['birth_year', ' 1984 ', 1984],
    ['company', ' Example Ltd ', 'Example Ltd'],
  ])('%s that says %j becomes %j', (key, text, value) => {
    expect(decide({ user_metadata: { [key]: text } })).toEqual({
      ...nothing,
      changes: [change('user_metadata', key, value)],
    })
  })

  test.each<[string, unknown]>([
    ['newsletter', 'maybe'],
    ['newsletter', { yes: true }],
    ['birth_year', '19840'],
    ['birth_year', '1984-01-01'],
    ['company', 'x'.repeat(101)],
    ['company', ['Example']],
  ])('%s that cannot be used (%j) is deleted, with a code', (key, value) => {
    expect(decide({ user_metadata: { [key]: value } })).toEqual({
      ...nothing,
      changes: [change('user_metadata', key, null)],
      notes: [{ code: 'sign_up_field_unusable', target: `user_metadata.${key}` }],
    })
  })

  test('that was left empty is deleted without a word', () => {
    expect(decide({ user_metadata: { birth_year: '' } })).toEqual({
      ...nothing,
      changes: [change('user_metadata', 'birth_year', null)],
    })
  })

  test.each<[string, unknown]>([
    ['newsletter', false],
    ['birth_year', 1984],
    ['company', ''],
    ['company', 'Example Ltd'],
    ['company', null],
  ])('%s that is %j already is left alone', (key, value) => {
    expect(decide({ user_metadata: { [key]: value } })).toEqual(nothing)
  })

  test.each(['consentGiven', 'accepted_terms'])(
    'that reads like a consent (%s) is deleted, with a code, whatever it says',
    (key) => {
      expect(decide({ user_metadata: { [key]: true } })).toEqual({
        ...nothing,
        changes: [change('user_metadata', key, null)],
        notes: [{ code: 'sign_up_field_refused', target: `user_metadata.${key}` }],
      })
    },
  )

  test('that nobody declared is not ours', () => {
    expect(decide({ user_metadata: { theirs: ' true ', color: 'x'.repeat(1000) } })).toEqual(
      nothing,
    )
  })

  test('is never read from a name that objects inherit', () => {
    const signUpFields = {
      constructor: { type: 'string', maxLength: 9 },
      toString: { type: 'boolean' },
    } as const
    expect(decide({}, { settings: { ...OURS, signUpFields } })).toEqual(nothing)
  })

  test.each([['a text'], [['list']], [7], [true], [null], [undefined]])(
    'in user_metadata that is %j is left alone',
    (user_metadata) => {
      expect(decide({ user_metadata })).toEqual(nothing)
    },
  )
})

describe('tasks that are done', () => {
  const done: DoneTask[] = [
    { name: 'first', values: { one: 1, two: 2 } },
    { name: 'second', values: {} },
  ]
  const flags = { first: NOW.toISOString(), second: NOW.toISOString() }

  test('leave their values and a flag each, beside the flags of others', () => {
    const app_metadata = { ...SETTLED, tasks: { other: '2026-01-01' } }
    expect(decide({ app_metadata }, { findings: { done } }).changes).toEqual([
      change('app_metadata', 'one', 1),
      change('app_metadata', 'two', 2),
      change('app_metadata', 'tasks', { other: '2026-01-01', ...flags }),
    ])
  })

  test.each([['a text'], [['list']], [7], [null]])(
    'get their flags where those are %j and no record',
    (tasks) => {
      const { changes } = decide({ app_metadata: { ...SETTLED, tasks } }, { findings: { done } })
      expect(changes).toContainEqual(change('app_metadata', 'tasks', flags))
    },
  )

  test('get no flag where a value of theirs has no room, and the others keep both', () => {
    const large = { name: 'large', values: { small: 1, large: 'x'.repeat(METADATA_BUDGET_BYTES) } }
    const { changes, notes } = decide({}, { findings: { done: [large, ...done] } })
    expect(changes).toEqual([
      change('app_metadata', 'one', 1),
      change('app_metadata', 'two', 2),
      change('app_metadata', 'tasks', flags),
    ])
    expect(notes).toEqual([{ code: 'metadata_budget_exceeded', target: 'app_metadata.large' }])
  })

  test('leave nothing where their flags have no room', () => {
    const app_metadata = { ...SETTLED, x: 'x'.repeat(METADATA_BUDGET_BYTES - 160) }
    const { changes, notes } = decide({ app_metadata }, { findings: { done } })
    expect(changes).toEqual([])
    expect(notes).toContainEqual({
      code: 'metadata_budget_exceeded',
      target: 'app_metadata.tasks',
    })
  })
})

describe('records of look-ups', () => {
  const records = { customer: { tier: 'gold', fetched_at: NOW.toISOString() } }

  test('are kept beside those of others', () => {
    const app_metadata = { ...SETTLED, lookups: { other: { a: 1 }, customer: { tier: 'basic' } } }
    expect(decide({ app_metadata }, { findings: { records } }).changes).toEqual([
      change('app_metadata', 'lookups', { other: { a: 1 }, ...records }),
    ])
  })

  test.each([['a text'], [['list']], [null]])('take the place of %j', (lookups) => {
    const app_metadata = { ...SETTLED, lookups }
    expect(decide({ app_metadata }, { findings: { records } }).changes).toEqual([
      change('app_metadata', 'lookups', records),
    ])
  })

  test('are not written when there is none', () => {
    const app_metadata = { ...SETTLED, lookups: 'a text' }
    expect(decide({ app_metadata })).toEqual(nothing)
  })
})

describe('the preferred language', () => {
  const choose = (locales: string[], user_metadata: unknown = {}) =>
    decide({ user_metadata }, { facts: { locales } }).changes

  test.each<[string[], string]>([
    [['de'], 'de'],
    [['DE-at'], 'de'],
    [['fr', 'de-CH', 'en'], 'de'],
    [['en-GB', 'de'], 'en'],
  ])('of a user who has none and wishes %j is "%s"', (locales, language) => {
    expect(choose(locales)).toEqual([change('user_metadata', 'preferred_language', language)])
  })

  test('is the exact tag where applications know it', () => {
    const preferredLanguage = { key: 'preferred_language', supported: ['pt', 'pt-BR'] }
    const { changes } = decide(
      {},
      { settings: { ...OURS, preferredLanguage }, facts: { locales: ['pt-br'] } },
    )
    expect(changes).toEqual([change('user_metadata', 'preferred_language', 'pt-BR')])
  })

  test.each<[string, string[], unknown]>([
    ['nobody knows one', [], {}],
    ['no application knows it', ['fr', 'ja-JP'], {}],
    ['the user has one', ['de'], { preferred_language: 'en' }],
    ['the user has one that we do not know', ['de'], { preferred_language: 'tlh' }],
    ['the user wants none', ['de'], { preferred_language: '' }],
    ['user_metadata cannot be written', ['de'], 'a text'],
  ])('is left alone where %s', (_title, locales, user_metadata) => {
    expect(choose(locales, user_metadata)).toEqual([])
  })
})

describe('the activity', () => {
  const on = (activity: unknown, time: string, connection = 'google-oauth2') =>
    decide({ app_metadata: { activity } }, { now: new Date(time), facts: { connection } }).changes

  const written = (first_seen: string, last_seen: string) => [
    change('app_metadata', 'activity', {
      first_seen,
      last_seen,
      last_connection: 'google-oauth2',
    }),
  ]

  test('of a new user begins today, in UTC', () => {
    expect(on(undefined, '2026-11-20T23:59:59.999Z')).toEqual(written('2026-11-20', '2026-11-20'))
  })

  test('keeps the first day and moves the last, with the connection of that sign-in', () => {
    expect(on(SETTLED.activity, '2026-11-21T00:00:00.000Z')).toEqual(
      written('2026-01-15', '2026-11-21'),
    )
  })

  test('is written once a day, another connection on the same day or not', () => {
    expect(on(SETTLED.activity, '2026-11-20T23:59:59.999Z')).toEqual([])
  })

  test('is not taken back by an instance whose clock is behind at midnight', () => {
    const ahead = { ...SETTLED.activity, last_seen: '2026-11-21' }
    expect(on(ahead, '2026-11-20T23:59:59.999Z')).toEqual([])
  })

  test.each<[unknown, string]>([
    [undefined, '2026-11-20'],
    [null, '2026-11-20'],
    ['yesterday', '2026-11-20'],
    [{}, '2026-11-20'],
    [{ last_seen: '2026-11-03' }, '2026-11-03'],
    [{ last_seen: '2026-11-03', first_seen: 'then' }, '2026-11-03'],
    [{ last_seen: '2999-01-01' }, '2026-11-20'],
    [{ last_seen: '2999-01-01', first_seen: '2998-01-01' }, '2026-11-20'],
    [{ last_seen: '2026-02-30' }, '2026-11-20'],
  ])('that is %j begins at %s', (activity, first) => {
    expect(on(activity, '2026-11-20T09:00:00Z')).toEqual(written(first, '2026-11-20'))
  })
})

test.each([['a text'], [['list']], [7], [true], [null]])(
  'app_metadata that is %j is left as it is and logged, and the sign-in goes on',
  (app_metadata) => {
    const { changes, notes } = decide({ app_metadata })
    expect(changes).toEqual([])
    expect(notes).toEqual([{ code: 'metadata_unreadable', target: 'app_metadata.activity' }])
  },
)

describe('whatever is stored', () => {
  const ours = keysOf(manifest).map((target) => target.split('.')[1] ?? '')
  const value = fc.oneof(fc.constantFrom('true', ' 42 ', 'no', ' Example ', '2026-11-20'), json)
  const metadata = storedMetadata(ours, value)
  const languages = fc.array(fc.constantFrom('de', 'en-GB', 'fr'), { maxLength: 2 })

  /** One sign-in as the Action makes it, without another system. */
  const signIn = async (stored: StoredMetadata, locales: string[] = [], now = NOW) => {
    const facts = { userId: 'auth0|1', metadata: stored }
    const { done } = await runTasks(
      dueTasks(OURS.tasks, facts),
      facts,
      new AbortController().signal,
    )
    return decide(stored, { now, findings: { done }, facts: { locales, metadata: stored } })
  }

  test('a second sign-in on the same day changes nothing and logs nothing new', async () => {
    await fc.assert(
      fc.asyncProperty(metadata, languages, async (stored, locales) => {
        const after = mergeMetadata(stored, (await signIn(stored, locales)).changes)
        const again = await signIn(after, locales, new Date('2026-11-20T23:59:59Z'))
        expect(again.changes).toEqual([])
        for (const { code } of again.notes) expect(code).toMatch(/^metadata_/)
      }),
      RUNS,
    )
  })

  test('only keys of this Action change', async () => {
    await fc.assert(
      fc.asyncProperty(metadata, languages, async (stored, locales) => {
        for (const { metadata: kind, key } of (await signIn(stored, locales)).changes) {
          expect(keysOf(manifest)).toContain(`${kind}.${key}`)
        }
      }),
      RUNS,
    )
  })

  test('the flag of the customer id is never set without the id', async () => {
    const room = fc.integer({ min: -100, max: 300 })
    await fc.assert(
      fc.asyncProperty(metadata, room, async ({ app_metadata }, left) => {
        const used = Buffer.byteLength(JSON.stringify(app_metadata ?? {}))
        const filling = 'x'.repeat(Math.max(0, METADATA_BUDGET_BYTES - used - left))
        const drawn = {
          app_metadata: isObject(app_metadata) ? { ...app_metadata, filling } : app_metadata,
          user_metadata: {},
        }
        const { changes } = await signIn(drawn)
        if (changes.some(({ key }) => key === 'tasks')) {
          const { customer_id: id } = mergeMetadata(drawn, changes).app_metadata as Record<
            string,
            unknown
          >
          // One of another form is another system's, and kept.
          expect(id ?? '').not.toBe('')
        }
      }),
      RUNS,
    )
  })
})

test('what is retired goes in the write of the sign-in, or moves to the field that takes its place', () => {
  const settings: typeof OURS = {
    ...OURS,
    retiredKeys: [
      { metadata: 'user_metadata', path: ['firm'], movedTo: ['company'] },
      { metadata: 'app_metadata', path: ['lookups', 'former'] },
    ],
  }
  const before = {
    app_metadata: { lookups: { former: { a: 1 }, customer: { tier: 'gold' } } },
    user_metadata: { firm: 'Example Ltd', preferred_language: 'en' },
  }
  const { changes } = decideProfile(
    { connection: 'Users', locales: [], metadata: before },
    settings,
    { done: [], records: {}, notes: [] },
    new Date('2026-11-20T09:00:00Z'),
  )
  expect(changes).toEqual(
    expect.arrayContaining([
      change('user_metadata', 'firm', null),
      change('user_metadata', 'company', 'Example Ltd'),
      change('app_metadata', 'lookups', { customer: { tier: 'gold' } }),
    ]),
  )
})

test('a field that is renamed is read in its new place at once, and a language of the user stays', () => {
  const { changes } = decideProfile(
    {
      connection: 'Users',
      locales: ['en'],
      metadata: { app_metadata: {}, user_metadata: { born: ' 1984 ', preferred_language: 'de' } },
    },
    {
      ...OURS,
      preferredLanguage: { key: 'language', supported: ['en', 'de'] },
      retiredKeys: [
        { metadata: 'user_metadata', path: ['born'], movedTo: ['birth_year'] },
        { metadata: 'user_metadata', path: ['preferred_language'], movedTo: ['language'] },
      ],
    },
    { done: [], records: {}, notes: [] },
    new Date('2026-11-20T09:00:00Z'),
  )
  expect(changes).toEqual(
    expect.arrayContaining([
      change('user_metadata', 'birth_year', 1984),
      change('user_metadata', 'born', null),
      change('user_metadata', 'language', 'de'),
      change('user_metadata', 'preferred_language', null),
    ]),
  )
})

test('a value that finds no room in its new place stays in the old one', () => {
  const user_metadata = { old: 'x'.repeat(2000), padding: 'y'.repeat(METADATA_BUDGET_BYTES) }
  const { changes } = decideProfile(
    { connection: 'Users', locales: [], metadata: { app_metadata: {}, user_metadata } },
    {
      ...OURS,
      signUpFields: { ...OURS.signUpFields, a_longer_name: { type: 'string', maxLength: 5000 } },
      retiredKeys: [{ metadata: 'user_metadata', path: ['old'], movedTo: ['a_longer_name'] }],
    },
    { done: [], records: {}, notes: [] },
    new Date('2026-11-20T09:00:00Z'),
  )
  expect(changes.filter(({ metadata }) => metadata === 'user_metadata')).toEqual([])
})
