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
        when: {
          any: [{ country: { oneOf: ['CH', 'XK'] } }, { client: { matches: { pattern: '^a' } } }],
          not: { appMetadata: { path: ['robot'], equals: true } },
        },
        restsOn: { network: 'a VPN changes it', requester: 'a pilot' },
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
    [
      'an exception for everybody',
      { when: { not: {} } },
      'documents[1].when.not: is empty, so it always holds',
    ],
    [
      'an exception by a typing error',
      { when: { not: { clientt: { equals: 'batch' } } } as object },
      'documents[1].when.not.clientt: is unknown: did you mean `client`?',
    ],
    [
      'an exception for all who lack a member',
      { when: { not: { appMetadata: { path: ['robot'], equal: true } } } as object },
      'documents[1].when.not.appMetadata.equal: is unknown: did you mean `equals`?',
    ],
    [
      'an exception on the word of whoever starts the sign-in',
      { when: { not: { scope: { contains: 'batch' } } } },
      'documents[1].restsOn.requester: is missing: when.scope is the word of whoever starts',
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
    [
      'the former for',
      { for: [{ clients: ['a'], countries: ['DE'] }, { organizations: ['o'] }] } as object,
      "documents[1].for: is no more: write when: { any: [ { client: { oneOf: [ 'a' ] }, country: { oneOf: [ 'DE' ] } }, { organization: { oneOf: [ 'o' ] } } ] }",
    ],
    [
      'the former exceptFor',
      { exceptFor: [{ appMetadata: { path: 'a.b', equals: true } }] } as object,
      "documents[1].exceptFor: is no more: write when: { not: { appMetadata: { path: [ 'a', 'b' ], equals: true } } }",
    ],
    [
      'former client metadata',
      { for: [{ clientMetadata: { a: '1', b: '2' } }] } as object,
      "write when: { all: [ { clientMetadata: { path: [ 'a' ], equals: '1' } }, { clientMetadata: { path: [ 'b' ], equals: '2' } } ] }",
    ],
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
