import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import {
  isLocale,
  isTermsVersion,
  MIN_SIGNING_KEY_BYTES,
  parseTermsAnswer,
  parseTermsRequest,
  signingKeyProblem,
  TERMS_ANSWER_SECONDS,
  TERMS_REQUEST_SECONDS,
} from '../../../actions/shared/session-token.ts'
import { json, RUNS } from '../arbitraries.ts'

const NONCE = 'nonce-of-22-characters'

const REQUEST = {
  purpose: 'terms_request',
  terms_version: '2026-11-01',
  nonce: NONCE,
  locales: ['pt-BR', 'en'],
  client_name: 'Web shop',
} as const

const ANSWER = {
  purpose: 'terms_answer',
  terms_version: '2026-11-01',
  nonce: NONCE,
  answer: 'accepted',
  locale: 'en',
} as const

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
    ['no version', { ...REQUEST, terms_version: undefined }],
    ['a version that is a path', { ...REQUEST, terms_version: '../../secret' }],
    ['no nonce', { ...REQUEST, nonce: undefined }],
    ['a nonce that is too short to be random', { ...REQUEST, nonce: 'short' }],
    ['a list', [REQUEST]],
    ['nothing', undefined],
  ])('is not read from %s', (_title, claims: unknown) => {
    expect(parseTermsRequest(claims)).toBeUndefined()
  })
})

describe('the answer', () => {
  test.each(['accepted', 'declined'])('%s is read without the standard claims', (answer) => {
    expect(parseTermsAnswer({ ...STANDARD, state: 'x', ...ANSWER, answer })).toEqual({
      ...ANSWER,
      answer,
    })
  })

  test.each(Object.keys(ANSWER))('is not read without %s', (claim) => {
    expect(parseTermsAnswer({ ...ANSWER, [claim]: undefined })).toBeUndefined()
  })

  test.each([
    ['the token that went out', REQUEST],
    [
      'the token that went out with an answer added',
      { ...REQUEST, answer: 'accepted', locale: 'en' },
    ],
    ['another word', { ...ANSWER, answer: 'yes' }],
    ['true instead of a word', { ...ANSWER, answer: true }],
    ['a word in capitals', { ...ANSWER, answer: 'ACCEPTED' }],
    ['a word in a list', { ...ANSWER, answer: ['accepted'] }],
    ['a version that is a number', { ...ANSWER, terms_version: 20261101 }],
    ['a version with a line break', { ...ANSWER, terms_version: '2026-11-01\n' }],
    ['a nonce in a list', { ...ANSWER, nonce: [NONCE] }],
    ['a locale that is markup', { ...ANSWER, locale: '<script>' }],
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
    ['fewer than 32 characters that are 32 bytes', 'é'.repeat(12) + 'abcdefgh'],
    ['a marker in the middle', `${RANDOM}##NAME##`],
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
    ['is one character, repeated', 'x'.repeat(64), 'placeholder'],
    ['is a short pattern, repeated', 'secret'.repeat(8), 'placeholder'],
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
