import { expect, test } from '@jest/globals'
import { isSettableClaim } from '../../../local-tenant/api/claims.ts'

test.each([
  'sub',
  'urn:auth0',
  'urn:auth0:x',
  'URN:AUTH0/x',
  'https://auth0.com/x',
  'https://any.auth0.com/x',
  'http://webtask.io/',
  'https://any.webtask.run/x',
])('the claim %s never reaches a token', (name) => {
  expect(isSettableClaim(name)).toBe(false)
})

test.each([
  'plan',
  'subject',
  'xurn:auth0:x',
  'urn:auth01:x',
  'urn:example:auth0',
  'https://myauth0.com/x',
  'https://auth0.com.example/x',
  'https://example.com/auth0.com',
])('the claim %s reaches it', (name) => {
  expect(isSettableClaim(name)).toBe(true)
})
