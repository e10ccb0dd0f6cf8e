import { createHmac } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { decodeJwt, jwtVerify } from 'jose'
import { newApi, NOW, SECRET } from '../../../test-kit/local-tenant/api.ts'

const NOW_SECONDS = NOW / 1000

describe('redirect.encodeToken', () => {
  test('signs with HS256 what an independent library accepts', async () => {
    const token = newApi().api.redirect.encodeToken({ secret: SECRET, payload: { purpose: 'x' } })
    const { payload, protectedHeader } = await jwtVerify(token, Buffer.from(SECRET), {
      currentDate: new Date(NOW),
    })
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' })
    expect(payload).toEqual({
      iat: NOW_SECONDS,
      iss: 'login.example.com',
      sub: 'auth0|65a4e8f0c1d2e3f4a5b6c7d8',
      exp: NOW_SECONDS + 900,
      ip: '192.0.2.10',
      purpose: 'x',
    })
  })

  test('puts the claims in order, the payload last, where it overrides', () => {
    const { redirect } = newApi().api
    const token = redirect.encodeToken({ secret: SECRET, payload: { b: 1, sub: 'other', a: 2 } })
    const claims = decodeJwt(token)
    expect(Object.keys(claims)).toEqual(['iat', 'iss', 'sub', 'exp', 'ip', 'b', 'a'])
    expect(claims.sub).toBe('other')
  })

  test.each([
    [60, 60],
    [0, 0],
    [undefined, 900],
  ])('expiresInSeconds of %s means %i seconds', (expiresInSeconds, seconds) => {
    const token = newApi().api.redirect.encodeToken({
      secret: SECRET,
      payload: {},
      ...(expiresInSeconds === undefined ? {} : { expiresInSeconds }),
    })
    expect(decodeJwt(token).exp).toBe(NOW_SECONDS + seconds)
  })

  test.each([[''], [undefined]])('refuses to sign with the secret %j', (secret) => {
    const { redirect } = newApi().api
    expect(() => redirect.encodeToken({ secret: secret as string, payload: {} })).toThrow(/secret/)
  })
})

describe('redirect.sendUserTo', () => {
  test('sets query parameters over those of the same name in the URL', () => {
    const { api, result } = newApi()
    const returned = api.redirect.sendUserTo('https://page.example/terms?lang=en&lang=fr&keep=1', {
      query: { lang: 'de', next: 'a b&c' },
    })
    expect(returned).toBe(api)
    expect(result.redirect).toEqual({
      url: 'https://page.example/terms?lang=de&keep=1&next=a+b%26c',
    })
  })

  test.each(['/terms', 'page.example/terms', ''])('throws for %j, which is not absolute', (url) => {
    const { api, result } = newApi()
    expect(() => api.redirect.sendUserTo(url)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_URL' }),
    )
    expect(result).not.toHaveProperty('redirect')
  })
})

describe('redirect.canRedirect', () => {
  test.each([
    ['oidc-basic-profile', {}, true],
    ['oidc-basic-profile', { prompt: 'none' }, false],
    ['oauth2-resource-owner', {}, false],
    ['oauth2-refresh-token', {}, false],
    ['oauth2-password', {}, false],
    ['oauth2-webauthn', {}, false],
    ['oauth2-token-exchange', {}, true],
    ['oidc-ciba', {}, true],
    [undefined, {}, true],
  ] as const)('%s with %j gives %s', (protocol, query, can) => {
    const { api } = newApi({ transaction: { protocol }, request: { query } })
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- as wrong as Auth0's, on purpose
    expect(api.redirect.canRedirect()).toBe(can)
  })

  test('gives true without a transaction', () => {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- as wrong as Auth0's, on purpose
    expect(newApi({ transaction: undefined }).api.redirect.canRedirect()).toBe(true)
  })
})

