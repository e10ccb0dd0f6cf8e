import { describe, expect, test } from '@jest/globals'
import { readRecord } from '../../actions/enforce-terms/record.ts'
import {
  createAnswerCounter,
  OUTCOMES,
  type ConnectionCounts,
  type Outcome,
} from '../../reports/count-answers.ts'
import type { ExportedUser } from '../../reports/parse-user.ts'
import { documents, TIME } from '../../test-kit/reports/documents.ts'

const user = (terms?: unknown, connection?: string): ExportedUser => ({
  connection,
  record: readRecord({ terms }, 'terms'),
  hasAppMetadata: terms !== undefined,
  isReadable: true,
})

const yes = (version: string) => ({ version, accepted_at: TIME })
const no = (version: string) => ({ version, declined_at: TIME })
const later = (version: string) => ({ deferred_version: version, deferred_at: TIME })
const then = (...history: object[]) => ({
  history: history.map((one) => ({ id: 'terms', ...one })),
})

/** What one user counts as, by version. */
const outcomesOf = (terms: unknown, index: number): Outcome[] => {
  const counter = createAnswerCounter(documents)
  counter.add(user(terms))
  return (counter.result().total.counts[index] ?? []).map((counts) => {
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(1)
    return OUTCOMES.find((outcome) => counts[outcome] === 1) ?? 'neverAsked'
  })
}

describe('a user counts, for the versions 2025-01, 2025-02 (a typo) and 2026-01, as', () => {
  test.each<[string, unknown, Outcome[]]>([
    ['no record', undefined, ['neverAsked', 'neverAsked', 'neverAsked']],
    ['an empty record', {}, ['neverAsked', 'neverAsked', 'neverAsked']],
    ['the older form', yes('2025-01'), ['accepted', 'covered', 'neverAsked']],
    [
      'the older form of a document that is not the primary one',
      { ...yes('2026-01'), documents: { news: yes('2025-01') } },
      ['neverAsked', 'neverAsked', 'neverAsked'],
    ],
    [
      'the first accepted',
      { documents: { terms: yes('2025-01') } },
      ['accepted', 'covered', 'neverAsked'],
    ],
    [
      'the mended one accepted',
      { documents: { terms: yes('2025-02') } },
      ['neverAsked', 'accepted', 'neverAsked'],
    ],
    [
      'the newest accepted',
      { documents: { terms: yes('2026-01') } },
      ['neverAsked', 'neverAsked', 'accepted'],
    ],
    [
      'one after the other accepted',
      { documents: { terms: yes('2026-01') }, ...then(yes('2025-01')) },
      ['accepted', 'neverAsked', 'accepted'],
    ],
    [
      'the first declined',
      { documents: { terms: no('2025-01') } },
      ['declined', 'neverAsked', 'neverAsked'],
    ],
    [
      'the newest declined after the first was accepted',
      { documents: { terms: no('2026-01') }, ...then(yes('2025-01')) },
      ['accepted', 'neverAsked', 'declined'],
    ],
    [
      'the newest declined, then accepted',
      { documents: { terms: yes('2026-01') }, ...then(no('2026-01')) },
      ['neverAsked', 'neverAsked', 'accepted'],
    ],
    [
      'the first accepted, then declined when it was asked for again, then the newest accepted',
      { documents: { terms: yes('2026-01') }, ...then(yes('2025-01'), no('2025-01')) },
      ['declined', 'neverAsked', 'accepted'],
    ],
    [
      'the newest put off after the first was accepted',
      { documents: { terms: { ...yes('2025-01'), ...later('2026-01') } } },
      ['accepted', 'covered', 'deferred'],
    ],
    [
      'the newest put off by a new user',
      { documents: { terms: later('2026-01') } },
      ['neverAsked', 'neverAsked', 'deferred'],
    ],
    [
      'the newest put off, then accepted',
      { documents: { terms: { ...yes('2026-01'), ...later('2026-01') } } },
      ['neverAsked', 'neverAsked', 'accepted'],
    ],
    [
      'a version that is not in the settings',
      { documents: { terms: yes('2024-01') } },
      ['neverAsked', 'neverAsked', 'neverAsked'],
    ],
    [
      "another document's history",
      { documents: {}, history: [{ id: 'news', ...yes('2026-01') }] },
      ['neverAsked', 'neverAsked', 'neverAsked'],
    ],
  ])('%s', (_, terms, outcomes) => {
    expect(outcomesOf(terms, 1)).toEqual(outcomes)
  })

  test.each<[string, unknown, Outcome]>([
    ['accepted', { documents: { news: yes('2025-01') } }, 'accepted'],
    ['declined', { documents: { news: no('2025-01') } }, 'declined'],
    [
      'never asked when only the terms were',
      { documents: { terms: yes('2025-01') } },
      'neverAsked',
    ],
  ])('an optional document: %s', (_, terms, outcome) => {
    expect(outcomesOf(terms, 0)).toEqual([outcome])
  })
})

describe('the counts', () => {
  const summary = (counts: readonly ConnectionCounts[]): [string, number, number][] =>
    counts.map(({ connection, users, counts }) => [
      connection,
      users,
      counts[1]?.[2]?.accepted ?? -1,
    ])

  test('are kept by connection, most users first, and add up', () => {
    const counter = createAnswerCounter(documents)
    counter.add(user(yes('2025-01'), 'b'))
    counter.add(user(yes('2026-01'), 'c'))
    counter.add(user(yes('2026-01'), 'a'))
    counter.add(user(undefined, 'c'))
    counter.add(user(yes('2026-01')))
    const { connections, total } = counter.result()
    expect(summary(connections)).toEqual([
      ['c', 2, 1],
      ['(no connection)', 1, 1],
      ['a', 1, 1],
      ['b', 1, 0],
    ])
    expect(summary([total])).toEqual([['All', 5, 3]])
    expect(total.counts[1]?.[0]?.accepted).toBe(1)
  })

  test('of more connections than are told apart come together', () => {
    const counter = createAnswerCounter(documents, 2)
    for (const name of ['a', 'b', 'c', 'd', 'a']) counter.add(user(undefined, name))
    const { connections, total } = counter.result()
    expect(summary(connections)).toEqual([
      ['(other connections)', 2, 0],
      ['a', 2, 0],
      ['b', 1, 0],
    ])
    expect(total.users).toBe(5)
  })

  test('tell how many users have app_metadata, an unreadable record, an answer to what is gone', () => {
    const counter = createAnswerCounter(documents)
    counter.add(user(yes('2026-01')))
    counter.add({ ...user({}), isReadable: false })
    counter.add(user(yes('2024-01')))
    counter.add(user({ documents: { gone: yes('2026-01') } }))
    counter.add(user({ documents: { gone: later('2026-01') } }))
    counter.add(user({ documents: {}, ...then(no('2024-01'), no('2024-01')) }))
    counter.add(user())
    expect(counter.result()).toMatchObject({ withAppMetadata: 6, unreadable: 1, unnamed: 3 })
  })
})
