import { withoutReasons } from '../../../test-kit/actions/without-reasons.ts'
import { describe, expect, test } from '@jest/globals'
import { decideTerms, decideTermsAnswer } from '../../../actions/enforce-terms/decide.ts'
import {
  ASKED_KEY,
  NONCE_KEY,
  type TermsAnswerFacts,
} from '../../../actions/enforce-terms/facts.ts'
import type { EnforceTermsSettings } from '../../../actions/enforce-terms/schema.ts'
import { deny, type Decision } from '../../../actions/shared/decision.ts'
import { TERMS_BUDGET_BYTES, type StoredMetadata } from '../../../actions/shared/metadata.ts'
import { parseTermsRequest, type AskedDocument } from '../../../actions/shared/session-token.ts'
import { mergeMetadata } from '../../../test-kit/actions/merge-metadata.ts'
import {
  acceptedOn,
  answered,
  declinedOn,
  HASH,
  holding,
  lifeFrom,
  NEWS,
  NONCE,
  NOW,
  PRIVACY,
  settingsOf,
  termsSignIn,
  termsFacts,
  TOS,
  version,
} from '../../../test-kit/actions/terms-facts.ts'

const ALL = settingsOf([TOS, PRIVACY, NEWS])
const AT = NOW.toISOString()
const FORGET = [NONCE_KEY, ASKED_KEY]

const answerTo = (
  { id, version: asked }: Pick<AskedDocument, 'id' | 'version'>,
  answer = 'accepted',
) => ({ id, version: asked, answer, locale: 'pt-BR', hash: HASH })

interface Exchange {
  readonly metadata?: StoredMetadata
  readonly settings?: EnforceTermsSettings
  /** What the page says of each document it was asked for; default: all accepted. */
  readonly say?: (asked: readonly AskedDocument[]) => unknown[]
  readonly claims?: (claims: Record<string, unknown>) => unknown
  readonly facts?: Partial<TermsAnswerFacts>
  readonly askedAt?: Date
  readonly answeredAt?: Date
}

/** From the sign-in to the answer of a page that does what `say` and `claims` make of it. */
const exchange = ({
  metadata = holding(undefined),
  settings = ALL,
  say = (asked) => asked.map((document) => answerTo(document)),
  claims = (whole) => whole,
  facts = {},
  askedAt = NOW,
  answeredAt = askedAt,
}: Exchange = {}): Decision => {
  const begun = decideTerms(termsFacts({ metadata }), settings, askedAt, NONCE)
  if (begun.kind !== 'redirect') throw new Error(`expected a redirect, got ${begun.kind}`)
  const request = parseTermsRequest(begun.payload)
  const whole = {
    purpose: 'terms_answer',
    nonce: request?.nonce,
    answers: say(request?.documents ?? []),
    ...lifeFrom(answeredAt),
    iss: 'login.example.com',
    sub: 'auth0|1',
    state: 'state',
  }
  const answer = {
    ...termsSignIn({ metadata }),
    claims: claims(whole),
    nonce: begun.remember[NONCE_KEY],
    asked: begun.remember[ASKED_KEY],
    ...facts,
  }
  return withoutReasons(decideTermsAnswer(answer, settings, answeredAt))
}

const saying =
  (words: Readonly<Record<string, string>>) =>
  (asked: readonly AskedDocument[]): unknown[] =>
    asked.map((document) => answerTo(document, words[document.id] ?? 'accepted'))

/** The record that the decision stores, if it stores one. */
const stored = (decision: Decision): unknown => {
  const changes = decision.kind === 'allow' ? decision.changes : undefined
  const record = 'record' in decision ? decision.record : undefined
  const [change, ...more] = changes ?? record ?? []
  expect(more).toEqual([])
  if (change !== undefined) expect(change).toMatchObject({ metadata: 'app_metadata', key: 'terms' })
  return change?.value
}

const evidence = (day: string) => ({
  version: day,
  accepted_at: AT,
  locale: 'pt-BR',
  hash: HASH,
  client: 'web-shop',
})

const INVALID = deny('terms_answer_invalid')
const CHANGED = deny('terms_version_changed')

