import { describe, expect, test } from '@jest/globals'
import { parsePortalSettings } from '../../portal/config.ts'
import { PREVIOUS_KEY, SIGNING_KEY } from '../../test-kit/portal/terms-link.ts'

const COMPLETE = { TERMS_TOKEN_SECRET: SIGNING_KEY, LOGIN_HOSTS: 'tenant.eu.auth0.com' }

const problemsOf = (environment: unknown): readonly string[] => {
  const parsed = parsePortalSettings(environment)
  return parsed.ok ? [] : parsed.problems.map(({ path }) => path)
}

describe('the environment of the portal', () => {
  test('needs a key and a login host, and has defaults for the rest', () => {
    expect(parsePortalSettings(COMPLETE)).toEqual({
      ok: true,
      value: {
        config: { signingKey: SIGNING_KEY, loginHosts: ['tenant.eu.auth0.com'] },
        host: '127.0.0.1',
        port: 3000,
      },
    })
  })

  test('may set everything', () => {
    const environment = {
      ...COMPLETE,
      TERMS_TOKEN_SECRET_PREVIOUS: PREVIOUS_KEY,
      LOGIN_HOSTS: ' tenant.eu.auth0.com, Login.Example.com ,localhost:4401,',
      HOST: '0.0.0.0',
      PORT: '8443',
      TLS_KEY_FILE: '/run/key.pem',
      TLS_CERT_FILE: '/run/cert.pem',
      BRAND_FILE: '/etc/portal/brand.json',
    }
    expect(parsePortalSettings(environment)).toEqual({
      ok: true,
      value: {
        config: {
          signingKey: SIGNING_KEY,
          previousSigningKey: PREVIOUS_KEY,
          loginHosts: ['tenant.eu.auth0.com', 'login.example.com', 'localhost:4401'],
        },
        host: '0.0.0.0',
        port: 8443,
        tlsFiles: { key: '/run/key.pem', cert: '/run/cert.pem' },
        brandFile: '/etc/portal/brand.json',
      },
    })
  })

  test.each<[string, Record<string, string>, string[]]>([
    ['without a key', { TERMS_TOKEN_SECRET: '' }, ['TERMS_TOKEN_SECRET']],
    ['with a short key', { TERMS_TOKEN_SECRET: 'abcdefghij' }, ['TERMS_TOKEN_SECRET']],
    [
      'with a marker in place of the key',
      { TERMS_TOKEN_SECRET: '@@TERMS_TOKEN_SECRET_OF_THIS_TENANT@@' },
      ['TERMS_TOKEN_SECRET'],
    ],
    [
      'with a key that every tutorial has',
      { TERMS_TOKEN_SECRET: 'your-32-character-secret-goes-here' },
      ['TERMS_TOKEN_SECRET'],
    ],
    [
      'with a short previous key',
      { TERMS_TOKEN_SECRET_PREVIOUS: 'abcdefghij' },
      ['TERMS_TOKEN_SECRET_PREVIOUS'],
    ],
    ['without login hosts', { LOGIN_HOSTS: ' , ' }, ['LOGIN_HOSTS']],
    ['with a URL as login host', { LOGIN_HOSTS: 'https://a.example' }, ['LOGIN_HOSTS']],
    ['with a path in a login host', { LOGIN_HOSTS: 'a.example/evil' }, ['LOGIN_HOSTS']],
    ['with a user in a login host', { LOGIN_HOSTS: 'a.example@evil.example' }, ['LOGIN_HOSTS']],
    ['with a wildcard login host', { LOGIN_HOSTS: '*.auth0.com' }, ['LOGIN_HOSTS']],
    ['with the default port spelled out', { LOGIN_HOSTS: 'a.example:443' }, ['LOGIN_HOSTS']],
    [
      'with two bad login hosts',
      { LOGIN_HOSTS: 'a b,ok.example,c/d' },
      ['LOGIN_HOSTS', 'LOGIN_HOSTS'],
    ],
    ['with a port that is no number', { PORT: 'http' }, ['PORT']],
    ['with a port that does not exist', { PORT: '65536' }, ['PORT']],
    ['with a key file but no certificate', { TLS_KEY_FILE: '/k.pem' }, ['TLS_CERT_FILE']],
    ['with a certificate but no key file', { TLS_CERT_FILE: '/c.pem' }, ['TLS_KEY_FILE']],
    [
      'with everything wrong',
      {
        TERMS_TOKEN_SECRET: 'short',
        TERMS_TOKEN_SECRET_PREVIOUS: 'short',
        LOGIN_HOSTS: '',
        PORT: '-1',
        TLS_KEY_FILE: '/k.pem',
      },
      ['TERMS_TOKEN_SECRET', 'TERMS_TOKEN_SECRET_PREVIOUS', 'LOGIN_HOSTS', 'PORT', 'TLS_CERT_FILE'],
    ],
  ])('is refused %s', (_case, changes, names) => {
    expect(problemsOf({ ...COMPLETE, ...changes })).toEqual(names)
  })

  test.each([undefined, null, 'text', []])('is refused when it is %p', (environment) => {
    expect(problemsOf(environment)).toEqual(['TERMS_TOKEN_SECRET', 'LOGIN_HOSTS'])
  })

  test('is never quoted in a problem', () => {
    const parsed = parsePortalSettings({ TERMS_TOKEN_SECRET: 'hush', LOGIN_HOSTS: 'hush/hush' })
    expect(JSON.stringify(parsed)).toContain('problems')
    expect(JSON.stringify(parsed)).not.toContain('hush')
  })
})
