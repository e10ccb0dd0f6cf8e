/** What Auth0 has and the local tenant has not answers 501 with its own name. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { UNIMPLEMENTED_GRANTS } from '../../local-tenant/oidc/grant-types.ts'
import { startTestTenant, type TestTenant } from '../../test-kit/local-tenant/oidc-harness.ts'

let local: TestTenant
beforeAll(async () => {
  local = await startTestTenant()
})
afterAll(() => local.close())

const ask = async (name: string, form?: Record<string, string>) => {
  const [method = '', path = ''] = name.split(' ')
  const answer = await local.fetch(`${local.tenant.url}${path}`, {
    method,
    ...(form && {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    }),
  })
  return { status: answer.status, body: await answer.json() }
}

describe('501 with its own name is answered for', () => {
  test.each([
    ['GET /api/v2/branding', 'GET /api/v2/branding'],
    ['GET /api/v2/organizations/search', 'GET /api/v2/organizations/search'],
    ['POST /api/v2/users/auth0%7C1/recovery-code-regeneration', 'POST /api/v2/users/:id/recovery'],
    ['DELETE /api/v2/guardian/enrollments/x', 'DELETE /api/v2/guardian/enrollments/:id'],
  ])('%s of the Management API, without a token too', async (name, told) => {
    expect(await ask(name)).toEqual({
      status: 501,
      body: {
        statusCode: 501,
        error: 'Not Implemented',
        errorCode: 'not_implemented',
        message: expect.stringContaining(`does not implement ${told}`),
      },
    })
  })

  test.each([
    'POST /oauth/par',
    'POST /passwordless/start',
    'GET /samlp/abc',
    'GET /me/v1/factors',
  ])('%s of the Authentication API', async (name) => {
    const { status, body } = await ask(name)
    expect([status, body]).toEqual([501, expect.objectContaining({ error: 'not_implemented' })])
  })

  test.each([...UNIMPLEMENTED_GRANTS])('the grant %s', async (grant_type) => {
    const { client_id, client_secret = '' } = local.state.clients['web-app'] ?? { client_id: '' }
    const { status, body } = await ask('POST /oauth/token', {
      client_id,
      client_secret,
      grant_type,
    })
    expect([status, body]).toEqual([
      501,
      {
        error: 'not_implemented',
        error_description: `The local tenant does not implement grant_type=${grant_type}.`,
      },
    ])
  })
})

test.each(['GET /api/v2/nothing', 'PUT /api/v2/users', 'GET /nothing'])(
  '%s, which Auth0 does not have either, is not found',
  async (name) => {
    const [method = '', path = ''] = name.split(' ')
    const answer = await local.fetch(`${local.tenant.url}${path}`, { method })
    expect(answer.status).toBe(404)
  },
)
