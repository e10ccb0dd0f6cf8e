import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import {
  decideTerms,
  decideTermsAnswer,
  NONCE_KEY,
  PROTOCOL_POLICY,
  type TermsFacts,
} from '../../../actions/enforce-terms/decide.ts'
import type { EnforceTermsSettings } from '../../../actions/enforce-terms/settings.ts'
import { deny, type Decision } from '../../../actions/shared/decision.ts'
import { TERMS_BUDGET_BYTES, type StoredMetadata } from '../../../actions/shared/metadata.ts'
import { TERMS_REQUEST_SECONDS } from '../../../actions/shared/session-token.ts'
import { json, RUNS, storedMetadata } from '../arbitraries.ts'
import { mergeMetadata } from '../merge-metadata.ts'

const SETTINGS: EnforceTermsSettings = {
  versions: [
    { version: '2025-01-15', effectiveAt: '2025-01-15T00:00:00Z' },
    { version: '2026-11-01', effectiveAt: '2026-11-01T00:00:00Z' },
    { version: '2027-06-01', effectiveAt: '2027-06-01T00:00:00Z' },
  ],
  refreshGraceDays: 14,
}
const NOW = new Date('2026-11-20T09:00:00Z')
const NONCE = 'nonce-of-22-characters'
const URL_OF_TERMS = 'https://portal.example.com/terms'
const KEY = 'k3J9-vQ0s_Lw7ZxB2nT5yR8mD1cF4gHa'

const ACCEPTED = { version: '2026-11-01', accepted_at: '2026-11-02T10:00:00.000Z', locale: 'en' }
const OLD = { version: '2025-01-15', accepted_at: '2025-02-01T10:00:00.000Z', locale: 'en' }

const ALLOW = { kind: 'allow', changes: [], claims: [], notes: [] }

const holding = (terms: unknown): StoredMetadata => ({ app_metadata: { terms }, user_metadata: {} })

const factsWith = (facts: Partial<TermsFacts> = {}): TermsFacts => ({
  protocol: 'oidc-basic-profile',
  metadata: { app_metadata: {}, user_metadata: {} },
  secrets: { TERMS_URL: URL_OF_TERMS, TERMS_TOKEN_SECRET: KEY },
  locales: ['pt-BR', 'en'],
  clientName: 'Web shop',
  ...facts,
})

const decide = (facts: Partial<TermsFacts> = {}, now: Date = NOW): Decision =>
  decideTerms(factsWith(facts), SETTINGS, now, NONCE)

describe('a user who has not accepted', () => {
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
  ])('is denied where %s', (_title, protocol) => {
    expect(decide({ protocol })).toEqual(deny('terms_interaction_required'))
  })

  test('is sent to the page with a token that says what is asked, and no more', () => {
    expect(decide()).toEqual({
      kind: 'redirect',
      url: URL_OF_TERMS,
      payload: {
        purpose: 'terms_request',
        terms_version: '2026-11-01',
        nonce: NONCE,
        locales: ['pt-BR', 'en'],
        client_name: 'Web shop',
      },
      signedWith: 'TERMS_TOKEN_SECRET',
      expiresInSeconds: TERMS_REQUEST_SECONDS,
      remember: { [NONCE_KEY]: NONCE },
    })
  })

  test('is asked by a token without a claim that Auth0 sets itself', () => {
    const decision = decide()
    const claims = decision.kind === 'redirect' ? Object.keys(decision.payload) : []
    expect(claims).not.toHaveLength(0)
    for (const own of ['iat', 'exp', 'iss', 'sub', 'ip', 'state']) expect(claims).not.toContain(own)
  })
})

