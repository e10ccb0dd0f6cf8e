/**
 * The same user in a year: `former-records.json` holds records that the first build wrote, with these
 * settings, when the hash of a text had 16 digits and no answer said a country.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { decideTerms } from '../../../actions/enforce-terms/decide.ts'
import { addAnswers, planRecord, readRecord } from '../../../actions/enforce-terms/record.ts'
import {
  holding,
  HASH,
  NEWS,
  NONCE,
  NOW,
  PRIVACY,
  settingsOf,
  termsFacts,
  TOS,
  type TermsOverrides,
} from '../../../test-kit/actions/terms-facts.ts'

const FORMER = JSON.parse(
  readFileSync(new URL('../../../test-kit/actions/former-records.json', import.meta.url), 'utf8'),
) as Record<'accepted2025' | 'acceptedAll' | 'declined' | 'putOff', Record<string, unknown>>

const SETTINGS = settingsOf([{ ...TOS, announceDays: 30 }, PRIVACY, NEWS])

const decide = (terms: unknown, facts: TermsOverrides = {}, now = NOW) =>
  decideTerms(termsFacts({ metadata: holding(terms), ...facts }), SETTINGS, now, NONCE)

const REFRESH = { protocol: 'oauth2-refresh-token' }

describe('a record of the first build', () => {
  test('whose documents are all accepted lets its user in, by a browser and by a refresh', () => {
    const allow = { kind: 'allow', changes: [], notes: [] }
    expect(decide(FORMER.acceptedAll)).toMatchObject(allow)
    expect(decide(FORMER.acceptedAll, REFRESH)).toMatchObject(allow)
  })

  test('whose acceptance is of the version before asks for the new one, and names the old', () => {
    expect(decide(FORMER.accepted2025)).toMatchObject({
      kind: 'redirect',
      payload: {
        documents: [
          { id: 'tos', version: '2026-11-01', previous: '2025-01-15' },
          { id: 'news', version: '2026-11-01', previous: '2025-01-15' },
        ],
      },
    })
    const inGrace = new Date('2026-11-10T00:00:00Z')
    expect(decide(FORMER.accepted2025, REFRESH, inGrace)).toMatchObject({ kind: 'allow' })
  })

  test('with a refusal keeps refresh tokens out, within the grace too', () => {
    const inGrace = new Date('2026-11-10T00:00:00Z')
    expect(decide(FORMER.declined, REFRESH, inGrace)).toMatchObject({
      kind: 'deny',
      code: 'terms_interaction_required',
    })
  })

  test('with a version put off asks for nothing before its time', () => {
    const before = new Date('2026-10-26T00:00:00Z')
    expect(decide(FORMER.putOff, {}, before)).toMatchObject({ kind: 'allow', changes: [] })
  })

  test.each(Object.entries(FORMER))('(%s) is written back whole', (_name, terms) => {
    const metadata = holding(terms)
    const record = readRecord(metadata.app_metadata, 'tos')
    expect(planRecord(metadata, record, SETTINGS.documents)).toEqual([])
  })

  test('keeps its short hashes beside the long one of a new answer', () => {
    const metadata = holding(FORMER.acceptedAll)
    const answer = {
      id: 'privacy',
      version: '2025-01-15',
      answer: 'accepted',
      locale: 'en',
    } as const
    const record = addAnswers(
      readRecord(metadata.app_metadata, 'tos'),
      [{ ...answer, hash: HASH }],
      {
        at: NOW.toISOString(),
        client: 'web-shop',
        country: undefined,
        primary: 'tos',
      },
    )
    const [change] = planRecord(metadata, record, SETTINGS.documents) ?? []
    const { documents } = FORMER.acceptedAll as { documents: object }
    expect(change?.value).toMatchObject({
      documents: { ...documents, privacy: { version: '2025-01-15', hash: HASH } },
      history: expect.arrayContaining([expect.objectContaining({ hash: '0123456789abcdef' })]),
    })
  })
})
