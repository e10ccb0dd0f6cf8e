import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { CompactSign } from 'jose'
import { verifyTermsRequest } from '../../portal/session-tokens.ts'
import {
  keyBytes,
  LOGIN_HOST,
  NOW,
  PREVIOUS_KEY,
  SIGNING_KEY,
  termsRequestClaims,
} from '../../test-kit/portal/terms-link.ts'

const config = {
  signingKey: SIGNING_KEY,
  previousSigningKey: PREVIOUS_KEY,
  loginHosts: [LOGIN_HOST],
}

const sign = (payload: string): Promise<string> =>
  new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(keyBytes(SIGNING_KEY))

describe('any token at all', () => {
  test('is answered and never throws', async () => {
    const segment = fc.oneof(
      fc.base64String(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
    )
    const token = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(segment, { minLength: 1, maxLength: 6 }).map((segments) => segments.join('.')),
    )
    await fc.assert(
      fc.asyncProperty(token, async (text) => {
        expect(await verifyTermsRequest(text, config, NOW)).toHaveProperty('code', 'token_invalid')
      }),
    )
  })

  test('of our key, whatever it says, is accepted only whole and for a login host of ours', async () => {
    const claims = termsRequestClaims()
    const junk = fc.oneof(fc.jsonValue(), fc.domain(), fc.constant(undefined))
    const changes = fc.dictionary(fc.constantFrom(...Object.keys(claims), 'nbf'), junk, {
      maxKeys: 2,
    })
    const payload = fc.oneof(
      { weight: 5, arbitrary: changes.map((changed) => ({ ...claims, ...changed })) },
      { weight: 1, arbitrary: fc.jsonValue() },
    )
    await fc.assert(
      fc.asyncProperty(payload, async (said) => {
        const found = await verifyTermsRequest(await sign(JSON.stringify(said)), config, NOW)
        if ('code' in found) expect(found.code).toMatch(/^token_(?:expired|invalid)$/)
        else
          expect(found).toEqual({
            loginHost: LOGIN_HOST,
            userId: expect.stringMatching(/./s),
            signingKey: SIGNING_KEY,
            request: expect.objectContaining({
              purpose: 'terms_request',
              client_name: expect.any(String),
              locales: expect.any(Array),
            }),
          })
      }),
      { numRuns: 300 },
    )
  })
})