describe('the record', () => {
  test.each([
    ['of the version in force', holding(ACCEPTED)],
    ['with keys of tomorrow', holding({ ...ACCEPTED, witness: 'x' })],
    ['without the locale, which proves nothing', holding({ ...ACCEPTED, locale: undefined })],
  ])('%s lets the user in and changes nothing', (_title, metadata) => {
    expect(decide({ metadata })).toEqual(ALLOW)
    expect(decide({ metadata, protocol: undefined, secrets: {} })).toEqual(ALLOW)
  })

  test.each<[string, unknown]>([
    ['of an older version', OLD],
    ['of a version that is not in force yet', { ...ACCEPTED, version: '2027-06-01' }],
    ['of a version nobody knows', { ...ACCEPTED, version: '1999' }],
    ['of a version in other letters', { ...ACCEPTED, version: ' 2026-11-01' }],
    ['of a version in a list', { ...ACCEPTED, version: ['2026-11-01'] }],
    ['without a time', { version: '2026-11-01' }],
    ['with a time that is none', { ...ACCEPTED, accepted_at: 'yesterday' }],
    ['with a time that is a number', { ...ACCEPTED, accepted_at: 1 }],
    ['that is only the version', '2026-11-01'],
    ['that is true', true],
    ['that is null', null],
    ['that is a list of records', [ACCEPTED]],
    ['that hides behind __proto__', JSON.parse(`{"__proto__":${JSON.stringify(ACCEPTED)}}`)],
  ])('%s is no acceptance', (_title, terms) => {
    expect(decide({ metadata: holding(terms) })).toMatchObject({ kind: 'redirect' })
    expect(decide({ metadata: holding(terms), protocol: 'oauth2-password' })).toEqual(
      deny('terms_interaction_required'),
    )
  })

  test('in user_metadata, where users can write, is no acceptance', () => {
    const metadata = { app_metadata: {}, user_metadata: { terms: ACCEPTED } }
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
})

describe('a version', () => {
  const at = (time: string, terms: unknown) => decide({ metadata: holding(terms) }, new Date(time))

  test('is in force from its first millisecond on', () => {
    expect(at('2026-10-31T23:59:59.999Z', OLD)).toEqual(ALLOW)
    expect(at('2026-11-01T00:00:00.000Z', OLD)).toMatchObject({ kind: 'redirect' })
    expect(at('2026-11-01T00:00:00.000Z', ACCEPTED)).toEqual(ALLOW)
    expect(at('2027-06-01T00:00:00.000Z', ACCEPTED)).toMatchObject({
      kind: 'redirect',
      payload: { terms_version: '2027-06-01' },
    })
  })

  test('is asked of nobody before the first one is in force', () => {
    expect(at('2025-01-14T23:59:59.999Z', undefined)).toEqual(ALLOW)
  })
})

describe('a refresh-token exchange', () => {
  const exchange = (time: string, settings: EnforceTermsSettings = SETTINGS) =>
    decideTerms(
      factsWith({ protocol: 'oauth2-refresh-token', metadata: holding(OLD), secrets: {} }),
      settings,
      new Date(time),
      NONCE,
    )

  test('goes on through the last millisecond of the grace period, and says so', () => {
    const allowed = { ...ALLOW, notes: [{ code: 'terms_grace', target: '2026-11-01' }] }
    expect(exchange('2026-11-01T00:00:00.000Z')).toEqual(allowed)
    expect(exchange('2026-11-14T23:59:59.999Z')).toEqual(allowed)
    expect(exchange('2026-11-15T00:00:00.000Z')).toEqual(deny('terms_interaction_required'))
  })

  test('has no grace where the settings give no day', () => {
    expect(exchange('2026-11-01T00:00:00.000Z', { ...SETTINGS, refreshGraceDays: 0 })).toEqual(
      deny('terms_interaction_required'),
    )
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

describe('the answer', () => {
  const CLAIMS = {
    purpose: 'terms_answer',
    terms_version: '2026-11-01',
    nonce: NONCE,
    answer: 'accepted',
    locale: 'pt-BR',
    iat: 1,
    exp: 2,
    iss: 'login.example.com',
    sub: 'auth0|1',
    state: 'state',
  }
  const answer = (claims: unknown, { metadata = holding(OLD), nonce = NONCE, now = NOW } = {}) =>
    decideTermsAnswer({ metadata, claims, nonce }, SETTINGS, now)

  test('that accepts is recorded with version, time and locale, and nothing else of it', () => {
    expect(answer(CLAIMS)).toEqual({
      ...ALLOW,
      changes: [
        {
          metadata: 'app_metadata',
          key: 'terms',
          value: {
            version: '2026-11-01',
            accepted_at: '2026-11-20T09:00:00.000Z',
            locale: 'pt-BR',
          },
        },
      ],
    })
  })

  test.each<[string, unknown]>([
    ['is not there', undefined],
    ['is null', null],
    ['is a text', 'accepted'],
    ['is a list', [CLAIMS]],
    ['lacks the purpose', { ...CLAIMS, purpose: undefined }],
    ['is the token that went out', { ...CLAIMS, purpose: 'terms_request' }],
    ['lacks the nonce', { ...CLAIMS, nonce: undefined }],
    ['has the nonce of another sign-in', { ...CLAIMS, nonce: 'nonce-of-another-login' }],
    ['has the nonce in a list', { ...CLAIMS, nonce: [NONCE] }],
    ['lacks the version', { ...CLAIMS, terms_version: undefined }],
    ['lacks the answer', { ...CLAIMS, answer: undefined }],
    ['says true', { ...CLAIMS, answer: true }],
    ['lacks the locale', { ...CLAIMS, locale: undefined }],
    ['has a locale that is markup', { ...CLAIMS, locale: '<b>en</b>' }],
    ['has its claims behind __proto__', JSON.parse(`{"__proto__":${JSON.stringify(CLAIMS)}}`)],
  ])('that %s is refused', (_title, claims) => {
    expect(answer(claims)).toEqual(deny('terms_answer_invalid'))
  })

  test.each([
    ['remembers nothing', undefined],
    ['remembers something empty', ''],
    ['remembers no text', { nonce: NONCE }],
    ['remembers true', true],
  ])('is refused where the transaction %s', (_title, nonce) => {
    expect(
      decideTermsAnswer({ metadata: holding(OLD), claims: CLAIMS, nonce }, SETTINGS, NOW),
    ).toEqual(deny('terms_answer_invalid'))
    expect(
      decideTermsAnswer(
        { metadata: holding(OLD), claims: { ...CLAIMS, nonce }, nonce },
        SETTINGS,
        NOW,
      ),
    ).toEqual(deny('terms_answer_invalid'))
  })

  test('that declines ends the sign-in and is not recorded', () => {
    expect(answer({ ...CLAIMS, answer: 'declined' })).toEqual(deny('terms_declined'))
  })

  test('that declines a version of yesterday still declines', () => {
    const claims = { ...CLAIMS, answer: 'declined', terms_version: '2025-01-15' }
    expect(answer(claims)).toEqual(deny('terms_declined'))
  })

  test.each(['2025-01-15', '2027-06-01', '1999'])(
    'for version %s, which is not in force, is refused',
    (terms_version) => {
      expect(answer({ ...CLAIMS, terms_version })).toEqual(deny('terms_version_changed'))
    },
  )

  test('given a millisecond after the next version came into force is refused', () => {
    const last = new Date('2027-05-31T23:59:59.999Z')
    const first = new Date('2027-06-01T00:00:00.000Z')
    expect(answer(CLAIMS, { now: last })).toMatchObject({ kind: 'allow' })
    expect(answer(CLAIMS, { now: first })).toEqual(deny('terms_version_changed'))
  })

  test.each([['a text'], [['list']], [7], [null]])(
    'is refused where app_metadata is %j and cannot hold it',
    (app_metadata) => {
      const metadata = { app_metadata, user_metadata: {} }
      expect(answer(CLAIMS, { metadata })).toEqual(deny('terms_record_unreadable'))
    },
  )

  test('is refused where the profile has no room to record it', () => {
    const full = { app_metadata: {}, user_metadata: { x: 'x'.repeat(TERMS_BUDGET_BYTES) } }
    expect(answer(CLAIMS, { metadata: full })).toEqual(deny('terms_record_full'))
  })

  test('replaces an older record of the same size in a profile without room', () => {
    const full = {
      app_metadata: { terms: { ...OLD, locale: 'pt-BR' } },
      user_metadata: { x: 'x'.repeat(TERMS_BUDGET_BYTES) },
    }
    expect(answer(CLAIMS, { metadata: full })).toMatchObject({ kind: 'allow', changes: [{}] })
  })
})

describe('whatever is stored', () => {
  const TIMES = fc.date({
    min: new Date('2024-01-01T00:00:00Z'),
    max: new Date('2028-01-01T00:00:00Z'),
    noInvalidDate: true,
  })
  const record = fc.record(
    {
      version: fc.constantFrom('2025-01-15', '2026-11-01', '2027-06-01', 'other'),
      accepted_at: fc.constantFrom('2026-11-02T10:00:00.000Z', 'never', 1),
      locale: fc.constant('en'),
    },
    { requiredKeys: [] },
  )
  const metadata = storedMetadata(['terms'], record)
  const protocol = fc.constantFrom(...Object.keys(PROTOCOL_POLICY), undefined, 'unknown')

  /** The rule in its shortest form, for ISO times in UTC, which sort as text. */
  const inForceAt = (now: Date) =>
    SETTINGS.versions.filter(({ effectiveAt }) => effectiveAt <= now.toISOString()).at(-1)

  test('nobody is let in without an acceptance of the version in force, but in grace', () => {
    fc.assert(
      fc.property(metadata, protocol, TIMES, (stored, name, now) => {
        const decision = decideTerms(
          factsWith({ metadata: stored, protocol: name }),
          SETTINGS,
          now,
          NONCE,
        )
        if (decision.kind !== 'allow') return
        const inForce = inForceAt(now)
        if (inForce === undefined) return
        const isInGrace =
          name === 'oauth2-refresh-token' &&
          now.getTime() - Date.parse(inForce.effectiveAt) < 14 * 86_400_000
        if (!isInGrace) {
          expect(stored.app_metadata).toMatchObject({
            terms: { version: inForce.version, accepted_at: '2026-11-02T10:00:00.000Z' },
          })
        }
      }),
      RUNS,
    )
  })

  test('a sign-in changes nothing before the answer, and a refusal never', () => {
    fc.assert(
      fc.property(metadata, protocol, TIMES, (stored, name, now) => {
        const decision = decideTerms(
          factsWith({ metadata: stored, protocol: name }),
          SETTINGS,
          now,
          NONCE,
        )
        if (decision.kind === 'allow') expect(decision.changes).toEqual([])
      }),
      RUNS,
    )
  })

  test('claims that are not an answer for this sign-in are never an acceptance', () => {
    const claims = fc.oneof(
      json,
      fc.record(
        {
          purpose: fc.constantFrom('terms_answer', 'terms_request'),
          terms_version: fc.constantFrom('2025-01-15', '2026-11-01', 1),
          nonce: fc.constantFrom(NONCE, 'nonce-of-another-login'),
          answer: fc.constantFrom('accepted', 'declined', true),
          locale: fc.constantFrom('en', ''),
        },
        { requiredKeys: [] },
      ),
    )
    fc.assert(
      fc.property(metadata, claims, (stored, said) => {
        const decision = decideTermsAnswer(
          { metadata: stored, claims: said, nonce: NONCE },
          SETTINGS,
          NOW,
        )
        if (decision.kind !== 'allow') return
        expect(said).toEqual({
          purpose: 'terms_answer',
          terms_version: '2026-11-01',
          nonce: NONCE,
          answer: 'accepted',
          locale: 'en',
        })
      }),
      { numRuns: 1000 },
    )
  })

  test('an accepted answer lets the next sign-in through, twice the same, and touches only terms', () => {
    const claims = {
      purpose: 'terms_answer',
      terms_version: '2026-11-01',
      nonce: NONCE,
      answer: 'accepted',
      locale: 'en',
    }
    fc.assert(
      fc.property(metadata, (stored) => {
        const first = decideTermsAnswer({ metadata: stored, claims, nonce: NONCE }, SETTINGS, NOW)
        if (first.kind !== 'allow') {
          expect(['terms_record_unreadable', 'terms_record_full']).toContain(
            first.kind === 'deny' && first.code,
          )
          return
        }
        const after = mergeMetadata(stored, first.changes)
        expect(decide({ metadata: after })).toEqual(ALLOW)
        const again = decideTermsAnswer({ metadata: after, claims, nonce: NONCE }, SETTINGS, NOW)
        expect(again).toEqual(ALLOW)
        expect({ ...(after.app_metadata as object), terms: 0 }).toEqual({
          ...(stored.app_metadata ?? {}),
          terms: 0,
        })
        expect(after.user_metadata).toEqual(stored.user_metadata)
      }),
      RUNS,
    )
  })
})
