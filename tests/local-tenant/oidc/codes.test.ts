import { describe, expect, test } from '@jest/globals'
import * as client from 'openid-client'
import { PEOPLE_PASSWORD } from '../../../playground/seed/people.ts'
import {
  CALLBACK,
  CARA,
  CARA_ID,
  errorOf,
  redeem,
  shareTestTenant,
  signIn,
} from '../../../test-kit/local-tenant/oidc-harness.ts'

const { local, application } = await shareTestTenant()

describe('a code', () => {
  test('is refused the second time, and what came of the first is revoked', async () => {
    const login = await signIn(local.browser(), application, CARA)
    const tokens = await redeem(application, login)
    expect((await client.fetchUserInfo(application, tokens.access_token, CARA_ID)).sub).toBe(
      CARA_ID,
    )
    expect(await errorOf(redeem(application, login))).toBe('invalid_grant')
    expect(await errorOf(client.refreshTokenGrant(application, tokens.refresh_token ?? ''))).toBe(
      'invalid_grant',
    )
    await expect(
      client.fetchUserInfo(application, tokens.access_token, CARA_ID),
    ).rejects.toMatchObject({ status: 401 })
  })

  test('is refused with status 401 for a wrong verifier, as Auth0 does, and 403 for anything else', async () => {
    const login = await signIn(local.browser(), application, CARA)
    const statusOf = async (changed: typeof login): Promise<unknown> =>
      redeem(application, changed).catch((error: unknown) => (error as { status: number }).status)
    const verifier = client.randomPKCECodeVerifier()
    expect(await statusOf({ ...login, verifier })).toBe(401)
    expect(await statusOf(login)).toBe(403)
  })

  test('is refused with another verifier, and burnt by it', async () => {
    const login = await signIn(local.browser(), application, CARA)
    const wrong = { ...login, verifier: client.randomPKCECodeVerifier() }
    expect(await errorOf(redeem(application, wrong))).toBe('invalid_grant')
    expect(await errorOf(redeem(application, login))).toBe('invalid_grant')
  })

  test('is refused without the verifier', async () => {
    const login = await signIn(local.browser(), application, CARA)
    expect(
      await errorOf(
        client.authorizationCodeGrant(application, new URL(login.page.url), {
          expectedNonce: login.nonce,
          expectedState: login.state,
        }),
      ),
    ).toBe('invalid_grant')
  })

  test('is refused with a verifier when none was announced', async () => {
    const browser = local.browser()
    await browser.open(
      client.buildAuthorizationUrl(application, { redirect_uri: CALLBACK, scope: 'openid' }),
    )
    const page = await browser.submit('form', { username: CARA, password: PEOPLE_PASSWORD })
    expect(
      await errorOf(
        client.authorizationCodeGrant(application, new URL(page.url), {
          pkceCodeVerifier: client.randomPKCECodeVerifier(),
        }),
      ),
    ).toBe('invalid_grant')
  })

  test('is refused to another client', async () => {
    const login = await signIn(local.browser(), application, CARA)
    const other = await local.application('partner-app')
    expect(await errorOf(redeem(other, login))).toBe('invalid_grant')
  })

  test('is refused with another redirect_uri', async () => {
    const login = await signIn(local.browser(), application, CARA)
    const elsewhere = new URL(login.page.url)
    elsewhere.pathname = '/other'
    expect(
      await errorOf(
        redeem(application, { ...login, page: { ...login.page, url: elsewhere.href } }),
      ),
    ).toBe('invalid_grant')
  })

  test('lives for a minute', async () => {
    const login = await signIn(local.browser(), application, CARA)
    local.clock.skipped = 60_000
    expect(await errorOf(redeem(application, login))).toBe('invalid_grant')
  })
})
