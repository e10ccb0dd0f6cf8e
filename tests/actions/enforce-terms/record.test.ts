import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import {
  decideTerms,
  decideTermsAnswer,
  PROTOCOL_POLICY,
} from '../../../actions/enforce-terms/decide.ts'
import { ASKED_KEY, NONCE_KEY } from '../../../actions/enforce-terms/facts.ts'
import { MAX_HISTORY, MAX_RECORD_BYTES, readRecord } from '../../../actions/enforce-terms/record.ts'
import type { EnforceTermsSettings, TermsDocument } from '../../../actions/enforce-terms/schema.ts'
import { TERMS_BUDGET_BYTES, type StoredMetadata } from '../../../actions/shared/metadata.ts'
import { isLocale, MAX_DOCUMENTS } from '../../../actions/shared/session-token.ts'
import { json, RUNS, storedMetadata } from '../../../test-kit/actions/arbitraries.ts'
import { mergeMetadata } from '../../../test-kit/actions/merge-metadata.ts'
import {
  acceptedOn,
  HASH,
  holding,
  lifeFrom,
  NEWS,
  NONCE,
  PRIVACY,
  settingsOf,
  termsSignIn,
  termsFacts,
  TOS,
  version,
} from '../../../test-kit/actions/terms-facts.ts'

const IDS = ['tos', 'privacy', 'news', 'retired']
const DAYS = ['2025-01-15', '2026-11-01', '2027-06-01', 'other']
const TIMES = ['2025-02-01T10:00:00.000Z', '2026-11-02T10:00:00.000Z', 'never', 1]

const state = fc.record(
  {
    version: fc.constantFrom(...DAYS),
    accepted_at: fc.constantFrom(...TIMES),
    declined_at: fc.constantFrom(...TIMES),
    locale: fc.constantFrom('en', '<b>'),
    hash: fc.constantFrom(HASH, 'x'),
    client: fc.constantFrom('web-shop', 'a b'),
    deferred_version: fc.constantFrom(...DAYS),
    deferred_at: fc.constantFrom(...TIMES),
  },
  { requiredKeys: [] },
)

const record = fc.oneof(
  state,
  fc.record(
    {
      version: fc.constantFrom(...DAYS),
      accepted_at: fc.constantFrom(...TIMES),
      locale: fc.constant('en'),
      documents: fc.oneof(
        fc.dictionary(fc.constantFrom(...IDS, '__proto__', 'constructor'), fc.oneof(state, json)),
        json,
      ),
      history: fc.oneof(
        fc.array(
          fc.tuple(fc.constantFrom(...IDS), state).map(([id, rest]) => ({ id, ...rest })),
          {
            maxLength: 40,
          },
        ),
        json,
      ),
    },
    { requiredKeys: [] },
  ),
)

const metadata = storedMetadata(['terms'], record)

const now = fc.date({
  min: new Date('2024-01-01T00:00:00Z'),
  max: new Date('2028-01-01T00:00:00Z'),
  noInvalidDate: true,
})

/** Everything that settings can say, on few documents, so that states and rules meet often. */
const document = (base: TermsDocument): fc.Arbitrary<TermsDocument> =>
  fc
    .record(
      {
        reacceptAfterDays: fc.constantFrom(1, 365),
        announceDays: fc.constantFrom(0, 30, 1000),
        view: fc.constantFrom('open', 'scroll'),
        for: fc.constant([{ countries: ['CH'] }]),
        exceptFor: fc.constant([{ clients: ['batch'] }]),
      },
      { requiredKeys: [] },
    )
    .map(({ announceDays, ...rest }) => ({
      ...base,
      ...rest,
      ...(base.required && announceDays !== undefined && { announceDays }),
    }))

const mended: TermsDocument = {
  ...TOS,
  versions: [
    version('2025-01-15'),
    version('2026-11-01', { mustReaccept: false, refreshGraceDays: 3 }),
    version('2027-06-01'),
  ],
}

const settings: fc.Arbitrary<EnforceTermsSettings> = fc
  .tuple(fc.oneof(document(TOS), document(mended)), document(PRIVACY), document(NEWS))
  .map((documents) => settingsOf(documents))

const protocol = fc.constantFrom(...Object.keys(PROTOCOL_POLICY), undefined, 'unknown')