describe('the answer', () => {
  test('that accepts is recorded: version, time, locale, text and application', () => {
    expect(exchange()).toEqual({
      kind: 'allow',
      claims: [],
      notes: [],
      forget: FORGET,
      reasons: [],
      changes: [
        {
          metadata: 'app_metadata',
          key: 'terms',
          value: {
            version: '2026-11-01',
            accepted_at: AT,
            locale: 'pt-BR',
            documents: {
              tos: evidence('2026-11-01'),
              privacy: evidence('2025-01-15'),
              news: evidence('2026-11-01'),
            },
          },
        },
      ],
    })
  })

  test('moves what it replaces into the history, newest last, and keeps the rest', () => {
    const metadata = holding({
      ...acceptedOn('2025-01-15'),
      documents: { tos: declinedOn('2026-11-01'), privacy: acceptedOn('2025-01-15') },
      history: [{ id: 'tos', ...acceptedOn('2025-01-15') }],
    })
    expect(stored(exchange({ metadata, say: saying({ news: 'declined' }) }))).toEqual({
      version: '2026-11-01',
      accepted_at: AT,
      locale: 'pt-BR',
      documents: {
        tos: evidence('2026-11-01'),
        privacy: acceptedOn('2025-01-15'),
        news: {
          version: '2026-11-01',
          declined_at: AT,
          locale: 'pt-BR',
          hash: HASH,
          client: 'web-shop',
        },
      },
      history: [
        { id: 'tos', ...acceptedOn('2025-01-15') },
        { id: 'tos', ...declinedOn('2026-11-01') },
      ],
    })
  })

  test('turns a record of the older form into the newer one', () => {
    const metadata = holding(acceptedOn('2025-01-15'))
    expect(stored(exchange({ metadata, settings: settingsOf() }))).toEqual({
      version: '2026-11-01',
      accepted_at: AT,
      locale: 'pt-BR',
      documents: { tos: evidence('2026-11-01') },
      history: [{ id: 'tos', ...acceptedOn('2025-01-15') }],
    })
  })

  test('to another document leaves the acceptance of the first one where older readers look', () => {
    const old = acceptedOn('2026-11-01')
    const record = stored(exchange({ metadata: holding(old) })) as Record<string, unknown>
    expect(record).toMatchObject({ ...old, documents: { tos: old } })
  })

  test.each<[string, (claims: Record<string, unknown>) => unknown]>([
    ['is not there', () => undefined],
    ['is null', () => null],
    ['is a text', () => 'accepted'],
    ['is in a list', (claims) => [claims]],
    ['lacks the purpose', (claims) => ({ ...claims, purpose: undefined })],
    [
      'has the purpose of the token that went out',
      (claims) => ({ ...claims, purpose: 'terms_request' }),
    ],
    ['lacks the nonce', (claims) => ({ ...claims, nonce: undefined })],
    [
      'has the nonce of another sign-in',
      (claims) => ({ ...claims, nonce: 'nonce-of-another-login' }),
    ],
    ['is from the future', (claims) => ({ ...claims, iat: NOW.getTime() / 1000 + 61 })],
    ['holds from a later time on', (claims) => ({ ...claims, nbf: NOW.getTime() / 1000 + 61 })],
    ['has a text for a time', (claims) => ({ ...claims, nbf: '0' })],
    ['has the nonce in a list', (claims) => ({ ...claims, nonce: [NONCE] })],
    ['has no answers', (claims) => ({ ...claims, answers: undefined })],
    [
      'has its claims behind __proto__',
      (claims): unknown => JSON.parse(`{"__proto__":${JSON.stringify(claims)}}`),
    ],
    [
      'has __proto__ among its claims',
      (claims): unknown => JSON.parse(`{"__proto__":{},${JSON.stringify(claims).slice(1)}`),
    ],
  ])('that %s is refused', (_title, claims) => {
    expect(exchange({ claims })).toEqual(INVALID)
  })

  const SECONDS = NOW.getTime() / 1000

  test.each([
    ['made a minute ahead', { iat: SECONDS + 60, nbf: SECONDS + 60, exp: SECONDS + 180 }],
    ['three minutes old', { iat: SECONDS - 180, exp: SECONDS - 60 }],
    ['good for three minutes', { iat: SECONDS, exp: SECONDS + 180 }],
    ['good for a second', { iat: SECONDS, exp: SECONDS + 1 }],
  ])('that is %s is of now, by clocks that are a minute apart', (_title, changes) => {
    const claims = (whole: object) => ({ ...whole, ...changes })
    expect(exchange({ claims })).toMatchObject({ kind: 'allow' })
  })

  test.each<[string, object]>([
    ['without iat', { iat: undefined }],
    ['with null for iat', { iat: null }],
    ['with iat as a string', { iat: String(SECONDS) }],
    ['with a fraction in iat', { iat: SECONDS + 0.5 }],
    ['with iat in milliseconds', { iat: SECONDS * 1000, exp: SECONDS * 1000 + 120 }],
    ['from more than a minute ahead', { iat: SECONDS + 61, exp: SECONDS + 181 }],
    ['that is more than three minutes old', { iat: SECONDS - 181, exp: SECONDS + 60 }],
    ['without exp', { exp: undefined }],
    ['with null for exp', { exp: null }],
    ['with a fraction in exp', { exp: SECONDS + 119.5 }],
    ['that is good for more than three minutes', { exp: SECONDS + 181 }],
    ['that is good for years', { exp: SECONDS + 3 * 365 * 86_400 }],
    ['not good before more than a minute', { nbf: SECONDS + 61 }],
    ['with nbf as a string', { nbf: 'now' }],
  ])('%s is refused, though the key is right', (_title, changes) => {
    const claims = (whole: object) => ({ ...whole, ...changes })
    expect(exchange({ claims })).toEqual(INVALID)
  })

  test('of an older page, with the short hash, counts and is kept as it came', () => {
    const say = (asked: readonly AskedDocument[]) =>
      asked.map((one) => ({ ...answerTo(one), hash: '0123456789abcdef' }))
    expect(stored(exchange({ say }))).toMatchObject({
      documents: { tos: { ...evidence('2026-11-01'), hash: '0123456789abcdef' } },
    })
  })

  test.each([
    ['31 characters', HASH.slice(1)],
    ['33 characters', `${HASH}A`],
    ['17 digits', '0123456789abcdef0'],
    ['16 letters that are no digits', 'ghijklmnopqrstuv'],
    ['a character beside base64url', `${HASH.slice(1)}+`],
    ['a line end', `${HASH.slice(1)}\n`],
  ])('with a hash of %s is refused', (_title, hash) => {
    const say = (asked: readonly AskedDocument[]) =>
      asked.map((one) => ({ ...answerTo(one), hash }))
    expect(exchange({ say })).toEqual(INVALID)
  })

  test('keeps the country of the request only where a document names countries', () => {
    expect(stored(exchange())).not.toHaveProperty('country')
    const settings = settingsOf([TOS, { ...PRIVACY, when: { country: { equals: 'DE' } } }])
    expect(stored(exchange({ settings }))).toMatchObject({ country: 'CH' })
    expect(stored(exchange({ settings, say: saying({ tos: 'declined' }) }))).toMatchObject({
      country: 'CH',
    })
  })

  test('from a country that nobody knows takes the place of one from a known country', () => {
    const settings = settingsOf([TOS, { ...PRIVACY, when: { not: { country: { equals: 'CH' } } } }])
    const facts = { country: undefined }
    const metadata = holding({ documents: { privacy: acceptedOn('2025-01-15') }, country: 'CH' })
    const record = stored(exchange({ settings, metadata, facts }))
    expect(record).toMatchObject({ documents: { tos: evidence('2026-11-01') } })
    expect(record).not.toHaveProperty('country')
  })

  const other = { id: 'cookies', version: '2025-01-15' }
  test.each<[string, (asked: readonly AskedDocument[]) => unknown[]]>([
    ['none of them', () => []],
    ['one too few', (asked) => asked.slice(1).map((one) => answerTo(one))],
    ['one too many', (asked) => [...asked, other].map((one) => answerTo(one))],
    ['one twice', (asked) => [...asked, ...asked.slice(0, 1)].map((one) => answerTo(one))],
    [
      'one twice in place of another',
      ([tos, , news]) => [tos, tos, news].map((one) => answerTo(one ?? other)),
    ],
    ['another one', ([, ...rest]) => [other, ...rest].map((one) => answerTo(one))],
    ['them in another order', (asked) => asked.toReversed().map((one) => answerTo(one))],
    [
      'an older version',
      ([tos, ...rest]) =>
        [{ ...tos, id: 'tos', version: '2025-01-15' }, ...rest].map((one) => answerTo(one)),
    ],
    [
      'a coming version',
      ([tos, ...rest]) =>
        [{ ...tos, id: 'tos', version: '2027-06-01' }, ...rest].map((one) => answerTo(one)),
    ],
    ['them in another word', saying({ tos: 'yes' })],
    ['them without a text', (asked) => asked.map((one) => ({ ...answerTo(one), hash: undefined }))],
    [
      'them with a member nobody knows',
      (asked) => asked.map((one) => ({ ...answerTo(one), note: 'x' })),
    ],
    [
      'them with a locale that is markup',
      (asked) => asked.map((one) => ({ ...answerTo(one), locale: '<b>en</b>' })),
    ],
    [
      'them behind __proto__',
      (asked) =>
        asked.map((one) => JSON.parse(`{"__proto__":${JSON.stringify(answerTo(one))}}`) as unknown),
    ],
    [
      'them with a __proto__ beside',
      (asked) =>
        asked.map(
          (one) =>
            JSON.parse(`{"__proto__":{},${JSON.stringify(answerTo(one)).slice(1)}`) as unknown,
        ),
    ],
  ])('about %s is refused', (_title, say) => {
    expect(exchange({ say })).toEqual(INVALID)
  })

  test.each([
    ['no nonce', { nonce: undefined }],
    ['an empty nonce', { nonce: '' }],
    ['true for a nonce', { nonce: true }],
    ['no documents', { asked: undefined }],
    ['other documents', { asked: 'AAAA' }],
    ['true for documents', { asked: true }],
  ])('is refused where the transaction remembers %s', (_title, facts) => {
    expect(exchange({ facts })).toEqual(INVALID)
    expect(exchange({ facts, claims: (whole) => ({ ...whole, ...facts }) })).toEqual(INVALID)
  })

  test.each([['a text'], [['list']], [7], [null]])(
    'is refused where app_metadata is %j and cannot hold it',
    (app_metadata) => {
      const facts = { metadata: { app_metadata, user_metadata: {} } }
      expect(exchange({ facts })).toEqual(deny('terms_record_unreadable'))
    },
  )
})

