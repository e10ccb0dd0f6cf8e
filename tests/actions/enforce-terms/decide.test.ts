import { createHash } from 'node:crypto'
import { withoutReasons } from '../../../test-kit/actions/without-reasons.ts'
import { describe, expect, test } from '@jest/globals'
import { decideTerms, PROTOCOL_POLICY } from '../../../actions/enforce-terms/decide.ts'
import { ASKED_KEY, NONCE_KEY } from '../../../actions/enforce-terms/facts.ts'
import type { EnforceTermsSettings, TermsDocument } from '../../../actions/enforce-terms/schema.ts'
import { deny, type Decision } from '../../../actions/shared/decision.ts'
import type { StoredMetadata } from '../../../actions/shared/metadata.ts'
import type { When } from '../../../actions/shared/when.ts'
import {
  MAX_DOCUMENTS,
  parseTermsRequest,
  TERMS_REQUEST_SECONDS,
} from '../../../actions/shared/session-token.ts'
import {
  acceptedOn,
  answered,
  declinedOn,
  holding,
  KEY,
  NEWS,
  NONCE,
  NOW,
  PRIVACY,
  settingsOf,
  termsFacts,
  TOS,
  URL_OF_TERMS,
  version,
  type TermsOverrides,
} from '../../../test-kit/actions/terms-facts.ts'

const ALLOW = { kind: 'allow', changes: [], claims: [], notes: [], forget: [], reasons: [] }

const decide = (
  facts: TermsOverrides = {},
  settings: EnforceTermsSettings = settingsOf(),
  now: Date = NOW,
): Decision => withoutReasons(decideTerms(termsFacts(facts), settings, now, NONCE))

/** What the page is asked to show, as `id@version`; nothing where the sign-in is not interrupted. */
const askedIn = (decision: Decision): string[] => {
  if (decision.kind !== 'redirect') return []
  const request = parseTermsRequest(decision.payload)
  if (request === undefined) throw new Error('the Terms page could not read its token')
  return request.documents.map(({ id, version: asked }) => `${id}@${asked}`)
}

/** What exactly the page is told about one document. */
const detailsIn = (decision: Decision, id = 'tos'): unknown =>
  decision.kind === 'redirect'
    ? parseTermsRequest(decision.payload)?.documents.find((one) => one.id === id)
    : undefined

