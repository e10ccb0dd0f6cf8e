import { describe, expect, test } from '@jest/globals'
import { withoutSecrets, withoutTokens } from '../../../local-tenant/api/redact.ts'

const TOKEN = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl`

describe('what a trace may not show', () => {
  test.each([
    ['a token', TOKEN, '***'],
    ['a token in a text', `Bearer ${TOKEN}, again`, 'Bearer ***, again'],
    ['a token without signature', 'eyJhbGciOiJub25lIn0.eyJ9.', '***'],
    ['a token deep inside', { a: [{ b: TOKEN }] }, { a: [{ b: '***' }] }],
    ['a token as a key', { [TOKEN]: 1 }, { '***': 1 }],
  ])('%s', (_name, value, shown) => {
    expect(withoutTokens(value)).toEqual(shown)
  })

  test.each([
    ['a secret', 'key: s3cret-value!', 'key: [secret KEY]'],
    ['a secret as it stands in a URL', 'https://x/?k=s3cret-value!', 'https://x/?k=[secret KEY]'],
    ['a secret, encoded', `x=${encodeURIComponent('p&ss=word')}`, 'x=[secret OTHER]'],
  ])('%s', (_name, text, shown) => {
    expect(withoutSecrets(text, { KEY: 's3cret-value!', OTHER: 'p&ss=word' })).toBe(shown)
  })

  test.each([
    ['an address', { TERMS_URL: 'https://terms.example/' }, 'https://terms.example/?a=1'],
    ['a text too short to be a secret', { FLAG: 'true' }, 'true'],
    ['numbers and null', {}, { n: 1, nothing: null, list: [true] }],
  ])('but %s stays readable', (_name, secrets, value) => {
    expect(withoutSecrets(value, secrets)).toEqual(value)
  })

  test('an address with a password is hidden', () => {
    const DATABASE = 'https://user:password@db.example/'
    expect(withoutSecrets(DATABASE, { DATABASE })).toBe('[secret DATABASE]')
  })

  test('a long text that only looks like the beginning of tokens takes no time', () => {
    const begin = performance.now()
    withoutTokens('eyJ'.repeat(200_000))
    expect(performance.now() - begin).toBeLessThan(500)
  })
})
