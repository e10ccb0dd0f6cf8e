/** What a profile page asks of the Management API: linking, verification mails, tickets. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { User } from '../../../local-tenant/store.ts'
import { startTestTenant, type TestTenant } from '../../../test-kit/local-tenant/test-tenant.ts'

let tenant: TestTenant
let primary: string
let secondary: string

beforeEach(async () => {
  tenant = await startTestTenant()
  primary = await newUser('ada@example.com', { plan: 'gold' })
  secondary = await newUser('ada@work.example', { plan: 'lost' })
})
afterEach(() => tenant.close())

const call = (method: string, path: string, body?: unknown) =>
  tenant.call({ method, path, ...(body !== undefined && { body }) })

const newUser = async (email: string, app_metadata: object): Promise<string> => {
  const connection = 'Username-Password-Authentication'
  const password = 'a-long-password'
  const { body } = await call('POST', 'users', { connection, email, password, app_metadata })
  return (body as User).user_id
}

const userOf = async (id: string) => call('GET', `users/${encodeURIComponent(id)}`)

const link = () =>
  call('POST', `users/${encodeURIComponent(primary)}/identities`, {
    provider: 'auth0',
    user_id: secondary,
  })

describe('linking', () => {
  test('moves the identity, keeps the profile of the primary and loses the other metadata', async () => {
    const { status, body } = await link()
    expect([status, body]).toMatchObject([
      201,
      [
        { user_id: primary.split('|')[1], profileData: { email: 'ada@example.com' } },
        { user_id: secondary.split('|')[1], profileData: { email: 'ada@work.example' } },
      ],
    ])
    expect((await userOf(secondary)).status).toBe(404)
    expect((await userOf(primary)).body).toMatchObject({
      email: 'ada@example.com',
      app_metadata: { plan: 'gold' },
      identities: [{ provider: 'auth0' }, { profileData: { email: 'ada@work.example' } }],
    })
  })

  test('is undone into a user without metadata', async () => {
    await link()
    const path = `users/${encodeURIComponent(primary)}/identities/auth0/${secondary.split('|')[1] ?? ''}`
    expect(await call('DELETE', path)).toMatchObject({
      status: 200,
      body: [{ user_id: primary.split('|')[1] }],
    })
    const { body } = await userOf(secondary)
    expect(body).toMatchObject({ user_id: secondary, email: 'ada@work.example' })
    expect(body).not.toHaveProperty('app_metadata')
    expect(tenant.context.store.state.passwords).toHaveProperty([secondary])
  })

  test.each([
    ['itself', () => ({ provider: 'auth0', user_id: primary }), 400],
    ['a user who is not there', () => ({ provider: 'auth0', user_id: 'nobody' }), 404],
    ['no provider', () => ({ user_id: secondary }), 400],
    ['an ID token', () => ({ link_with: 'x.y.z' }), 501],
  ])('with %s is refused', async (_what, body, status) => {
    const path = `users/${encodeURIComponent(primary)}/identities`
    expect((await call('POST', path, body())).status).toBe(status)
    expect((await userOf(secondary)).status).toBe(200)
  })

  test('the main identity is not unlinked', async () => {
    const path = `users/${encodeURIComponent(primary)}/identities/auth0/${primary.split('|')[1] ?? ''}`
    expect((await call('DELETE', path)).status).toBe(400)
  })
})

describe('mails and tickets', () => {
  test('the verification job puts a mail into the mailbox', async () => {
    const { status, body } = await call('POST', 'jobs/verification-email', { user_id: primary })
    expect([status, body]).toMatchObject([201, { type: 'verification_email', status: 'pending' }])
    const { id } = body as { id: string }
    expect((await call('GET', `jobs/${id}`)).body).toMatchObject({ id, status: 'completed' })
    expect(tenant.context.store.state.mails).toMatchObject([{ to: 'ada@example.com' }])
  })

  test.each([
    ['tickets/email-verification', 'u/email-verification'],
    ['tickets/password-change', 'u/reset-password'],
  ])('%s answers a link and mails nothing', async (path, page) => {
    const { status, body } = await call('POST', path, { user_id: primary, ttl_sec: 60 })
    expect(status).toBe(201)
    expect(String((body as { ticket: unknown }).ticket)).toContain(`/${page}?ticket=`)
    expect(tenant.context.store.state.mails).toEqual([])
  })

  test.each(['jobs/verification-email', 'tickets/email-verification', 'tickets/password-change'])(
    '%s refuses a user who is not there',
    async (path) => {
      expect((await call('POST', path, { user_id: 'auth0|nobody' })).status).toBe(404)
      expect((await call('POST', path, {})).status).toBe(400)
    },
  )
})

test('there are no rules', async () => {
  expect(await call('GET', 'rules?include_totals=true')).toMatchObject({
    status: 200,
    body: { rules: [], total: 0 },
  })
})
