import { expect, jest, test } from '@jest/globals'
import { applyRedirect } from '../../../actions/shared/apply-redirect.ts'
import { createPostLoginApi } from '../../../local-tenant/api/post-login-api.ts'
import { buildEvent } from '../../../test-kit/actions/event.ts'

const SECRET = 'a signing key of more than 32 bytes, for tests only'

const redirect = {
  kind: 'redirect',
  url: 'https://terms.example/page?lang=pt',
  payload: { purpose: 'terms_request', nonce: 'a-nonce-of-the-test' },
  signedWith: 'TERMS_TOKEN_SECRET',
  expiresInSeconds: 1800,
  remember: { terms_nonce: 'a-nonce-of-the-test' },
  reasons: [],
} as const

const apply = (event: ReturnType<typeof buildEvent>) => {
  const { api, result } = createPostLoginApi(event)
  applyRedirect(redirect, event, api)
  return result
}

test('remembers, signs and sends, in that order, and nothing else', () => {
  const event = buildEvent({ secrets: { TERMS_TOKEN_SECRET: SECRET } })
  const { commands } = apply(event)
  expect(commands.map(({ name }) => name)).toEqual([
    'transaction.setMetadata',
    'redirect.encodeToken',
    'redirect.sendUserTo',
  ])
  expect(event.transaction?.metadata).toEqual({ terms_nonce: 'a-nonce-of-the-test' })
})

test('keeps the query of the URL and adds the session token', () => {
  const event = buildEvent({ secrets: { TERMS_TOKEN_SECRET: SECRET } })
  const url = new URL(apply(event).redirect?.url ?? '')
  expect([...url.searchParams.keys()]).toEqual(['lang', 'session_token'])
  expect(url.origin + url.pathname).toBe('https://terms.example/page')
})

test('writes neither the secret nor the token into the log', () => {
  const logged = jest.spyOn(console, 'log')
  apply(buildEvent({ secrets: { TERMS_TOKEN_SECRET: SECRET } }))
  expect(logged).not.toHaveBeenCalled()
})

test('without its secret throws and sends nobody', () => {
  const event = buildEvent()
  const { api, result } = createPostLoginApi(event)
  expect(() => {
    applyRedirect(redirect, event, api)
  }).toThrow()
  expect(result.redirect).toBeUndefined()
})
