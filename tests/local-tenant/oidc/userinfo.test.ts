import { describe, expect, test } from '@jest/globals'
import { importJWK, SignJWT } from 'jose'
import * as client from 'openid-client'
import { API_IDENTIFIER } from '../../../playground/seed/seed.ts'
import {
  CARA,
  CARA_ID,
  redeem,
  signIn,
  shareTestTenant,
} from '../../../test-kit/local-tenant/oidc-harness.ts'

const { local, application } = await shareTestTenant()

describe('/userinfo', () => {
  test.each([
    ['opaque', {}],
    ['of an API', { audience: API_IDENTIFIER }],
  ])('answers for an access token %s', async (_name, parameters) => {
    const login = await signIn(local.browser(), application, CARA, parameters)
    const tokens = await redeem(application, login)
    expect(await client.fetchUserInfo(application, tokens.access_token, CARA_ID)).toMatchObject({
      sub: CARA_ID,
      name: 'Cara Current',
      email: CARA,
    })
  })

  test.each([
    ['none', async () => undefined],
    ['nonsense', async () => 'Bearer nonsense'],
    [
      'an ID token',
      async (ofUser: client.TokenEndpointResponse) => `Bearer ${ofUser.id_token ?? ''}`,
    ],
    [
      'a forged token',
      async (ofUser: client.TokenEndpointResponse) =>
        `Bearer ${ofUser.access_token.slice(0, -8)}AAAAAAAA`,
    ],
  ])('refuses %s', async (_name, header) => {
    const tokens = await redeem(application, await signIn(local.browser(), application, CARA))
    const authorization = await header(tokens)
    const answer = await local.fetch(`${local.tenant.url}/userinfo`, {
      headers: authorization === undefined ? {} : { authorization },
    })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
  })

  test('refuses an access token without openid', async () => {
    const { page, verifier, state } = await signIn(local.browser(), application, CARA, {
      scope: 'profile',
    })
    const tokens = await client.authorizationCodeGrant(application, new URL(page.url), {
      pkceCodeVerifier: verifier,
      expectedState: state,
    })
    await expect(
      client.fetchUserInfo(application, tokens.access_token, CARA_ID),
    ).rejects.toMatchObject({ status: 401 })
  })

  test.each([
    ['for another audience', { aud: API_IDENTIFIER }],
    ['of another issuer', { iss: 'https://localhost:1/' }],
  ])('refuses a token %s, even one that the tenant signed', async (_name, changes) => {
    const { url } = local.tenant
    const sign = async (claims: Record<string, unknown>) =>
      new SignJWT({
        iss: `${url}/`,
        aud: `${url}/userinfo`,
        sub: CARA_ID,
        scope: 'openid',
        ...claims,
      })
        .setProtectedHeader({ alg: 'RS256' })
        .setExpirationTime('1h')
        .sign(await importJWK(local.state.signing_key, 'RS256'))
    const statusOf = async (token: string) =>
      (await local.fetch(`${url}/userinfo`, { headers: { authorization: `Bearer ${token}` } }))
        .status
    expect(await statusOf(await sign({}))).toBe(200)
    expect(await statusOf(await sign(changes))).toBe(401)
  })

  test('refuses a token that has expired', async () => {
    const tokens = await redeem(application, await signIn(local.browser(), application, CARA))
    local.clock.skipped = 7_201_000
    await expect(
      client.fetchUserInfo(application, tokens.access_token, CARA_ID),
    ).rejects.toMatchObject({ status: 401 })
  })
})