describe('a refusal', () => {
  test('of a required document ends the sign-in and is kept, and no acceptance with it', () => {
    const metadata = answered({ tos: acceptedOn('2025-01-15') })
    const decision = exchange({ metadata, say: saying({ tos: 'declined', news: 'declined' }) })
    const declined = {
      version: '2026-11-01',
      declined_at: AT,
      locale: 'pt-BR',
      hash: HASH,
      client: 'web-shop',
    }
    expect(decision).toEqual({
      kind: 'deny',
      code: 'terms_declined',
      record: [expect.objectContaining({ key: 'terms' })],
      reasons: [],
    })
    expect(stored(decision)).toEqual({
      documents: { tos: declined, news: declined },
      history: [{ id: 'tos', ...acceptedOn('2025-01-15') }],
    })
  })

  test('keeps the last acceptance where older readers look', () => {
    const metadata = holding(acceptedOn('2025-01-15'))
    expect(stored(exchange({ metadata, say: saying({ tos: 'declined' }) }))).toMatchObject(
      acceptedOn('2025-01-15'),
    )
  })

  test('is asked about again, and a second one is kept beside the first', () => {
    const say = saying({ tos: 'declined' })
    const first = exchange({ settings: settingsOf(), say })
    const metadata = holding(stored(first))
    const later = new Date(NOW.getTime() + 60_000)
    const second = stored(exchange({ settings: settingsOf(), metadata, say, askedAt: later }))
    expect(second).toMatchObject({
      documents: { tos: { declined_at: later.toISOString() } },
      history: [{ id: 'tos', declined_at: AT }],
    })
  })

  test('again and again does not push out what was accepted before', () => {
    let metadata = holding({ documents: { tos: acceptedOn('2025-01-15') } })
    for (let minute = 0; minute < 40; minute += 1) {
      const askedAt = new Date(NOW.getTime() + minute * 60_000)
      const say = saying({ tos: 'declined' })
      metadata = holding(stored(exchange({ settings: settingsOf(), metadata, say, askedAt })))
    }
    expect(metadata.app_metadata).toMatchObject({
      terms: {
        documents: { tos: { declined_at: expect.anything() } },
        history: expect.arrayContaining([{ id: 'tos', ...acceptedOn('2025-01-15') }]),
      },
    })
  })

  test('of an optional document lets the user in, and is not asked about again', () => {
    const decision = exchange({ say: saying({ news: 'declined' }) })
    expect(decision).toMatchObject({ kind: 'allow' })
    const metadata = holding(stored(decision))
    expect(decideTerms(termsFacts({ metadata }), ALL, NOW, NONCE)).toMatchObject({ kind: 'allow' })
  })

  test('that finds no room is kept all the same, in its shortest form, and a line says so', () => {
    const x = 'x'.repeat(TERMS_BUDGET_BYTES)
    const terms = {
      documents: { tos: acceptedOn('2025-01-15'), privacy: acceptedOn('2025-01-15') },
    }
    const decisions = [{ x }, { x, terms }].map((app_metadata) =>
      exchange({
        metadata: { app_metadata, user_metadata: {} },
        say: saying({ tos: 'declined', news: 'declined' }),
      }),
    )
    for (const decision of decisions) {
      expect(decision).toMatchObject({ code: 'terms_declined', target: 'terms_record_full' })
    }
    const declined = { version: '2026-11-01', declined_at: AT }
    expect(decisions.map(stored)).toEqual([
      { documents: { tos: declined, news: declined } },
      { documents: { tos: declined, privacy: acceptedOn('2025-01-15'), news: declined } },
    ])
  })
})

