import { describe, expect, test } from '@jest/globals'
import { parseConnection, parseSecrets, pickCliVariables } from '../../deploy/environment.ts'

const NAMES = [
  'CUSTOMER_URL',
  'CUSTOMER_TOKEN',
  'TERMS_URL',
  'TERMS_TOKEN_SECRET',
  'TERMS_TOKEN_SECRET_PREVIOUS',
]
const signingKey = 'Zk3v9Qx7Lw2Tr8Yp5Nm1Bc6Hd4Jf0Gs-Aa'

const complete = {
  AUTH0_DOMAIN: 'example.eu.auth0.com',
  AUTH0_CLIENT_ID: 'client',
  AUTH0_CLIENT_SECRET: 'client-secret',
  CUSTOMER_URL: 'https://crm.example.com/customers',
  CUSTOMER_TOKEN: 'ct_7Hq2Vx9Lm4Rz8Kp1',
  TERMS_URL: 'https://terms.example.com/terms',
  TERMS_TOKEN_SECRET: signingKey,
}

const problemsOf = (source: Record<string, string | undefined>): string[] =>
  [parseConnection(source), parseSecrets(source, NAMES)].flatMap((parsed) =>
    parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path} ${message}`),
  )

describe('the environment of a deployment', () => {
  test('names everything that is missing at once', () => {
    expect(problemsOf({})).toEqual([
      'AUTH0_DOMAIN is not set',
      'AUTH0_CLIENT_ID is not set',
      'AUTH0_CLIENT_SECRET is not set',
      'CUSTOMER_URL is not set',
      'CUSTOMER_TOKEN is not set',
      'TERMS_URL is not set',
      'TERMS_TOKEN_SECRET is not set',
    ])
  })

  test.each([
    ['an empty domain', { AUTH0_DOMAIN: '' }, 'AUTH0_DOMAIN is not set'],
    ['a short signing key', { TERMS_TOKEN_SECRET: 'short' }, 'TERMS_TOKEN_SECRET is shorter'],
    [
      'a placeholder as signing key',
      { TERMS_TOKEN_SECRET: '##TERMS_TOKEN_SECRET##' },
      'TERMS_TOKEN_SECRET is still a placeholder',
    ],
    [
      'a short previous signing key',
      { TERMS_TOKEN_SECRET_PREVIOUS: 'short' },
      'TERMS_TOKEN_SECRET_PREVIOUS is shorter',
    ],
    [
      'a marker in any other secret',
      { TERMS_URL: 'https://##HOST##/terms' },
      'TERMS_URL is still a placeholder',
    ],
    [
      'a page without https',
      { TERMS_URL: 'http://terms.example.com' },
      'TERMS_URL is not a URL with https://',
    ],
    [
      'an address without scheme',
      { CUSTOMER_URL: 'crm.example.com' },
      'CUSTOMER_URL is not a URL with https://',
    ],
    ['a secret longer than Auth0 takes', { TERMS_URL: 'x'.repeat(4097) }, 'TERMS_URL is longer'],
    ['a domain with a scheme', { AUTH0_DOMAIN: 'https://x.auth0.com' }, 'AUTH0_DOMAIN must be'],
    ['permission to delete, with the reason', { AUTH0_ALLOW_DELETE: 'true' }, "other teams' too"],
    ['a client without its secret', { AUTH0_CLIENT_SECRET: undefined }, 'AUTH0_CLIENT_SECRET is'],
  ])('refuses %s', (_, change, problem) => {
    expect(problemsOf({ ...complete, ...change })).toEqual([expect.stringContaining(problem)])
  })

  test('gives the Deploy CLI no variable that was not asked for', () => {
    const reach = { PATH: '/bin', HTTPS_PROXY: 'http://proxy.example:3128' }
    const others = { GITHUB_TOKEN: 'x', AUTH0_ALLOW_DELETE: 'true', AUTH0_DRY_RUN: 'true' }
    expect(pickCliVariables({ ...complete, ...others, ...reach })).toEqual(reach)
  })

  test('keeps a previous signing key while one is rotated', () => {
    const previous = `previous-${signingKey}`
    const secretsOf = (source: Record<string, string>) => parseSecrets(source, NAMES.slice(3))
    expect(secretsOf({ ...complete, TERMS_TOKEN_SECRET_PREVIOUS: previous })).toEqual({
      ok: true,
      value: { TERMS_TOKEN_SECRET: signingKey, TERMS_TOKEN_SECRET_PREVIOUS: previous },
    })
    expect(secretsOf(complete)).toEqual({
      ok: true,
      value: { TERMS_TOKEN_SECRET: signingKey, TERMS_TOKEN_SECRET_PREVIOUS: signingKey },
    })
  })

  test.each([
    [
      'an access token goes before everything',
      { AUTH0_ACCESS_TOKEN: 'token', AUTH0_CLIENT_SIGNING_KEY_PATH: '/key.pem' },
      { kind: 'token', accessToken: 'token' },
    ],
    [
      'a private key goes before a client secret',
      { AUTH0_CLIENT_SIGNING_KEY_PATH: '/key.pem', AUTH0_CLIENT_SIGNING_ALGORITHM: 'PS256' },
      { kind: 'private-key', clientId: 'client', keyFile: '/key.pem', algorithm: 'PS256' },
    ],
    ['a client secret', {}, { kind: 'secret', clientId: 'client', clientSecret: 'client-secret' }],
  ])('the way in: %s', (_, change, credentials) => {
    expect(parseConnection({ ...complete, ...change })).toEqual({
      ok: true,
      value: { domain: 'example.eu.auth0.com', credentials },
    })
  })

  test('secrets are asked for by name, and no others are read', () => {
    expect(parseSecrets({ ...complete, OTHER: 'x' }, ['TERMS_URL'])).toEqual({
      ok: true,
      value: { TERMS_URL: complete.TERMS_URL },
    })
  })
})