describe('a user who owes an acceptance', () => {
  const outcomes: Record<(typeof PROTOCOL_POLICY)[keyof typeof PROTOCOL_POLICY], unknown> = {
    redirect: { kind: 'redirect', url: URL_OF_TERMS },
    grace: deny('terms_interaction_required'),
    deny: deny('terms_interaction_required'),
  }

  test.each([
    ['oidc-basic-profile', 'redirect'],
    ['oidc-implicit-profile', 'redirect'],
    ['oidc-hybrid-profile', 'redirect'],
    ['oauth2-device-code', 'redirect'],
    ['samlp', 'redirect'],
    ['wsfed', 'redirect'],
    ['oauth2-refresh-token', 'grace'],
    ['oidc-ciba', 'deny'],
    ['oidc-ciba-web-link', 'deny'],
    ['oauth2-access-token', 'deny'],
    ['oauth2-password', 'deny'],
    ['oauth2-resource-owner', 'deny'],
    ['oauth2-resource-owner-jwt-bearer', 'deny'],
    ['oauth2-token-exchange', 'deny'],
    ['oauth2-webauthn', 'deny'],
    ['wstrust-usernamemixed', 'deny'],
  ] as const)('meets the policy of %s, which is %s', (protocol, policy) => {
    expect(PROTOCOL_POLICY[protocol]).toBe(policy)
    expect(decide({ protocol })).toMatchObject(outcomes[policy] as object)
  })

  test('meets a policy at each protocol there is', () => {
    expect(Object.keys(PROTOCOL_POLICY)).toHaveLength(16)
  })

  test.each([
    ['Auth0 does not name the protocol', undefined],
    ['the protocol is one of tomorrow', 'oauth3-telepathy'],
    ['the protocol is empty', ''],
    ['the protocol has the name of an inherited member', 'constructor'],
    ['the protocol is __proto__', '__proto__'],
  ])('is denied where %s, in grace too', (_title, protocol) => {
    const metadata = answered({ tos: acceptedOn('2025-01-15') })
    const inGrace = new Date('2026-11-02T00:00:00Z')
    expect(decide({ protocol })).toEqual(deny('terms_interaction_required'))
    expect(decide({ protocol, metadata }, settingsOf(), inGrace)).toEqual(
      deny('terms_interaction_required'),
    )
  })

  test('is sent to the page with a token that says what is asked, and no more', () => {
    const documents = [
      { id: 'tos', version: '2026-11-01', required: true },
      { id: 'privacy', version: '2025-01-15', required: true, view: 'scroll' },
      { id: 'news', version: '2026-11-01', required: false },
    ]
    const digest = createHash('sha256')
      .update(JSON.stringify(documents.map(({ id, version: asked }) => [id, asked])))
      .digest('base64url')
    expect(decide({}, settingsOf([TOS, { ...PRIVACY, view: 'scroll' }, NEWS]))).toEqual({
      kind: 'redirect',
      url: URL_OF_TERMS,
      payload: {
        purpose: 'terms_request',
        nonce: NONCE,
        documents,
        locales: ['pt-BR', 'en'],
        client_name: 'Web shop',
        hash_characters: 32,
      },
      signedWith: 'TERMS_TOKEN_SECRET',
      expiresInSeconds: TERMS_REQUEST_SECONDS,
      remember: { [NONCE_KEY]: NONCE, [ASKED_KEY]: digest },
      reasons: [],
    })
  })

  test('is asked about ten documents by a token that a page takes: under 4096 characters', () => {
    const longest = (index: number): TermsDocument => ({
      ...TOS,
      id: `${'abcdefghij'[index] ?? ''}${'x'.repeat(31)}`,
      view: 'scroll',
      announceDays: 10,
      versions: [
        version('2025-01-15', { version: '9'.repeat(32) }),
        version('2026-11-25', { version: '8'.repeat(32), effectiveAt: '2026-11-25T00:00:00.000Z' }),
      ],
    })
    const documents = Array.from({ length: MAX_DOCUMENTS }, (_, index) => longest(index))
    const state = { ...acceptedOn('2025-01-15'), version: '9'.repeat(32) }
    const decision = decide(
      {
        metadata: answered(Object.fromEntries(documents.map(({ id }) => [id, state]))),
        locales: Array.from({ length: 5 }, () => 'abcdefgh-abcdefgh-abcdefgh-abcdefgh'),
        clientName: '€'.repeat(80),
      },
      settingsOf([longest(0), ...documents.slice(1)]),
    )
    expect(askedIn(decision)).toHaveLength(MAX_DOCUMENTS)
    const claims = {
      ...(decision.kind === 'redirect' && decision.payload),
      ...{ iat: 1e9, exp: 1e9, iss: 'x'.repeat(64), sub: 'x'.repeat(128), ip: '::'.repeat(19) },
    }
    const body = Buffer.from(JSON.stringify(claims)).toString('base64url')
    expect(body.length + 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..'.length + 43).toBeLessThan(4096)
  })

  test('is asked by a token without a claim that Auth0 sets itself', () => {
    const decision = decide()
    const claims = decision.kind === 'redirect' ? Object.keys(decision.payload) : []
    expect(claims).not.toHaveLength(0)
    for (const own of ['iat', 'exp', 'iss', 'sub', 'ip', 'state']) expect(claims).not.toContain(own)
  })

  test('is sent there when nothing may be shown, so that Auth0 says interaction_required', () => {
    expect(decide({ isSilent: true })).toMatchObject({ kind: 'redirect' })
  })
})

describe('the record', () => {
  test.each([
    ['of the version in force', answered({ tos: acceptedOn('2026-11-01') })],
    ['of the version in force, in the older form', holding(acceptedOn('2026-11-01'))],
    ['with keys of tomorrow', holding({ ...acceptedOn('2026-11-01'), witness: 'x' })],
    [
      'without the locale, which proves nothing',
      holding({ ...acceptedOn('2026-11-01'), locale: undefined }),
    ],
    ['of a coming version, accepted early', answered({ tos: acceptedOn('2027-06-01') })],
  ])('%s lets the user in and changes nothing', (_title, metadata) => {
    expect(decide({ metadata })).toEqual(ALLOW)
    expect(decide({ metadata, protocol: undefined, secrets: {} })).toEqual(ALLOW)
  })

  const current = acceptedOn('2026-11-01')
  test.each<[string, unknown]>([
    ['of an older version', acceptedOn('2025-01-15')],
    ['of a version nobody knows', { ...current, version: '1999' }],
    ['of a version in other letters', { ...current, version: ' 2026-11-01' }],
    ['of a version in a list', { ...current, version: ['2026-11-01'] }],
    ['without a time', { version: '2026-11-01' }],
    ['with a time that is none', { ...current, accepted_at: 'yesterday' }],
    ['with a time that no calendar has', { ...current, accepted_at: '2026-13-41T00:00:00Z' }],
    ['with a time that is a number', { ...current, accepted_at: 1 }],
    ['of a refusal', declinedOn('2026-11-01')],
    ['that is only the version', '2026-11-01'],
    ['that is true', true],
    ['that is null', null],
    ['that is a list of records', [current]],
    ['that hides behind __proto__', JSON.parse(`{"__proto__":${JSON.stringify(current)}}`)],
  ])('%s is no acceptance, in either form', (_title, record) => {
    for (const metadata of [holding(record), answered({ tos: record })]) {
      expect(decide({ metadata })).toMatchObject({ kind: 'redirect' })
      expect(decide({ metadata, protocol: 'oauth2-password' })).toEqual(
        deny('terms_interaction_required'),
      )
    }
  })

  test.each<[string, unknown]>([
    ['both accepted and declined', { tos: { ...current, ...declinedOn('2026-11-01') } }],
    ['of another document', { privacy: current }],
    ['of a document in other letters', { TOS: current }],
    ['that is a list of documents', [current]],
    ['that is a text', 'tos'],
    ['that is null', null],
  ])('%s is no acceptance', (_title, documents) => {
    const metadata = holding({ documents })
    expect(askedIn(decide({ metadata }))).toEqual(['tos@2026-11-01'])
  })

  test('in user_metadata, where users can write, is no acceptance', () => {
    const metadata = { app_metadata: {}, user_metadata: { terms: current } }
    expect(decide({ metadata })).toMatchObject({ kind: 'redirect' })
  })

  test.each([['a text'], [['list']], [7], [null], [true]])(
    'cannot be read from app_metadata that is %j: nobody gets in',
    (app_metadata) => {
      const metadata = { app_metadata, user_metadata: {} }
      expect(decide({ metadata })).toEqual(deny('terms_record_unreadable'))
    },
  )

  test('of a profile without app_metadata is none', () => {
    const metadata = { app_metadata: undefined, user_metadata: undefined }
    expect(decide({ metadata })).toMatchObject({ kind: 'redirect' })
  })

  test('in the older form is about the first required document only', () => {
    const settings = settingsOf([NEWS, TOS, PRIVACY])
    expect(askedIn(decide({ metadata: holding(current) }, settings))).toEqual([
      'news@2026-11-01',
      'privacy@2025-01-15',
    ])
  })

  test('at the top says nothing once each document has its own, whichever comes first now', () => {
    // Both documents have a version of this name: the top must not pass for the other one's.
    const old = acceptedOn('2025-01-15')
    const metadata = holding({ ...old, documents: { tos: old } })
    expect(askedIn(decide({ metadata }, settingsOf([PRIVACY, TOS])))).toEqual([
      'privacy@2025-01-15',
      'tos@2026-11-01',
    ])
  })
})

describe('a version', () => {
  const at = (time: string, terms: unknown, document: TermsDocument = TOS) =>
    decide({ metadata: holding(terms) }, settingsOf([document]), new Date(time))

  test('is in force from its first millisecond on', () => {
    expect(at('2026-10-31T23:59:59.999Z', acceptedOn('2025-01-15'))).toEqual(ALLOW)
    expect(askedIn(at('2026-11-01T00:00:00.000Z', acceptedOn('2025-01-15')))).toEqual([
      'tos@2026-11-01',
    ])
    expect(at('2026-11-01T00:00:00.000Z', acceptedOn('2026-11-01'))).toEqual(ALLOW)
    expect(askedIn(at('2027-06-01T00:00:00.000Z', acceptedOn('2026-11-01')))).toEqual([
      'tos@2027-06-01',
    ])
  })

  test('is asked of nobody before the first one is in force', () => {
    expect(at('2025-01-14T23:59:59.999Z', undefined)).toEqual(ALLOW)
  })

  const mended: TermsDocument = {
    ...TOS,
    versions: [
      version('2025-01-15'),
      version('2025-03-01', { mustReaccept: false }),
      version('2026-11-01'),
      version('2026-11-10', { mustReaccept: false }),
    ],
  }

  test.each([
    ['whoever accepted the one before', acceptedOn('2026-11-01'), []],
    ['whoever accepted it', acceptedOn('2026-11-10'), []],
    ['a new user', undefined, ['tos@2026-11-10']],
    [
      'whoever accepted two before, one of which had to be',
      acceptedOn('2025-01-15'),
      ['tos@2026-11-10'],
    ],
    ['whoever accepted a mended one of then', acceptedOn('2025-03-01'), ['tos@2026-11-10']],
    ['whoever declined the one before', declinedOn('2026-11-01'), ['tos@2026-11-10']],
  ])('that only mends the one before is asked of %s: %j', (_title, state, asked) => {
    const metadata = answered({ tos: state })
    expect(askedIn(decide({ metadata }, settingsOf([mended])))).toEqual(asked)
  })

  test('that comes first is asked even where the settings say it need not be', () => {
    const careless = {
      ...TOS,
      versions: [version('2025-01-15', { mustReaccept: false })],
    } satisfies TermsDocument
    expect(askedIn(decide({}, settingsOf([careless])))).toEqual(['tos@2025-01-15'])
  })

  test('tells the page which one was accepted before, for what changed', () => {
    expect(detailsIn(decide({ metadata: answered({ tos: acceptedOn('2025-01-15') }) }))).toEqual({
      id: 'tos',
      version: '2026-11-01',
      required: true,
      previous: '2025-01-15',
    })
  })

  test('tells it after a refusal, too', () => {
    const metadata = holding({
      documents: { tos: declinedOn('2026-11-01') },
      history: [
        { id: 'tos', ...acceptedOn('2025-01-15') },
        { id: 'other', ...acceptedOn('2025-06-01') },
        { id: 'tos', ...declinedOn('2026-11-01') },
      ],
    })
    expect(detailsIn(decide({ metadata }))).toMatchObject({ previous: '2025-01-15' })
  })
})

describe('an acceptance that lasts 365 days', () => {
  const settings = settingsOf([{ ...TOS, reacceptAfterDays: 365 }])
  const metadata = answered({ tos: acceptedOn('2026-11-01', '2026-11-05T10:00:00.000Z') })

  test('is asked for again from the last millisecond on', () => {
    expect(decide({ metadata }, settings, new Date('2027-05-31T00:00:00Z'))).toEqual(ALLOW)
    const settled = settingsOf([
      { ...TOS, reacceptAfterDays: 365, versions: [version('2026-11-01')] },
    ])
    expect(decide({ metadata }, settled, new Date('2027-11-05T09:59:59.999Z'))).toEqual(ALLOW)
    const after = decide({ metadata }, settled, new Date('2027-11-05T10:00:00.000Z'))
    expect(detailsIn(after)).toEqual({
      id: 'tos',
      version: '2026-11-01',
      required: true,
      previous: '2026-11-01',
    })
  })

  test('lasts for an optional document as long, and a refusal of it for ever', () => {
    const news = settingsOf([{ ...NEWS, reacceptAfterDays: 365 }])
    const later = new Date('2030-01-01T00:00:00Z')
    const yes = answered({ news: acceptedOn('2026-11-01') })
    const no = answered({ news: declinedOn('2026-11-01') })
    expect(askedIn(decide({ metadata: yes }, news, later))).toEqual(['news@2026-11-01'])
    expect(decide({ metadata: no }, news, later)).toEqual(ALLOW)
  })
})

describe('an announced version', () => {
  const settings = settingsOf([{ ...TOS, announceDays: 10 }])
  const state = acceptedOn('2026-11-01')
  const at = (time: string, tos: unknown = state, facts: TermsOverrides = {}) =>
    decide({ metadata: answered({ tos }), ...facts }, settings, new Date(time))

  test('is shown from its first day on and may be put off until it is in force', () => {
    expect(at('2027-05-21T23:59:59.999Z')).toEqual(ALLOW)
    expect(detailsIn(at('2027-05-22T00:00:00.000Z'))).toEqual({
      id: 'tos',
      version: '2027-06-01',
      required: true,
      previous: '2026-11-01',
      effective_at: '2027-06-01T00:00:00Z',
    })
    expect(detailsIn(at('2027-06-01T00:00:00.000Z'))).toEqual({
      id: 'tos',
      version: '2027-06-01',
      required: true,
      previous: '2026-11-01',
    })
  })

  const deferred = {
    ...state,
    deferred_version: '2027-06-01',
    deferred_at: '2027-05-23T10:00:00.000Z',
  }

  test('that was put off is not shown again before it is in force', () => {
    expect(at('2027-05-31T23:59:59.999Z', deferred)).toEqual(ALLOW)
    expect(askedIn(at('2027-06-01T00:00:00.000Z', deferred))).toEqual(['tos@2027-06-01'])
  })

  test('that was accepted early is not asked for again', () => {
    expect(at('2027-05-23T00:00:00Z', acceptedOn('2027-06-01'))).toEqual(ALLOW)
    expect(at('2027-06-02T00:00:00Z', acceptedOn('2027-06-01'))).toEqual(ALLOW)
  })

  test('is not shown to a user who owes the one in force: that one is asked', () => {
    expect(askedIn(at('2027-05-23T00:00:00Z', acceptedOn('2025-01-15')))).toEqual([
      'tos@2026-11-01',
    ])
  })

  test('that is one of several is the newest of them, so that nobody is asked twice', () => {
    const two = settingsOf([
      { ...TOS, announceDays: 30, versions: [...TOS.versions, version('2027-06-10')] },
    ])
    const now = new Date('2027-05-25T00:00:00Z')
    const asked = (tos: unknown) => askedIn(decide({ metadata: answered({ tos }) }, two, now))
    expect(asked(state)).toEqual(['tos@2027-06-10'])
    expect(asked(deferred)).toEqual(['tos@2027-06-10'])
    expect(asked(acceptedOn('2027-06-10'))).toEqual([])
  })

  test('of a document that nobody has seen yet is shown to a new user', () => {
    const coming = settingsOf([{ ...TOS, announceDays: 10, versions: [version('2026-11-25')] }])
    expect(detailsIn(decide({}, coming))).toMatchObject({ effective_at: '2026-11-25T00:00:00Z' })
  })

  test('that only mends the one before is not announced', () => {
    const mended = settingsOf([
      {
        ...TOS,
        announceDays: 10,
        versions: [version('2026-11-01'), version('2026-11-25', { mustReaccept: false })],
      },
    ])
    expect(decide({ metadata: answered({ tos: state }) }, mended)).toEqual(ALLOW)
  })

  test.each([...Object.keys(PROTOCOL_POLICY), undefined])(
    'and an optional document keep nobody out of %s',
    (protocol) => {
      const both = settingsOf([{ ...TOS, announceDays: 10 }, NEWS])
      const now = new Date('2027-05-23T00:00:00Z')
      const metadata = answered({ tos: state })
      const decision = decide({ metadata, protocol }, both, now)
      const policy = PROTOCOL_POLICY[protocol as keyof typeof PROTOCOL_POLICY] as string | undefined
      if (policy === 'redirect') {
        expect(askedIn(decision)).toEqual(['tos@2027-06-01', 'news@2026-11-01'])
      } else expect(decision).toEqual(ALLOW)
      expect(decide({ metadata, protocol, isSilent: true }, both, now)).toEqual(ALLOW)
      const closed = { metadata, protocol, secrets: {} }
      expect(decide(closed, both, now)).toMatchObject({ kind: 'allow', changes: [] })
    },
  )

  test('cannot be shown without a key: the sign-in goes on, and a line says why', () => {
    const now = new Date('2027-05-23T00:00:00Z')
    expect(decide({ metadata: answered({ tos: state }), secrets: {} }, settings, now)).toEqual({
      ...ALLOW,
      notes: [{ code: 'terms_key_missing' }],
    })
  })
})

describe('an optional document', () => {
  test.each([
    ['that was accepted', acceptedOn('2026-11-01'), []],
    ['that was declined', declinedOn('2026-11-01'), []],
    ['that was accepted in an older version', acceptedOn('2025-01-15'), ['news@2026-11-01']],
    ['that was declined in an older version', declinedOn('2025-01-15'), ['news@2026-11-01']],
    ['that nobody asked about', undefined, ['news@2026-11-01']],
  ])('%s is asked for: %j', (_title, news, asked) => {
    expect(askedIn(decide({ metadata: answered({ news }) }, settingsOf([NEWS])))).toEqual(asked)
  })

  test('is asked beside a required one, which is what a refusal would end', () => {
    const decision = decide({}, settingsOf([TOS, NEWS]))
    expect(detailsIn(decision, 'tos')).toMatchObject({ required: true })
    expect(detailsIn(decision, 'news')).toMatchObject({ required: false })
  })
})

describe('a refresh-token exchange', () => {
  const exchange = (
    time: string,
    state: unknown = acceptedOn('2025-01-15'),
    settings: EnforceTermsSettings = settingsOf(),
  ) =>
    decide(
      { protocol: 'oauth2-refresh-token', metadata: answered({ tos: state }), secrets: {} },
      settings,
      new Date(time),
    )
  const DENIED = deny('terms_interaction_required')
  const inGrace = (...targets: string[]) => ({
    ...ALLOW,
    notes: targets.map((target) => ({ code: 'terms_grace', target })),
  })

  test('goes on through the last millisecond of the grace period, and says so', () => {
    expect(exchange('2026-10-31T23:59:59.999Z')).toEqual(ALLOW)
    expect(exchange('2026-11-01T00:00:00.000Z')).toEqual(inGrace('tos@2026-11-01'))
    expect(exchange('2026-11-14T23:59:59.999Z')).toEqual(inGrace('tos@2026-11-01'))
    expect(exchange('2026-11-15T00:00:00.000Z')).toEqual(DENIED)
  })

  const withGrace = (refreshGraceDays: number) =>
    settingsOf([
      { ...TOS, versions: [version('2025-01-15'), version('2026-11-01', { refreshGraceDays })] },
    ])

  test.each([
    [0, '2026-10-31T23:59:59.999Z', '2026-11-01T00:00:00.000Z'],
    [1, '2026-11-01T23:59:59.999Z', '2026-11-02T00:00:00.000Z'],
    [0.5, '2026-11-01T11:59:59.999Z', '2026-11-01T12:00:00.000Z'],
    [90, '2027-01-29T23:59:59.999Z', '2027-01-30T00:00:00.000Z'],
  ])('has the %d days of grace of its version', (days, last, first) => {
    expect(exchange(last, acceptedOn('2025-01-15'), withGrace(days))).toMatchObject({
      kind: 'allow',
    })
    expect(exchange(first, acceptedOn('2025-01-15'), withGrace(days))).toEqual(DENIED)
  })

  test('has the grace of the first version that was missed, however many follow', () => {
    const often = settingsOf([
      { ...TOS, versions: [version('2025-01-15'), version('2026-11-01'), version('2026-11-14')] },
    ])
    expect(exchange('2026-11-14T12:00:00Z', acceptedOn('2025-01-15'), often)).toMatchObject({
      kind: 'allow',
    })
    expect(exchange('2026-11-15T00:00:00Z', acceptedOn('2025-01-15'), often)).toEqual(DENIED)
    expect(exchange('2026-11-15T00:00:00Z', acceptedOn('2026-11-01'), often)).toMatchObject({
      kind: 'allow',
    })
  })

  test('has none for a user who never accepted, as after a change of profile', () => {
    expect(exchange('2026-11-01T00:00:00Z', null)).toEqual(DENIED)
  })

  test('has none after a refusal', () => {
    expect(exchange('2026-11-02T00:00:00Z', declinedOn('2026-11-01'))).toEqual(DENIED)
    const fresh = settingsOf([{ ...TOS, versions: [version('2026-11-01')] }])
    expect(exchange('2026-11-02T00:00:00Z', null, fresh)).toMatchObject({ kind: 'allow' })
    expect(exchange('2026-11-02T00:00:00Z', declinedOn('2026-11-01'), fresh)).toEqual(DENIED)
  })

  test('has it after an acceptance expired', () => {
    const yearly = settingsOf([
      { ...TOS, reacceptAfterDays: 365, versions: [version('2025-01-15')] },
    ])
    const state = acceptedOn('2025-01-15', '2025-11-01T00:00:00.000Z')
    expect(exchange('2026-10-31T23:59:59.999Z', state, yearly)).toEqual(ALLOW)
    expect(exchange('2026-11-14T23:59:59.999Z', state, yearly)).toEqual(inGrace('tos@2025-01-15'))
    expect(exchange('2026-11-15T00:00:00.000Z', state, yearly)).toEqual(DENIED)
  })

  test('is denied as soon as the grace of one of several documents is over', () => {
    const both = settingsOf([TOS, { ...PRIVACY, versions: [version('2026-11-10')] }])
    expect(exchange('2026-11-14T00:00:00Z', acceptedOn('2025-01-15'), both)).toEqual(
      inGrace('tos@2026-11-01', 'privacy@2026-11-10'),
    )
    expect(exchange('2026-11-15T00:00:00Z', acceptedOn('2025-01-15'), both)).toEqual(DENIED)
  })
})

describe('a document', () => {
  const asks = (when: When, facts: TermsOverrides = {}): boolean =>
    askedIn(decide(facts, settingsOf([{ ...TOS, when }]))).length > 0

  test('is asked for where its condition holds, and not where it does not', () => {
    expect(asks({ country: { oneOf: ['DE', 'CH'] } })).toBe(true)
    expect(asks({ country: { equals: 'DE' } })).toBe(false)
    expect(asks({ not: { country: { oneOf: ['DE', 'CH'] } } })).toBe(false)
    expect(asks({ not: { country: { equals: 'DE' } } })).toBe(true)
  })

  test.each<[string, When, TermsOverrides]>([
    ['country', { country: { equals: 'DE' } }, { country: undefined }],
    ['address', { emailDomain: { equals: 'b.de' } }, { profile: { email: 'a@c.de' } }],
    ['identity', { attribute: { path: ['a'], exists: true } }, { profile: { identities: [] } }],
  ])('is asked for where nobody can tell the %s, under not as well', (_title, when, facts) => {
    expect(asks(when, facts)).toBe(true)
    expect(asks({ not: when }, facts)).toBe(true)
  })

  test('is asked for where a string is stored and true exempts', () => {
    const robot: When = { not: { appMetadata: { path: ['robot'], equals: true } } }
    const storing = (robot: unknown) => ({
      metadata: { app_metadata: { robot }, user_metadata: {} },
    })
    expect(asks(robot, storing(true))).toBe(false)
    expect(asks(robot, storing('true'))).toBe(true)
    expect(asks(robot)).toBe(true)
  })

  test('that is not for this sign-in is not asked beside the others', () => {
    const settings = settingsOf([TOS, { ...PRIVACY, when: { client: { equals: 'other' } } }])
    expect(askedIn(decide({}, settings))).toEqual(['tos@2026-11-01'])
    expect(decide({ metadata: answered({ tos: acceptedOn('2026-11-01') }) }, settings)).toEqual(
      ALLOW,
    )
  })
})

describe('a refusal that is not whole keeps refresh tokens out all the same', () => {
  const declined_at = '2026-11-05T10:00:00.000Z'
  test.each([
    ['an acceptance beside it', { ...acceptedOn('2026-11-01'), declined_at }],
    ['no version', { declined_at }],
    ['a version that is none', { version: '../1', declined_at }],
  ])('with %s', (_title, tos) => {
    const settings = settingsOf([{ ...TOS, versions: [version('2026-11-01')] }])
    const refresh = (state: unknown) =>
      decide(
        { metadata: answered({ tos: state }), protocol: 'oauth2-refresh-token' },
        settings,
        new Date('2026-11-06T00:00:00Z'),
      )
    expect(refresh({})).toMatchObject({ kind: 'allow' })
    expect(refresh(tos)).toEqual(deny('terms_interaction_required'))
  })
})

test.each([
  ['a string', JSON.stringify({ documents: { tos: acceptedOn('2025-01-15') } })],
  ['a list', [acceptedOn('2025-01-15')]],
  ['true', true],
  ['an object with a string for its documents', { documents: '{}' }],
  ['an object with a list for its documents', { documents: [] }],
])('a record that is %s has no grace, and a browser is asked as if there was none', (_, terms) => {
  const settings = settingsOf([{ ...TOS, versions: [version('2026-11-01')] }])
  const inGrace = new Date('2026-11-06T00:00:00Z')
  const refresh = (metadata: StoredMetadata) =>
    decide({ metadata, protocol: 'oauth2-refresh-token' }, settings, inGrace)
  expect(refresh(holding(undefined))).toMatchObject({ kind: 'allow' })
  expect(refresh(holding(null))).toMatchObject({ kind: 'allow' })
  expect(refresh(holding(terms))).toEqual(deny('terms_interaction_required'))
  expect(askedIn(decide({ metadata: holding(terms) }, settings))).toEqual(['tos@2026-11-01'])
})

test.each<[string, unknown]>([
  ['a time of another zone', { version: '2025-01-15', declined_at: '2026-11-02T10:00:00+01:00' }],
  ['a number for its time', { version: '2025-01-15', declined_at: 1_762_000_000 }],
  ['a list for its time', { version: '2025-01-15', declined_at: ['2026-11-02T09:00:00Z'] }],
  ['no form that is ours', 'declined'],
  ['neither answer', { version: '2025-01-15' }],
])('a stored state with %s has no grace, because it may be a refusal', (_title, state) => {
  const settings = settingsOf([{ ...TOS, versions: [version('2026-11-01')] }])
  const refresh = (documents: Record<string, unknown>) =>
    decide(
      { metadata: holding({ documents }), protocol: 'oauth2-refresh-token' },
      settings,
      new Date('2026-11-06T00:00:00Z'),
    )
  expect(refresh({ tos: state })).toEqual(deny('terms_interaction_required'))
  expect(refresh({ another: state })).toMatchObject({ kind: 'allow' })
  expect(refresh({ tos: { ...acceptedOn('2025-01-15'), later: 1 } })).toMatchObject({
    kind: 'allow',
  })
})

describe('the country of a request that comes from a server', () => {
  const GERMAN = settingsOf([{ ...TOS, when: { country: { equals: 'DE' } } }])
  const NOT_SWISS = settingsOf([{ ...TOS, when: { not: { country: { equals: 'CH' } } } }])
  const BACK = Object.entries(PROTOCOL_POLICY)
    .filter(([, policy]) => policy !== 'redirect')
    .map(([protocol]) => [protocol])

  test.each(BACK)('by %s says nothing: nobody is exempt by it', (protocol) => {
    for (const country of ['CH', 'DE', undefined]) {
      expect(decide({ protocol, country }, GERMAN)).toEqual(deny('terms_interaction_required'))
      expect(decide({ protocol, country }, NOT_SWISS)).toEqual(deny('terms_interaction_required'))
    }
  })

  test.each(BACK)('by %s is that of the last answer', (protocol) => {
    const kept = (country: string, settings: EnforceTermsSettings) =>
      decide({ protocol, country: 'US', metadata: holding({ documents: {}, country }) }, settings)
    expect(kept('CH', GERMAN)).toEqual(ALLOW)
    expect(kept('CH', NOT_SWISS)).toEqual(ALLOW)
    expect(kept('DE', GERMAN)).toEqual(deny('terms_interaction_required'))
    expect(kept('FR', NOT_SWISS)).toEqual(deny('terms_interaction_required'))
    expect(kept('XX', GERMAN)).toEqual(deny('terms_interaction_required'))
    expect(kept('ch', NOT_SWISS)).toEqual(deny('terms_interaction_required'))
  })

  test.each([
    ['a document for another one', GERMAN],
    ['a document that excepts it', NOT_SWISS],
  ])('is kept by a sign-in with a browser that need not be asked: %s', (_title, settings) => {
    const first = decide({}, settings)
    expect(first).toEqual({
      ...ALLOW,
      changes: [
        { metadata: 'app_metadata', key: 'terms', value: { documents: {}, country: 'CH' } },
      ],
    })
    const metadata = holding({ documents: {}, country: 'CH' })
    expect(decide({ metadata }, settings)).toEqual(ALLOW)
    expect(decide({ metadata, protocol: 'oauth2-refresh-token' }, settings)).toEqual(ALLOW)
  })

  test('is replaced by a sign-in only where the one before would ask for more', () => {
    const from = (country: string) => holding({ documents: {}, country })
    expect(decide({ metadata: from('FR') }, GERMAN)).toEqual(ALLOW)
    expect(decide({ metadata: from('DE') }, GERMAN)).toMatchObject({
      changes: [{ value: { country: 'CH' } }],
    })
  })

  test('that finds no room in the profile is not kept, and a line says so', () => {
    const metadata = { app_metadata: { x: 'x'.repeat(7000) }, user_metadata: {} }
    expect(decide({ metadata }, GERMAN)).toEqual({
      ...ALLOW,
      notes: [{ code: 'terms_record_full' }],
    })
  })
})

describe('no redirect is signed or sent', () => {
  test.each([
    ['the key is missing', { TERMS_URL: URL_OF_TERMS }, 'terms_key_missing'],
    ['the key is empty', { TERMS_URL: URL_OF_TERMS, TERMS_TOKEN_SECRET: '' }, 'terms_key_missing'],
    [
      'the key has 31 bytes',
      { TERMS_URL: URL_OF_TERMS, TERMS_TOKEN_SECRET: KEY.slice(1) },
      'terms_key_weak',
    ],
    [
      'the key is a marker that nobody replaced',
      { TERMS_URL: URL_OF_TERMS, TERMS_TOKEN_SECRET: '@@TERMS_TOKEN_SECRET_OF_PRODUCTION@@' },
      'terms_key_weak',
    ],
    [
      'only the previous key is there',
      { TERMS_URL: URL_OF_TERMS, TERMS_TOKEN_SECRET_PREVIOUS: KEY },
      'terms_key_missing',
    ],
    ['there is no URL', { TERMS_TOKEN_SECRET: KEY }, 'terms_url_invalid'],
    ['there are no secrets', {}, 'terms_key_missing'],
    ...[
      ['empty', ''],
      ['not encrypted', 'http://portal.example.com/terms'],
      ['not absolute', '/terms'],
      ['without a scheme', 'portal.example.com/terms'],
      ['a script', 'javascript:alert(1)'],
      ['a file', 'file:///terms'],
      ['a marker that nobody replaced', '@@TERMS_URL@@'],
      ['a marker with a scheme before it', 'https://##TERMS_URL##/'],
      ['no text', 'text'],
    ].map(
      ([title, url = '']) =>
        [
          `the URL is ${String(title)}`,
          { TERMS_URL: url, TERMS_TOKEN_SECRET: KEY },
          'terms_url_invalid',
        ] as const,
    ),
  ] as const)('where %s: nobody gets in', (_title, secrets, code) => {
    expect(decide({ secrets })).toEqual(deny(code))
  })
})