describe('an announced version', () => {
  const settings = settingsOf([{ ...TOS, announceDays: 10 }])
  const metadata = answered({ tos: acceptedOn('2026-11-01') })
  const askedAt = new Date('2027-05-25T00:00:00Z')
  const announced = { settings, metadata, askedAt }

  test('that is put off lets the user in, and the acceptance stays', () => {
    const decision = exchange({ ...announced, say: saying({ tos: 'deferred' }) })
    expect(decision).toMatchObject({ kind: 'allow', forget: FORGET })
    expect(stored(decision)).toEqual({
      documents: {
        tos: {
          ...acceptedOn('2026-11-01'),
          deferred_version: '2027-06-01',
          deferred_at: askedAt.toISOString(),
        },
      },
    })
  })

  test('that is accepted replaces the one before', () => {
    expect(stored(exchange(announced))).toMatchObject({
      version: '2027-06-01',
      documents: { tos: { version: '2027-06-01' } },
      history: [{ id: 'tos', version: '2026-11-01' }],
    })
  })

  test('cannot be declined before it is in force', () => {
    expect(exchange({ ...announced, say: saying({ tos: 'declined' }) })).toEqual(CHANGED)
  })

  test('that came into force while the user was reading cannot be put off any more', () => {
    const last = new Date('2027-05-31T23:59:59.999Z')
    const first = new Date('2027-06-01T00:00:00.000Z')
    const say = saying({ tos: 'deferred' })
    expect(exchange({ ...announced, say, answeredAt: last })).toMatchObject({ kind: 'allow' })
    expect(exchange({ ...announced, say, answeredAt: first })).toEqual(CHANGED)
    expect(exchange({ ...announced, answeredAt: first })).toMatchObject({ kind: 'allow' })
  })
})

