import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import {
  isDocumentId,
  isLocale,
  isTermsVersion,
  isTextHash,
  isUtcTime,
  MAX_DOCUMENTS,
  MIN_SIGNING_KEY_BYTES,
  parseTermsAnswer,
  parseTermsRequest,
  signingKeyProblem,
  TERMS_ANSWER_SECONDS,
  TERMS_REQUEST_SECONDS,
} from '../../../actions/shared/session-token.ts'
import { json, RUNS } from '../../../test-kit/actions/arbitraries.ts'

const NONCE = 'nonce-of-22-characters'

const ASKED = { id: 'tos', version: '2026-11-01', required: true } as const

const REQUEST = {
  purpose: 'terms_request',
  nonce: NONCE,
  documents: [
    ASKED,
    { ...ASKED, id: 'privacy', previous: '2025-01-15', view: 'scroll' },
    { ...ASKED, id: 'news', required: false, effective_at: '2026-12-01T00:00:00Z', view: 'open' },
  ],
  locales: ['pt-BR', 'en'],
  client_name: 'Web shop',
} as const

const SAID = {
  id: 'tos',
  version: '2026-11-01',
  answer: 'accepted',
  locale: 'en',
  hash: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is',
} as const

const ANSWER = {
  purpose: 'terms_answer',
  nonce: NONCE,
  answers: [SAID, { ...SAID, id: 'privacy', answer: 'declined' }],
} as const

/** So many, each about another document. */
const many = (one: object, count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...one, id: `d${index}` }))

/** The same claims about these documents. */
const asking = (...documents: unknown[]) => ({ ...REQUEST, documents })
const saying = (...answers: unknown[]) => ({ ...ANSWER, answers })

/** An object that has `__proto__` for an own key, as `JSON.parse` makes it. */
const polluted = (value: object, proto: unknown = {}): object =>
  Object.defineProperty({ ...value }, '__proto__', { value: proto, enumerable: true })

/** What Auth0 puts beside our claims. */
const STANDARD = { iat: 1, exp: 2, iss: 'login.example.com', sub: 'auth0|1', ip: '192.0.2.1' }

describe('the request', () => {
  test('is read without the claims that Auth0 adds', () => {
    expect(parseTermsRequest({ ...STANDARD, ...REQUEST })).toEqual(REQUEST)
  })

  test.each([
    ['locales that are no list', { locales: 'en' }, { locales: [] }],
    ['locales that are no tags', { locales: ['en', 1, '<b>', '../en'] }, { locales: ['en'] }],
    ['a name that is no text', { client_name: { html: '<b>' } }, { client_name: '' }],
  ])('goes on without %s, which only decide how the page looks', (_title, wrong, read) => {
    expect(parseTermsRequest({ ...REQUEST, ...wrong })).toEqual({ ...REQUEST, ...read })
  })

  test.each([
    ['the answer', ANSWER],
    ['no purpose', { ...REQUEST, purpose: undefined }],
    ['another purpose', { ...REQUEST, purpose: 'profile_request' }],
    ['no documents', { ...REQUEST, documents: undefined }],
    ['an empty list', asking()],
    ['more documents than there may be', asking(...many(ASKED, 11))],
    ['a document twice', asking(ASKED, { ...ASKED, version: '2025-01-15' })],
    ['documents by number', { ...REQUEST, documents: { 0: ASKED, length: 1 } }],
    ['a document without an id', asking({ ...ASKED, id: undefined })],
    ['an id that is a path', asking({ ...ASKED, id: '../secret' })],
    ['an id in capitals', asking({ ...ASKED, id: 'TOS' })],
    ['no version', asking({ ...ASKED, version: undefined })],
    ['a version that is a path', asking({ ...ASKED, version: '../../secret' })],
    ['a word for required', asking({ ...ASKED, required: 'yes' })],
    ['no required', asking({ ...ASKED, required: undefined })],
    ['a previous version that is a path', asking({ ...ASKED, previous: '../x' })],
    ['a time without a zone', asking({ ...ASKED, effective_at: '2026-12-01T00:00:00' })],
    ['another view', asking({ ...ASKED, view: 'glance' })],
    ['a member of tomorrow', asking({ ...ASKED, color: 'red' })],
    ['a document with a __proto__', asking(polluted(ASKED))],
    ['a document behind __proto__', asking(polluted({}, ASKED))],
    ['claims with a __proto__', polluted(REQUEST)],
    ['no nonce', { ...REQUEST, nonce: undefined }],
    ['a nonce that is too short to be random', { ...REQUEST, nonce: 'short' }],
    ['a list', [REQUEST]],
    ['nothing', undefined],
  ])('is not read from %s', (_title, claims: unknown) => {
    expect(parseTermsRequest(claims)).toBeUndefined()
  })
})

