import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startTestTenant, type TestTenant } from '../../../test-kit/local-tenant/test-tenant.ts'

let tenant: TestTenant
let user: string

beforeEach(async () => {
  tenant = await startTestTenant()
  const made = await post('users', {
    connection: 'Username-Password-Authentication',
    email: 'ada@example.com',
    password: 'a-long-password',
  })
  user = (made.body as { user_id: string }).user_id
})
afterEach(() => tenant.close())

const call = (method: string) => (path: string, body?: unknown) =>
  tenant.call({ method, path, ...(body !== undefined && { body }) })
const [get, post, patch, remove] = ['GET', 'POST', 'PATCH', 'DELETE'].map(call) as [
  ReturnType<typeof call>,
  ReturnType<typeof call>,
  ReturnType<typeof call>,
  ReturnType<typeof call>,
]

const newId = async (path: string, body: unknown): Promise<string> =>
  ((await post(path, body)).body as { id: string }).id

describe('roles', () => {
  test('are given to users and taken from them', async () => {
    const id = await newId('roles', { name: 'editor', description: 'Edits' })
    expect(id).toMatch(/^rol_/)
    expect((await post(`users/${user}/roles`, { roles: [id] })).status).toBe(204)
    expect((await get(`users/${user}/roles`)).body).toEqual([
      { id, name: 'editor', description: 'Edits' },
    ])
    expect((await get(`roles/${id}/users`)).body).toMatchObject([{ user_id: user }])
    expect((await remove(`users/${user}/roles`, { roles: [id] })).status).toBe(204)
    expect((await get(`users/${user}/roles`)).body).toEqual([])
  })

  test('that are deleted are gone from users and organizations', async () => {
    const id = await newId('roles', { name: 'editor' })
    const org = await newId('organizations', { name: 'acme', display_name: 'Acme' })
    await post(`organizations/${org}/members`, { members: [user] })
    await post(`organizations/${org}/members/${user}/roles`, { roles: [id] })
    await post(`roles/${id}/users`, { users: [user] })
    expect((await remove(`roles/${id}`)).status).toBe(200)
    expect((await get(`users/${user}/roles`)).body).toEqual([])
    expect((await get(`organizations/${org}/members/${user}/roles`)).body).toEqual([])
  })

  test.each([
    ['a name that is taken', { name: 'editor' }, 409],
    ['no name', { description: 'x' }, 400],
    ['an unknown attribute', { name: 'other', power: 9 }, 400],
  ])('with %s are refused', async (_what, body, status) => {
    await newId('roles', { name: 'editor' })
    expect((await post('roles', body)).status).toBe(status)
  })

  test('that do not exist are not given', async () => {
    expect((await post(`users/${user}/roles`, { roles: ['rol_x'] })).status).toBe(404)
    expect((await post(`users/${user}/roles`, { roles: 'rol_x' })).status).toBe(400)
  })
})

describe('organizations', () => {
  test('have members, who leave with the user', async () => {
    const id = await newId('organizations', { name: 'acme', display_name: 'Acme' })
    await post(`organizations/${id}/members`, { members: [user] })
    expect((await get(`organizations/${id}/members?include_totals=true`)).body).toMatchObject({
      total: 1,
      members: [{ user_id: user, email: 'ada@example.com' }],
    })
    expect((await get(`users/${user}/organizations`)).body).toMatchObject([{ id, name: 'acme' }])
    await remove(`users/${user}`)
    expect((await get(`organizations/${id}/members`)).body).toEqual([])
  })

  test('are found by name, changed and deleted', async () => {
    const id = await newId('organizations', { name: 'acme', display_name: 'Acme' })
    await patch(`organizations/${id}`, { display_name: 'Acme Ltd', metadata: { plan: 'gold' } })
    expect((await get('organizations/name/acme')).body).toEqual({
      id,
      name: 'acme',
      display_name: 'Acme Ltd',
      metadata: { plan: 'gold' },
    })
    expect((await remove(`organizations/${id}`)).status).toBe(204)
    expect((await get(`organizations/${id}`)).status).toBe(404)
  })

  test.each([
    ['a name that is taken', { name: 'acme', display_name: 'x' }, 409],
    ['a name in capitals', { name: 'Acme', display_name: 'x' }, 400],
    ['metadata that are not strings', { name: 'b', metadata: { a: 1 } }, 400],
  ])('with %s are refused', async (_what, body, status) => {
    await newId('organizations', { name: 'acme', display_name: 'Acme' })
    expect((await post('organizations', body)).status).toBe(status)
  })

  test('page by take and from', async () => {
    for (const name of ['a', 'b', 'c']) await newId('organizations', { name })
    const names = ({ body }: { body: unknown }): string[] =>
      (body as { organizations: { name: string }[] }).organizations.map(({ name }) => name)
    const first = await get('organizations?take=2')
    expect(names(first)).toEqual(['a', 'b'])
    const { next = '' } = first.body as { next?: string }
    const rest = await get(`organizations?take=2&from=${next}`)
    expect(names(rest)).toEqual(['c'])
    expect(rest.body).not.toHaveProperty('next')
  })
})