describe('while the user was reading', () => {
  test('another version came into force: the answer is refused', () => {
    const last = new Date('2027-05-31T23:59:59.999Z')
    const first = new Date('2027-06-01T00:00:00.000Z')
    expect(exchange({ askedAt: last })).toMatchObject({ kind: 'allow' })
    expect(exchange({ askedAt: last, answeredAt: first })).toEqual(CHANGED)
  })

  test('a version came into force that only mends: the answer counts', () => {
    const settings = settingsOf([
      {
        ...TOS,
        versions: [version('2026-11-01'), version('2026-11-20', { mustReaccept: false })],
      },
    ])
    const last = new Date('2026-11-19T23:59:59.999Z')
    expect(exchange({ settings, askedAt: last, answeredAt: NOW })).toMatchObject({ kind: 'allow' })
  })

  test('another document came into force: the answer is refused', () => {
    const settings = settingsOf([TOS, { ...PRIVACY, versions: [version('2026-11-20')] }])
    const askedAt = new Date('2026-11-19T23:59:59.999Z')
    expect(exchange({ settings, askedAt, answeredAt: NOW })).toEqual(CHANGED)
  })

  test('the version was taken out of the settings: the answer is refused', () => {
    const begun = decideTerms(termsFacts(), settingsOf(), NOW, NONCE)
    const facts = {
      ...termsSignIn(),
      claims: {
        purpose: 'terms_answer',
        ...lifeFrom(NOW),
        nonce: NONCE,
        answers: [answerTo({ id: 'tos', version: '2026-11-01' })],
      },
      nonce: NONCE,
      asked: begun.kind === 'redirect' ? begun.remember[ASKED_KEY] : '',
    }
    const without = settingsOf([{ ...TOS, versions: [version('2025-01-15')] }])
    expect(decideTermsAnswer(facts, settingsOf(), NOW)).toMatchObject({ kind: 'allow' })
    expect(withoutReasons(decideTermsAnswer(facts, without, NOW))).toEqual(CHANGED)
    expect(withoutReasons(decideTermsAnswer(facts, settingsOf([PRIVACY]), NOW))).toEqual(CHANGED)
  })

  test('an optional document was taken out of the settings: the answer is refused', () => {
    const begun = decideTerms(termsFacts(), ALL, NOW, NONCE)
    const answers = [
      answerTo({ id: 'tos', version: '2026-11-01' }),
      answerTo({ id: 'privacy', version: '2025-01-15' }),
      answerTo({ id: 'news', version: '2026-11-01' }),
    ]
    const facts = {
      ...termsSignIn(),
      claims: { purpose: 'terms_answer', ...lifeFrom(NOW), nonce: NONCE, answers },
      nonce: NONCE,
      asked: begun.kind === 'redirect' ? begun.remember[ASKED_KEY] : '',
    }
    expect(decideTermsAnswer(facts, ALL, NOW)).toMatchObject({ kind: 'allow' })
    expect(withoutReasons(decideTermsAnswer(facts, settingsOf([TOS, PRIVACY]), NOW))).toEqual(
      CHANGED,
    )
  })

  test('the request moved to a country with one more document: the answer is refused', () => {
    const settings = settingsOf([TOS, { ...PRIVACY, when: { country: { equals: 'DE' } } }])
    expect(exchange({ settings })).toMatchObject({ kind: 'allow' })
    expect(exchange({ settings, facts: { country: 'DE' } })).toEqual(CHANGED)
  })
})