describe('the answer', () => {
  test.each(['accepted', 'declined', 'deferred'])(
    '%s is read without the standard claims',
    (answer) => {
      const claims = saying({ ...SAID, answer })
      expect(parseTermsAnswer({ ...STANDARD, state: 'x', ...claims })).toEqual(claims)
    },
  )

  test('is read about as many documents as there may be', () => {
    const claims = saying(...many(SAID, MAX_DOCUMENTS))
    expect(parseTermsAnswer(claims)).toEqual(claims)
  })

  test.each(Object.keys(ANSWER))('is not read without %s', (claim) => {
    expect(parseTermsAnswer({ ...ANSWER, [claim]: undefined })).toBeUndefined()
  })

  test.each(Object.keys(SAID))('is not read about a document without %s', (member) => {
    expect(parseTermsAnswer(saying({ ...SAID, [member]: undefined }))).toBeUndefined()
  })

  test.each([
    ['the token that went out', REQUEST],
    ['the token that went out with answers added', { ...REQUEST, answers: ANSWER.answers }],
    ['an empty list', saying()],
    ['more answers than there may be', saying(...many(SAID, 11))],
    ['two answers about one document', saying(SAID, { ...SAID, answer: 'declined' })],
    ['answers by number', { ...ANSWER, answers: { 0: SAID, length: 1 } }],
    ['another word', saying({ ...SAID, answer: 'yes' })],
    ['true instead of a word', saying({ ...SAID, answer: true })],
    ['a word in capitals', saying({ ...SAID, answer: 'ACCEPTED' })],
    ['a word in a list', saying({ ...SAID, answer: ['accepted'] })],
    ['a version that is a number', saying({ ...SAID, version: 20261101 })],
    ['a version with a line break', saying({ ...SAID, version: '2026-11-01\n' })],
    ['an id that objects inherit', saying({ ...SAID, id: '__proto__' })],
    ['a hash in capitals', saying({ ...SAID, hash: '0123456789ABCDEF' })],
    ['a longer hash', saying({ ...SAID, hash: `${SAID.hash}0` })],
    ['a member of tomorrow', saying({ ...SAID, note: 'x' })],
    ['an answer with a __proto__', saying(polluted(SAID))],
    ['an answer behind __proto__', saying(polluted({}, SAID))],
    ['claims with a __proto__', polluted(ANSWER)],
    ['a nonce in a list', { ...ANSWER, nonce: [NONCE] }],
    ['a locale that is markup', saying({ ...SAID, locale: '<script>' })],
    ['claims in a list', [ANSWER]],
    ['claims behind __proto__', JSON.parse(`{"__proto__":${JSON.stringify(ANSWER)}}`)],
    ['a text', JSON.stringify(ANSWER)],
    ['null', null],
    ['nothing', undefined],
  ])('is not read from %s', (_title, claims: unknown) => {
    expect(parseTermsAnswer(claims)).toBeUndefined()
  })

  test('is never read from a request, nor a request from an answer, whatever else they say', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (extra) => {
        expect(parseTermsAnswer({ ...ANSWER, ...extra, purpose: 'terms_request' })).toBeUndefined()
        expect(parseTermsRequest({ ...REQUEST, ...extra, purpose: 'terms_answer' })).toBeUndefined()
      }),
      RUNS,
    )
  })

  test('is never read from any other JSON', () => {
    fc.assert(
      fc.property(json, (claims) => {
        expect(parseTermsAnswer(claims)).toBeUndefined()
        expect(parseTermsRequest(claims)).toBeUndefined()
      }),
      RUNS,
    )
  })
})

