import { describe, expect, test } from '@jest/globals'
import {
  checkSettings,
  type EnforceTermsSettings,
  type TermsDocument,
} from '../../../actions/enforce-terms/schema.ts'
import { settings } from '../../../test-kit/fixture/actions/enforce-terms/settings.ts'
import { NEWS, PRIVACY, settingsOf, TOS, version } from '../../../test-kit/actions/terms-facts.ts'

const problemsOf = (change: Partial<TermsDocument>): string[] =>
  checkSettings(settingsOf([PRIVACY, { ...TOS, ...change }])).map(
    ({ path, message }) => `${path}: ${message}`,
  )

/** A second version that is wrong in one thing. */
const second = (change: object): TermsDocument['versions'] => [
  version('2025-01-15'),
  version('2026-11-01', change),
]

describe('the settings', () => {
  test('of the fixture are right', () => {
    expect(checkSettings(settings)).toEqual([])
    expect(settings.documents.map(({ id, required }) => [id, required])).toEqual([
      ['terms-of-service', true],
      ['privacy-policy', true],
      ['product-news', false],
    ])
  })

  test('may say everything there is to say', () => {
    const whole: EnforceTermsSettings = settingsOf([
      {
        ...TOS,
        reacceptAfterDays: 365,
        announceDays: 366,
        view: 'scroll',
        for: [
          {
            clients: ['a'],
            clientMetadata: { tier: 'b2c' },
            connections: ['Users'],
            organizations: ['org_1'],
            countries: ['CH', 'DE', 'GB', 'US', 'XK'],
            appMetadata: { path: 'a.b', equals: 1 },
          },
        ],
        exceptFor: [{ clients: ['batch'] }, { appMetadata: { path: 'robot', equals: true } }],
      },
      NEWS,
    ])
    expect(checkSettings(whole)).toEqual([])
  })

  test.each<[string, Partial<TermsDocument>, string]>([
    ['an id with capitals', { id: 'ToS' }, 'documents[1].id: "ToS" is not 1 to 32 of a-z 0-9 -'],
    ['an id that is too long', { id: 'a'.repeat(33) }, 'is not 1 to 32 of'],
    ['no id', { id: '' }, 'documents[1].id: "" is not 1 to 32'],
    ['an id that objects inherit', { id: 'constructor' }, 'documents[1].id: "constructor" is not'],
    ['the id of another', { id: 'privacy' }, 'documents[1].id: "privacy" stands twice'],
    ['no title', { title: ' ' }, 'documents[1].title: is empty'],
    [
      'a version with a space',
      { versions: second({ version: 'v 2' }) },
      'documents[1].versions[1].version: is not 1 to 32 of',
    ],
    [
      'a version twice',
      { versions: second({ version: '2025-01-15' }) },
      'documents[1].versions[1].version: "2025-01-15" stands twice',
    ],
    [
      'a date without time',
      { versions: second({ effectiveAt: '2026-11-01' }) },
      'documents[1].versions[1].effectiveAt: is not a time like 2026-11-01T00:00:00Z',
    ],
    [
      'a time of another zone',
      { versions: second({ effectiveAt: '2026-11-01T00:00:00+01:00' }) },
      'documents[1].versions[1].effectiveAt: is not a time like',
    ],
    [
      'a time that no calendar has',
      { versions: second({ effectiveAt: '2026-13-01T00:00:00Z' }) },
      'documents[1].versions[1].effectiveAt: is not a time like',
    ],
    [
      'versions that are not in order',
      { versions: second({ effectiveAt: '2024-11-01T00:00:00Z' }) },
      'documents[1].versions[1].effectiveAt: is not after that of the version before',
    ],
    [
      'two versions of one time',
      { versions: second({ effectiveAt: '2025-01-15T00:00:00Z' }) },
      'documents[1].versions[1].effectiveAt: is not after',
    ],
    [
      'a first version that nobody need accept',
      { versions: [version('2025-01-15', { mustReaccept: false })] },
      'documents[1].versions[0].mustReaccept: of the first version must be true',
    ],
    [
      'a grace of more than a year',
      { versions: second({ refreshGraceDays: 367 }) },
      'documents[1].versions[1].refreshGraceDays: is not a number of days from 0 to 366',
    ],
    [
      'a negative grace',
      { versions: second({ refreshGraceDays: -1 }) },
      'documents[1].versions[1].refreshGraceDays: is not a number of days',
    ],
    [
      'an endless grace',
      { versions: second({ refreshGraceDays: Infinity }) },
      'documents[1].versions[1].refreshGraceDays: is Infinity; it must be a number',
    ],
    [
      'an acceptance that expires at once',
      { reacceptAfterDays: 0 },
      'documents[1].reacceptAfterDays: is less than a day',
    ],
    [
      'an acceptance that expires never, as a number',
      { reacceptAfterDays: Infinity },
      'documents[1].reacceptAfterDays: is Infinity; it must be a number',
    ],
    ['a negative announcement', { announceDays: -1 }, 'documents[1].announceDays: is not a number'],
    [
      'an optional document that is announced',
      { required: false, announceDays: 3 },
      'documents[1].announceDays: is for required documents',
    ],
    [
      'another view',
      { view: 'read' as 'open' },
      'documents[1].view: is "read"; it must be "open" or "scroll"',
    ],
    ['a target for nobody', { for: [] }, 'documents[1].for: is empty; leave it out'],
    ['a target for everybody', { for: [{}] }, 'documents[1].for[0]: names no condition'],
    ['an exception for everybody', { exceptFor: [{}] }, 'documents[1].exceptFor[0]: names no'],
    [
      'an exception for everybody, by a condition without a value',
      { exceptFor: [{ clients: undefined as never }] },
      'documents[1].exceptFor[0].clients: is undefined',
    ],
    [
      'an exception for everybody, by a typing error',
      { exceptFor: [{ client: ['batch'] } as object] },
      'documents[1].exceptFor[0].client: is unknown: did you mean `clients`?',
    ],
    [
      'an exception for all who lack a member',
      { exceptFor: [{ appMetadata: { path: 'robot', equal: true } as never }] },
      'documents[1].exceptFor[0].appMetadata.equal: is unknown: did you mean `equals`?',
    ],
    [
      'a document that nobody need accept, by a typing error',
      { required: undefined as never },
      'documents[1].required: is undefined; it must be true or false',
    ],
    [
      'an expiry by another name',
      { reacceptAfter: 365 } as object,
      'documents[1].reacceptAfter: is unknown: did you mean `reacceptAfterDays`?',
    ],
    [
      'a version of which nobody knows whether it must be accepted',
      { versions: second({ mustReaccept: undefined }) },
      'documents[1].versions[1].mustReaccept: is undefined; it must be',
    ],
    [
      'a version with a member that nothing reads',
      { versions: second({ graceDays: 0 }) },
      'documents[1].versions[1].graceDays: is unknown: did you mean `refreshGraceDays`?',
    ],
    ['no client', { for: [{ clients: [] }] }, 'documents[1].for[0].clients: is empty'],
    ['a client without a name', { for: [{ clients: [''] }] }, 'documents[1].for[0].clients: is'],
    ['no connection', { for: [{ connections: [] }] }, 'documents[1].for[0].connections: is empty'],
    [
      'no organization',
      { exceptFor: [{ organizations: [' '] }] },
      'documents[1].exceptFor[0].organizations: is empty',
    ],
    [
      'no client metadata',
      { for: [{ clientMetadata: {} }] },
      'documents[1].for[0].clientMetadata: names no entry',
    ],
    [
      'a path with an empty part',
      { for: [{ appMetadata: { path: 'a..b', equals: 1 } }] },
      'documents[1].for[0].appMetadata.path: has an empty part',
    ],
    ...['UK', 'XX', 'EU', 'ZZ', 'de', 'DEU', 'Germany', ''].map(
      (code): [string, Partial<TermsDocument>, string] => [
        `the country "${code}"`,
        { for: [{ countries: ['CH', code] }] },
        `documents[1].for[0].countries[1]: "${code}" is not a country of ISO 3166-1`,
      ],
    ),
  ])('with %s are refused, with the place and the remedy', (_title, change, problem) => {
    expect(problemsOf(change)).toContainEqual(expect.stringContaining(problem))
  })

  test('with more documents than one page holds are refused', () => {
    const many = Array.from({ length: 11 }, (_, index) => ({ ...TOS, id: `d${index}` }))
    expect(checkSettings(settingsOf([PRIVACY, ...many.slice(2)]))).toEqual([])
    expect(checkSettings(settingsOf([PRIVACY, ...many.slice(1)]))).toMatchObject([
      { path: 'documents', message: expect.stringContaining('more than 10') },
    ])
  })

  test('with a grace that is no number are refused', () => {
    expect(checkSettings({ ...settingsOf(), refreshGraceDays: NaN })).toMatchObject([
      { path: 'refreshGraceDays', message: 'is NaN; it must be a number' },
    ])
  })
})