describe('redirect.validateToken', () => {
  const STATE = 'state-of-continue'
  const standard = {
    iat: NOW_SECONDS,
    exp: NOW_SECONDS + 60,
    iss: 'login.example.com',
    sub: 'auth0|65a4e8f0c1d2e3f4a5b6c7d8',
    state: STATE,
  }
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const sign = (
    claims: object,
    { secret = SECRET, header = {} }: { secret?: string; header?: object } = {},
  ): string => {
    const signed = `${part({ alg: 'HS256', typ: 'JWT', ...header })}.${part(claims)}`
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
  }
  const validate = (
    token: unknown,
    {
      query = { state: STATE },
      secret = SECRET,
      name,
    }: { query?: object; secret?: string; name?: string } = {},
  ): unknown => {
    const { api } = newApi({
      request: { query: { ...query }, body: { [name || 'session_token']: token } },
    })
    return api.redirect.validateToken({
      secret,
      ...(name === undefined ? {} : { tokenParameterName: name }),
    })
  }

  test('gives the payload of a good answer', () => {
    expect(validate(sign({ ...standard, answer: 'accepted' }))).toEqual({
      ...standard,
      answer: 'accepted',
    })
  })

  test.each([
    ['another name', 'token'],
    ['the empty name, which means session_token', ''],
  ])('reads the token under %s', (_name, name) => {
    expect(validate(sign(standard), { name })).toEqual(standard)
  })

  test('lets the body win over the query, for token and state', () => {
    const { api } = newApi({
      request: {
        query: { session_token: 'rubbish', state: 'other' },
        body: { session_token: sign(standard), state: STATE },
      },
    })
    expect(api.redirect.validateToken({ secret: SECRET })).toEqual(standard)
  })

  test('reads the token from the query too', () => {
    const { api } = newApi({ request: { query: { session_token: sign(standard), state: STATE } } })
    expect(api.redirect.validateToken({ secret: SECRET })).toEqual(standard)
  })

  test.each([
    ['session_token', undefined],
    ['session_token', ''],
    ['answer', 'answer'],
  ])('says that there is no parameter %s when asked for %j', (name, asked) => {
    const { redirect } = newApi().api
    expect(() =>
      redirect.validateToken({
        secret: SECRET,
        ...(asked === undefined ? {} : { tokenParameterName: asked }),
      }),
    ).toThrow(
      new Error(
        `There is no parameter called '${name}' available in either the POST body or query string.`,
      ),
    )
  })

  const without = (claim: keyof typeof standard): object =>
    Object.fromEntries(Object.entries(standard).filter(([name]) => name !== claim))
  const signature = 'Failed signature validation'
  const claims = 'Missing or invalid standard claims'
  const state = 'State in the token does not match the /continue state.'

  test.each<[string, unknown, string]>([
    ['another key', sign(standard, { secret: 'another-key' }), signature],
    ['the algorithm none', `${part({ alg: 'none', typ: 'JWT' })}.${part(standard)}.`, signature],
    ['HS512 in the header', sign(standard, { header: { alg: 'HS512' } }), signature],
    ['an unknown critical header', sign(standard, { header: { crit: ['x'] } }), signature],
    ['a changed payload', sign(standard).replace(/\.[^.]+\./, `.${part({})}.`), signature],
    ['a cut signature', sign(standard).slice(0, -1), signature],
    ['no signature', sign(standard).replace(/[^.]+$/, ''), signature],
    ['a fourth part', `${sign(standard)}.x`, signature],
    ['no token at all', 'rubbish', signature],
    ['a list of tokens', [sign(standard)], signature],
    ['another typ', sign(standard, { header: { typ: 'at+jwt' } }), 'Unexpected token payload type'],
    ['no typ', sign(standard, { header: { typ: undefined } }), 'Unexpected token payload type'],
    ['a payload that is no object', sign([standard]), 'Unexpected token payload type'],
    ['no sub', sign(without('sub')), claims],
    ['no iss', sign(without('iss')), claims],
    ['no exp', sign(without('exp')), claims],
    ['no iat', sign(without('iat')), claims],
    ['an exp that is a text', sign({ ...standard, exp: '9999999999' }), claims],
    ['another issuer', sign({ ...standard, iss: 'evil.example' }), claims],
    ['an issuer with scheme', sign({ ...standard, iss: 'https://login.example.com/' }), claims],
    ['a time that is over', sign({ ...standard, exp: NOW_SECONDS }), 'Token has expired.'],
    [
      'another user',
      sign({ ...standard, sub: 'auth0|other' }),
      'The sub claim does not match the user_id.',
    ],
    ['no state', sign(without('state')), state],
    ['another state', sign({ ...standard, state: 'other' }), state],
  ])('refuses a token with %s', (_name, token, reason) => {
    expect(() => validate(token)).toThrow(new Error(`The session token is invalid: ${reason}`))
  })

  test.each([
    ['with a state', standard],
    ['without one', without('state')],
  ])('refuses a token %s when /continue has no state', (_name, payload) => {
    // The standard event has a state of the application, which must go.
    expect(() => validate(sign(payload), { query: { state: undefined } })).toThrow(state)
  })

  test.each([[''], [undefined]])('refuses every token when the secret is %j', (secret) => {
    const { api } = newApi({ request: { query: { state: STATE, session_token: sign(standard) } } })
    expect(() => api.redirect.validateToken({ secret: secret as string })).toThrow(signature)
  })

  test('refuses the token that went out as an answer', () => {
    const sent = newApi().api.redirect.encodeToken({ secret: SECRET, payload: {} })
    expect(() => validate(sent)).toThrow(state)
  })
})