/** The page's answer to a redirect: what it says of each document, or all accepted. */
const answerTo = (
  redirect: { payload: object; remember: Readonly<Record<string, string>> },
  at: Date,
  words: readonly string[] = [],
) => {
  const { documents } = redirect.payload as {
    documents: { id: string; version: string; required: boolean; effective_at?: string }[]
  }
  return {
    nonce: redirect.remember[NONCE_KEY],
    asked: redirect.remember[ASKED_KEY],
    claims: {
      purpose: 'terms_answer',
      ...lifeFrom(at),
      nonce: redirect.remember[NONCE_KEY],
      answers: documents.map(({ id, version: asked, effective_at: ahead }, index) => ({
        id,
        version: asked,
        answer:
          words[index] === 'no' ? (ahead === undefined ? 'declined' : 'deferred') : 'accepted',
        locale: 'en',
        hash: HASH,
      })),
    },
  }
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

describe('whatever is stored', () => {
  test('is decided without a throw, and a sign-in itself writes nothing', () => {
    fc.assert(
      fc.property(
        metadata,
        settings,
        protocol,
        fc.boolean(),
        now,
        (stored, rules, name, isSilent, at) => {
          const facts = termsFacts({ metadata: stored, protocol: name, isSilent })
          const decision = decideTerms(facts, rules, at, NONCE)
          if (decision.kind === 'allow') expect(decision.changes).toEqual([])
          expect(decision).not.toHaveProperty('record')
          if (decision.kind === 'redirect') {
            expect(PROTOCOL_POLICY[name as keyof typeof PROTOCOL_POLICY]).toBe('redirect')
          }
        },
      ),
      RUNS,
    )
  })

  test('what may be put off or declined changes nothing for a protocol without a page', () => {
    fc.assert(
      fc.property(metadata, settings, protocol, now, (stored, rules, name, at) => {
        const [tos, privacy] = rules.documents
        const decide = (documents: readonly [TermsDocument, ...TermsDocument[]], silent: boolean) =>
          decideTerms(
            termsFacts({ metadata: stored, protocol: name, isSilent: silent }),
            { ...rules, documents },
            at,
            NONCE,
          ).kind
        const bare = (one: TermsDocument | undefined): TermsDocument => ({
          ...(one ?? PRIVACY),
          announceDays: 0,
        })
        const required = [bare(tos), bare(privacy)] as const
        expect(decide(rules.documents, true)).toBe(decide(required, true))
      }),
      RUNS,
    )
  })

  test('nobody is let in who does not hold an acceptance of each required document, but in grace', () => {
    // The rule a second time, in its shortest form: no expiry, no targets, every version counts.
    const plain = settingsOf([TOS, PRIVACY, NEWS])
    fc.assert(
      fc.property(metadata, protocol, now, (stored, name, at) => {
        const facts = termsFacts({ metadata: stored, protocol: name, isSilent: true })
        const decision = decideTerms(facts, plain, at, NONCE)
        if (decision.kind !== 'allow') return
        const { documents } = readRecord(stored.app_metadata, 'tos')
        for (const { id, versions } of [TOS, PRIVACY]) {
          const due = versions.filter(({ effectiveAt }) => effectiveAt <= at.toISOString()).at(-1)
          if (due === undefined || name === 'oauth2-refresh-token') continue
          const held = documents.get(id)
          expect(held).toHaveProperty('accepted_at')
          expect(held).not.toHaveProperty('declined_at')
          expect(String(held?.version) >= due.version).toBe(true)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('after an answer that lets the user in, the next sign-in asks and writes nothing', () => {
    const words = fc.array(fc.constantFrom('yes', 'no'), { maxLength: 3 })
    let accepted = 0
    fc.assert(
      fc.property(metadata, settings, now, words, (stored, rules, at, say) => {
        const asked = decideTerms(termsFacts({ metadata: stored }), rules, at, NONCE)
        if (asked.kind !== 'redirect') return
        const answer = { ...termsSignIn({ metadata: stored }), ...answerTo(asked, at, say) }
        const decision = decideTermsAnswer(answer, rules, at)
        if (decision.kind === 'deny') {
          // A page that did as it was told is refused for what the user said, and for nothing else.
          expect(decision.code).toBe('terms_declined')
          expect(say).toContain('no')
          return
        }
        if (decision.changes.length === 0) return
        accepted++
        let after = mergeMetadata(stored, decision.changes)
        let next = decideTerms(termsFacts({ metadata: after }), rules, at, NONCE)
        if (next.kind === 'redirect') {
          // Who was asked for the version in force has not seen a coming one yet.
          const announced = answerTo(next, at, ['no', 'no', 'no'])
          const facts = { ...termsSignIn({ metadata: after }), ...announced }
          expect(announced.claims.answers.every(({ answer }) => answer === 'deferred')).toBe(true)
          const later = decideTermsAnswer(facts, rules, at)
          after = mergeMetadata(after, later.kind === 'allow' ? later.changes : [])
          next = decideTerms(termsFacts({ metadata: after }), rules, at, NONCE)
        }
        expect(next).toMatchObject({ kind: 'allow', changes: [], notes: [] })
        const { terms, ...others } = after.app_metadata as Record<string, unknown>
        expect(bytesOf(terms)).toBeLessThanOrEqual(MAX_RECORD_BYTES)
        const before = { ...(stored.app_metadata as Record<string, unknown> | undefined) }
        delete before['terms']
        expect(others).toEqual(before)
        expect(after.user_metadata).toEqual(stored.user_metadata)
      }),
      { numRuns: 1000 },
    )
    expect(accepted).toBeGreaterThan(100)
  })

  test('a refusal keeps refusals only', () => {
    let kept = 0
    fc.assert(
      fc.property(metadata, now, (stored, at) => {
        const rules = settingsOf([TOS, PRIVACY, NEWS])
        const asked = decideTerms(termsFacts({ metadata: stored }), rules, at, NONCE)
        if (asked.kind !== 'redirect') return
        const facts = {
          ...termsSignIn({ metadata: stored }),
          ...answerTo(asked, at, ['no', 'yes']),
        }
        const decision = decideTermsAnswer(facts, rules, at)
        if (decision.kind !== 'deny' || !('record' in decision)) return
        kept++
        const after = mergeMetadata(stored, decision.record)
        const accepted = ({ app_metadata }: StoredMetadata) =>
          [...readRecord(app_metadata, 'tos').documents]
            .filter(([, held]) => held.accepted_at !== undefined)
            .map(([id, held]) => [id, held.version, held.accepted_at])
        expect(accepted(stored)).toEqual(expect.arrayContaining(accepted(after)))
      }),
      RUNS,
    )
    expect(kept).toBeGreaterThan(10)
  })

  test('after a refusal of a required document no refresh gets tokens, however full the profile is', () => {
    const filling = fc.record({
      others: fc.integer({ min: 0, max: 12_000 }),
      theirs: fc.integer({ min: 0, max: 12_000 }),
    })
    let short = 0
    fc.assert(
      fc.property(metadata, settings, filling, now, (drawn, rules, { others, theirs }, at) => {
        const stored = {
          app_metadata: {
            ...(drawn.app_metadata as object | undefined),
            others: 'x'.repeat(others),
          },
          user_metadata: { theirs: 'x'.repeat(theirs) },
        }
        if (typeof drawn.app_metadata !== 'object' || Array.isArray(drawn.app_metadata)) return
        const asked = decideTerms(termsFacts({ metadata: stored }), rules, at, NONCE)
        if (asked.kind !== 'redirect') return
        const facts = {
          ...termsSignIn({ metadata: stored }),
          ...answerTo(asked, at, ['no', 'no', 'no']),
        }
        const decision = decideTermsAnswer(facts, rules, at)
        if (!('record' in decision)) return
        expect(decision.record).toHaveLength(1)
        if (decision.target !== undefined) short += 1
        const after = mergeMetadata(stored, decision.record)
        for (const minutes of [0, 1, 60]) {
          const later = new Date(at.getTime() + minutes * 60_000)
          const refresh = termsFacts({ metadata: after, protocol: 'oauth2-refresh-token' })
          expect(decideTerms(refresh, rules, later, NONCE)).toMatchObject({
            kind: 'deny',
            code: 'terms_interaction_required',
          })
        }
      }),
      RUNS,
    )
    expect(short).toBeGreaterThan(5)
  })

  test('claims that are not the answer of this sign-in are never an acceptance', () => {
    const rules = settingsOf()
    const at = new Date('2026-11-20T00:00:00Z')
    const asked = decideTerms(termsFacts(), rules, at, NONCE)
    if (asked.kind !== 'redirect') throw new Error('expected a redirect')
    const right = answerTo(asked, at)
    const { iat, exp } = right.claims
    const [rightAnswer] = right.claims.answers
    const claims = fc.oneof(
      json,
      fc.record(
        {
          purpose: fc.constantFrom('terms_answer', 'terms_request'),
          iat: fc.constantFrom(iat, iat - 3600),
          exp: fc.constantFrom(exp, exp + 3600),
          nonce: fc.constantFrom(NONCE, 'nonce-of-another-login'),
          answers: fc.oneof(
            fc.array(
              fc.record(
                {
                  id: fc.constantFrom('tos', 'privacy'),
                  version: fc.constantFrom('2025-01-15', '2026-11-01', 1),
                  answer: fc.constantFrom('accepted', 'declined', 'deferred', true),
                  locale: fc.constantFrom('en', ''),
                  hash: fc.constantFrom(HASH, ''),
                },
                { requiredKeys: [] },
              ),
              { maxLength: 2 },
            ),
            fc.constant([rightAnswer]),
            json,
          ),
        },
        { requiredKeys: [] },
      ),
    )
    let accepted = 0
    fc.assert(
      fc.property(claims, (said) => {
        const facts = { ...termsSignIn(), ...right, claims: said }
        const decision = decideTermsAnswer(facts, rules, at)
        if (decision.kind !== 'allow') return
        accepted++
        expect(said).toEqual(right.claims)
      }),
      { numRuns: 2000 },
    )
    expect(accepted).toBeGreaterThan(0)
  })
})

describe('the record', () => {
  const at = new Date('2026-11-20T09:00:00Z')
  const longest = (index: number) => ({
    id: `${String.fromCharCode(97 + index)}${'x'.repeat(31)}`,
    version: `${index}${'9'.repeat(31)}`,
    locale: 'abcdefgh-abcdefgh-abcdefgh-abcdefgh',
    client: 'c'.repeat(48),
  })

  const documentsOf = (count: number): TermsDocument[] =>
    Array.from({ length: count }, (_, index) => ({
      id: longest(index).id,
      title: 'Longest',
      required: true,
      announceDays: 1000,
      versions: [
        version(longest(index).version, { effectiveAt: '2025-01-15T00:00:00Z' }),
        version(`z${'9'.repeat(31)}`, { effectiveAt: '2027-01-15T00:00:00Z' }),
      ],
    }))

  const [first, ...rest] = documentsOf(5)
  const five = first && settingsOf([first, ...rest])

  /** Asked and answered until nothing is left: acceptances first, then what is put off. */
  const answerAll = (
    rules: EnforceTermsSettings,
    begin: StoredMetadata,
    word = 'yes',
  ): StoredMetadata => {
    let profile = begin
    for (let round = 0; round < 3; round++) {
      const facts = { metadata: profile, client: longest(0).client + 'beyond' }
      const asked = decideTerms(termsFacts(facts), rules, at, NONCE)
      if (asked.kind !== 'redirect') return profile
      const { claims, ...kept } = answerTo(
        asked,
        at,
        round === 0 ? [] : Array<string>(10).fill(word),
      )
      const answers = claims.answers.map((one) => ({ ...one, locale: longest(0).locale }))
      const decision = decideTermsAnswer(
        { ...termsSignIn(facts), ...kept, claims: { ...claims, answers } },
        rules,
        at,
      )
      if (decision.kind !== 'allow') throw new Error(JSON.stringify(decision))
      profile = mergeMetadata(profile, decision.changes)
    }
    return profile
  }

  test('of five documents with the longest of everything, all put off, is under 2 kB', () => {
    if (five === undefined) throw new Error('no documents')
    expect(isLocale(longest(0).locale)).toBe(true)
    const { app_metadata } = answerAll(five, holding(undefined), 'no')
    const { terms } = app_metadata as { terms: { documents: Record<string, object> } }
    expect(Object.values(terms.documents)).toHaveLength(5)
    for (const held of Object.values(terms.documents)) {
      expect(Object.keys(held)).toHaveLength(7)
    }
    expect(bytesOf(terms)).toBeLessThan(2048)
  })

  test('of five documents stays under 2 kB, whatever was stored before', () => {
    if (five === undefined) throw new Error('no documents')
    const rules = five
    const ids = fc.constantFrom(...documentsOf(9).map(({ id }) => id))
    const long = fc.record(
      {
        version: fc.constantFrom('9'.repeat(32), 'short'),
        accepted_at: fc.constantFrom('2026-01-01T00:00:00.000Z', 'x'.repeat(5000)),
        declined_at: fc.constantFrom('2026-01-01T00:00:00.000Z', 'é'.repeat(5000)),
        locale: fc.constantFrom(longest(0).locale, 'x'.repeat(5000)),
        hash: fc.constantFrom(HASH, 'x'.repeat(5000)),
        client: fc.constantFrom(longest(0).client, 'é'.repeat(5000)),
        deferred_version: fc.constant('9'.repeat(32)),
        deferred_at: fc.constant('2026-01-01T00:00:00.000Z'),
      },
      { requiredKeys: ['version'] },
    )
    const terms = fc.record({
      documents: fc.dictionary(ids, long),
      history: fc.array(
        fc.tuple(ids, long).map(([id, entry]) => ({ id, ...entry })),
        { maxLength: 60 },
      ),
    })
    fc.assert(
      fc.property(terms, (stored) => {
        const before = holding(stored)
        const { app_metadata } = answerAll(rules, before, 'no')
        if (app_metadata === before.app_metadata) return
        expect(bytesOf((app_metadata as { terms: unknown }).terms)).toBeLessThan(2048)
      }),
      RUNS,
    )
  })

  test('of the most documents there may be still fits into the budget', () => {
    const [one, ...others] = documentsOf(MAX_DOCUMENTS)
    if (one === undefined) throw new Error('no documents')
    const { app_metadata } = answerAll(settingsOf([one, ...others]), holding(undefined), 'no')
    expect(bytesOf(app_metadata)).toBeLessThan(TERMS_BUDGET_BYTES)
  })

  test('keeps the last answers as long as the bytes allow, and never more than twenty', () => {
    const day = (index: number) =>
      new Date(Date.UTC(2025, 0, 20) + index * 86_400_000).toISOString()
    const history = Array.from({ length: 60 }, (_, index) => ({
      id: 'tos',
      version: '1',
      declined_at: day(index),
    }))
    const stored = holding({ documents: { tos: acceptedOn('2025-01-15') }, history })
    const rules = settingsOf()
    const asked = decideTerms(termsFacts({ metadata: stored }), rules, at, NONCE)
    if (asked.kind !== 'redirect') throw new Error('expected a redirect')
    const facts = { ...termsSignIn({ metadata: stored }), ...answerTo(asked, at) }
    const decision = decideTermsAnswer(facts, rules, at)
    if (decision.kind !== 'allow') throw new Error('expected an acceptance')
    const { terms } = mergeMetadata(stored, decision.changes).app_metadata as {
      terms: { history: object[] }
    }
    expect(terms.history).toHaveLength(MAX_HISTORY)
    expect(terms.history).toEqual([
      ...history.slice(-MAX_HISTORY + 1),
      { id: 'tos', ...acceptedOn('2025-01-15') },
    ])
  })

  test('keeps a member at its top that only a later build knows, while there is room', () => {
    const later = { schema: 2, source: 'portal' }
    const kept = (stored: object) => answerAll(settingsOf(), holding(stored)).app_metadata
    expect(kept({ ...later, documents: {} })).toMatchObject({ terms: later })
    const tooMuch = { ...later, source: 'x'.repeat(MAX_RECORD_BYTES) }
    expect(kept({ ...tooMuch, documents: {} })).toMatchObject({
      terms: expect.not.objectContaining({ schema: 2 }),
    })
  })

  test('takes over nothing that is not of its form', () => {
    const held = acceptedOn('2025-01-15')
    const stored = holding({
      documents: { '../x': held, 'NO-ID': held, empty: { locale: 'en' }, retired: held },
      history: ['tos', { id: 'tos' }, { ...held, id: 7 }, { id: 'tos', ...held, more: 'x' }],
      more: ['x'],
      'a.b': 'x',
      __proto__: 'x',
      country: 'XX',
    })
    const { app_metadata } = answerAll(settingsOf(), stored)
    expect(app_metadata).toEqual({
      terms: {
        version: '2026-11-01',
        accepted_at: at.toISOString(),
        locale: longest(0).locale,
        documents: {
          retired: held,
          tos: {
            version: '2026-11-01',
            accepted_at: at.toISOString(),
            locale: longest(0).locale,
            hash: HASH,
            client: longest(0).client,
          },
        },
        history: [{ id: 'tos', ...held }],
      },
    })
  })

  test('lets go of documents that are asked for no more before it outgrows 2 kB', () => {
    if (five === undefined) throw new Error('no documents')
    const retired = documentsOf(9).slice(5)
    const held = { ...acceptedOn('9'.repeat(32)), accepted_at: '2026-01-01T00:00:00.000Z' }
    const documents = Object.fromEntries(
      retired.map(({ id }) => [id, { ...held, locale: longest(0).locale }]),
    )
    const kept = (profile: StoredMetadata) =>
      Object.keys((profile.app_metadata as { terms: { documents: object } }).terms.documents)
    expect(kept(answerAll(five, holding({ documents }), 'no'))).toEqual(
      expect.arrayContaining(five.documents.map(({ id }) => id)),
    )
    const small = answerAll(settingsOf(), holding({ documents: { retired: held } }))
    expect(kept(small)).toEqual(['retired', 'tos'])
  })
})