describe('a signing key', () => {
  const RANDOM = 'k3J9-vQ0s_Lw7ZxB2nT5yR8mD1cF4gHa'

  test.each([
    ['32 random characters', RANDOM],
    ['more than 32', RANDOM + RANDOM],
    ['fewer than 32 characters that are 32 bytes', 'é'.repeat(11) + 'abcdefghij'],
    [
      'anything that is in no list: whether it is random is judged before it is deployed',
      'x'.repeat(64),
    ],
  ])('may be %s', (_title, key) => {
    expect(signingKeyProblem(key)).toBeUndefined()
  })

  test.each([
    ['is not there', undefined, 'missing'],
    ['is empty', '', 'missing'],
    ['is null', null, 'missing'],
    ['is a number', 123, 'missing'],
    ['is an object', { secret: RANDOM }, 'missing'],
    ['has 31 bytes', RANDOM.slice(1), 'short'],
    ['is a word', 'secret', 'short'],
    ['is a marker of the Deploy CLI', '@@TERMS_TOKEN_SECRET@@', 'placeholder'],
    ['is its other marker', '##TERMS_TOKEN_SECRET##', 'placeholder'],
    ['is a long marker', '@@THE_SECRET_OF_THE_TERMS_PAGE_IN_PRODUCTION@@', 'placeholder'],
    ['is a placeholder of a tutorial', 'your-32-character-secret-goes-here', 'placeholder'],
    ['says what to do', 'REPLACE_WITH_OPENSSL_RAND_BASE64_48', 'placeholder'],
    ['is a word that is to be changed', 'changeme-changeme-changeme-changeme', 'placeholder'],
    ['counts', '01234567890123456789012345678901', 'placeholder'],
    ['counts in capital hex', '0123456789ABCDEF0123456789ABCDEF', 'placeholder'],
  ])('is refused when it %s', (_title, key: unknown, problem) => {
    expect(signingKeyProblem(key)).toBe(problem)
  })
})

describe('the forms of values', () => {
  test.each(['1', '2026-11-01', 'v1.2_beta', 'A'.repeat(32)])('%s is a version', (version) => {
    expect(isTermsVersion(version)).toBe(true)
  })

  test.each(['', '.', '-1', 'a b', 'a/b', 'A'.repeat(33), 'é', 1, null, ['1']])(
    '%j is no version',
    (version) => {
      expect(isTermsVersion(version)).toBe(false)
    },
  )

  test.each(['a', 'terms-of-service', 'a'.repeat(32), 'x9-'])('%s is a document', (id) => {
    expect(isDocumentId(id)).toBe(true)
  })

  test.each(['', '-a', '9a', 'a b', 'a/b', 'A', 'a'.repeat(33), '__proto__', 1, null])(
    '%j is no document',
    (id) => {
      expect(isDocumentId(id)).toBe(false)
    },
  )

  test.each(['2026-11-01T00:00:00Z', '2026-11-01T00:00Z', '2026-11-01T23:59:59.999Z'])(
    '%s is a time',
    (time) => {
      expect(isUtcTime(time)).toBe(true)
    },
  )

  test.each(['2026-11-01', '2026-11-01T00:00:00', '2026-02-31T25:00:00Z', 'now', 0, null])(
    '%j is no time',
    (time) => {
      expect(isUtcTime(time)).toBe(false)
    },
  )

  test('a hash is 32 characters of base64url, or an older one of 16 hexadecimal digits', () => {
    expect(isTextHash(SAID.hash)).toBe(true)
    expect(isTextHash('0123456789abcdef')).toBe(true)
    expect(isTextHash('0123456789abcdeg')).toBe(false)
    expect(isTextHash('0123456789abcde')).toBe(false)
    expect(isTextHash(`${SAID.hash}A`)).toBe(false)
    expect(isTextHash(SAID.hash.slice(1))).toBe(false)
    expect(isTextHash(`${SAID.hash.slice(1)}=`)).toBe(false)
  })

  test.each(['en', 'pt-BR', 'zh-Hant-TW', 'de-CH-1996'])('%s is a locale', (locale) => {
    expect(isLocale(locale)).toBe(true)
  })

  test.each(['', 'e', 'en_US', 'en-', 'en;q=0.5', '*', 'en-abcdefghi', 5, undefined])(
    '%j is no locale',
    (locale) => {
      expect(isLocale(locale)).toBe(false)
    },
  )
})

test('the key is as long as the hash, and both tokens end before Auth0 forgets the login', () => {
  expect(MIN_SIGNING_KEY_BYTES).toBe(32)
  expect(TERMS_REQUEST_SECONDS + TERMS_ANSWER_SECONDS).toBeLessThan(3600)
  expect(TERMS_ANSWER_SECONDS).toBeGreaterThanOrEqual(60)
})
