import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { dictionary } from '@zxcvbn-ts/language-common'
import { parseSecrets } from '../../deploy/environment.ts'
import { guessBits } from '../../deploy/guess-bits.ts'

const problemsOf = (name: string, value: string): string[] => {
  const parsed = parseSecrets({ [name]: value }, [name])
  return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path} ${message}`)
}

describe('a signing key is refused when it', () => {
  test.each([
    ['is a placeholder of a tutorial', 'your-32-character-secret-goes-here'],
    ['says what to do', 'REPLACE_WITH_OPENSSL_RAND_BASE64_48'],
    ['says it in words', 'insert-a-very-long-and-random-string-here-please'],
    ['counts', '01234567890123456789012345678901'],
    ['counts in hex', '0123456789abcdef0123456789abcdef'],
    ['is the alphabet', 'abcdefghijklmnopqrstuvwxyz123456'],
    ['runs along the keyboard', 'qwertyuiopasdfghjklzxcvbnm1234567890'],
    ['is one character', 'x'.repeat(64)],
    ['is a repeated word', 'changeme-changeme-changeme-changeme'],
    ['is repeated random characters', 'k3J9vQ0s'.repeat(6)],
    ['is a sentence without spaces', 'ThisIsMySuperSecretSigningKeyForTerms'],
    ['says what it is for', 'the_secret_of_the_terms_page_in_production'],
    ['names a company', 'contoso-production-terms-signing-key-2026'],
    ['is the example of a well-known debugger', 'a-string-secret-at-least-256-bits-long'],
    ['is made of names of months', 'january-february-march-april-may-june'],
  ])('%s', (_, key) => {
    for (const name of ['TERMS_TOKEN_SECRET', 'TERMS_TOKEN_SECRET_PREVIOUS']) {
      expect(problemsOf(name, key)).toEqual([expect.stringMatching(/easy to guess|placeholder/)])
      expect(problemsOf(name, key).join()).not.toContain(key)
      expect(problemsOf(name, key).join()).toContain('openssl rand -base64 48')
    }
  })
})

describe('a token is refused when it', () => {
  test.each([
    ['is one word', 'changeme'],
    ['is a note to oneself', 'TODO'],
    ['is one letter, again and again', 'xxxxxxxxxxxxxxxx'],
    ['is a placeholder', 'your-customer-service-token'],
    ['says what it is', 'token-for-the-customer-service'],
    ['says that it is none', 'example'],
    ['counts', '1234567890'],
  ])('%s', (_, token) => {
    for (const name of ['CUSTOMER_TOKEN', 'API_KEY', 'CLIENT_SECRET', 'DB_PASSWORD']) {
      expect(problemsOf(name, token)).toEqual([expect.stringContaining(`${name} is easy to guess`)])
    }
  })
})

test('what is neither a key nor a token is not judged', () => {
  expect(problemsOf('CUSTOMER_URL', 'https://example.com/test')).toEqual([])
  expect(problemsOf('CUSTOMER_REGION', 'test')).toEqual([])
})

const WORDS = dictionary['diceware-common']
const words = (count: number, separator: string): string =>
  Array.from({ length: count }, () => WORDS[randomInt(WORDS.length)] ?? '').join(separator)
const letters = (count: number, alphabet: string): string =>
  Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)] ?? '').join('')
const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

describe('no random value is refused in 10,000 draws', () => {
  /** Fourteen kinds. */
  const DRAWS = 10_000 / 14

  const refused = (name: string, draw: () => string): string[] =>
    Array.from({ length: DRAWS }, draw).filter((value) => problemsOf(name, value).length > 0)

  test.each<[string, () => string]>([
    ['openssl rand -base64 48', () => randomBytes(48).toString('base64')],
    ['openssl rand -hex 32', () => randomBytes(32).toString('hex')],
    ['openssl rand -hex 16, the shortest key that is taken', () => randomBytes(16).toString('hex')],
    ['24 bytes in base64url', () => randomBytes(24).toString('base64url')],
    ['two UUIDs', () => randomUUID() + randomUUID()],
    ['one UUID', () => randomUUID()],
    ['ten words of a pass-phrase generator', () => words(10, '-')],
    ['32 letters and digits of a password manager', () => letters(32, ALPHANUMERIC)],
  ])('as a signing key: %s', (_, draw) => {
    expect(refused('TERMS_TOKEN_SECRET', draw)).toEqual([])
  })

  test.each<[string, () => string]>([
    ['16 digits of hex', () => randomBytes(8).toString('hex')],
    ['12 letters and digits', () => letters(12, ALPHANUMERIC)],
    ['20 digits', () => letters(20, '0123456789')],
    ['five words of a pass-phrase generator', () => words(5, ' ')],
    ['a token with a prefix', () => `sk_live_${letters(24, ALPHANUMERIC)}`],
    ['a JWT', () => `eyJhbGciOiJIUzI1NiJ9.e30.${randomBytes(32).toString('base64url')}`],
  ])('as a token: %s', (_, draw) => {
    expect(refused('CUSTOMER_TOKEN', draw)).toEqual([])
  })
})

describe('the bits of', () => {
  test.each([
    ['digits', '70493', 10],
    ['the letters of hex', 'fbdac', 6],
    ['other letters', 'zkqvx', 20],
    ['capitals of hex', 'FBDAC', 6],
    ['other capitals', 'ZKQVX', 20],
    ['letters and digits', 'z7Qf3', 10 + 6 + 20 + 20],
    ['signs', '+/!?=', 10],
  ])('random %s are those of a character, for each', (_, text, alphabet) => {
    expect(guessBits(text)).toBeCloseTo(text.length * Math.log2(alphabet), 6)
  })

  test.each([
    ['up', 'mnopqrst'],
    ['down', 'tsrqponm'],
  ])('a run %s are those of its beginning, its length and a direction', (_, run) => {
    expect(guessBits(run)).toBeCloseTo(Math.log2(20) + Math.log2(8) + 1, 6)
  })

  test('a step of two are no run, and two characters neither', () => {
    expect(guessBits('gikmo')).toBeCloseTo(5 * Math.log2(20), 6)
    expect(guessBits('xkqzy')).toBeCloseTo(5 * Math.log2(20), 6)
  })

  test('a copy are where it stood and how long it is', () => {
    expect(guessBits('zkqvxwzkqvxw')).toBeCloseTo(6 * Math.log2(20) + 2 * Math.log2(6), 6)
  })

  test('a word are its rank, and its case', () => {
    expect(guessBits('password')).toBe(guessBits('Password') - 1)
    expect(guessBits('PASSWORD')).toBe(guessBits('password') + 1)
    expect(guessBits('passWord')).toBeGreaterThan(guessBits('password') + 2)
  })
})