describe('a profile without room', () => {
  const padded = (terms: unknown, bytes: number): StoredMetadata => ({
    app_metadata: { terms, x: 'x'.repeat(bytes) },
    user_metadata: {},
  })
  const history = Array.from({ length: 8 }, (_, index) => ({
    id: 'tos',
    ...declinedOn('2025-01-15', `2026-01-0${index + 1}T00:00:00.000Z`),
  }))

  test('keeps the acceptance and drops the oldest history', () => {
    const record = { documents: { tos: acceptedOn('2025-01-15') }, history }
    const metadata = padded(record, TERMS_BUDGET_BYTES - 1000)
    const decision = exchange({ metadata, settings: settingsOf() })
    const kept = stored(decision) as { history: unknown[] }
    expect(decision).toMatchObject({ kind: 'allow' })
    expect(kept.history.length).toBeGreaterThan(0)
    expect(kept.history.length).toBeLessThan(9)
    expect(kept.history.at(-1)).toEqual({ id: 'tos', ...acceptedOn('2025-01-15') })
    const after = decision.kind === 'allow' ? mergeMetadata(metadata, decision.changes) : metadata
    expect(Buffer.byteLength(JSON.stringify(after))).toBeLessThan(TERMS_BUDGET_BYTES + 100)
  })

  test('that cannot even hold the acceptance: denied with a code, not asked for ever', () => {
    expect(exchange({ metadata: padded(undefined, TERMS_BUDGET_BYTES) })).toEqual(
      deny('terms_record_full'),
    )
  })

  test('and nothing required to answer: the sign-in goes on, and a line says so', () => {
    const metadata = padded(undefined, TERMS_BUDGET_BYTES)
    expect(exchange({ metadata, settings: settingsOf([NEWS]) })).toEqual({
      kind: 'allow',
      changes: [],
      claims: [],
      forget: FORGET,
      reasons: [],
      notes: [{ code: 'terms_record_full' }],
    })
  })
})
