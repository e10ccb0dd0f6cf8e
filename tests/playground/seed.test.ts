import { describe, expect, test } from '@jest/globals'
import { verifyPassword } from '../../local-tenant/secrets.ts'
import { people, PEOPLE_PASSWORD } from '../../playground/seed/people.ts'
import { seed } from '../../playground/seed/seed.ts'
import { emptyState, type TenantState } from '../../local-tenant/store.ts'

const NOW = Date.UTC(2026, 10, 20)

const empty = (): TenantState => emptyState({})

describe('the seed', () => {
  test('a second time changes nothing', () => {
    const state = empty()
    seed(state, NOW)
    const once = structuredClone(state)
    seed(state, NOW + 1000)
    expect(state).toEqual(once)
  })

  test('leaves alone what a sign-in or a developer changed', () => {
    const state = empty()
    seed(state, NOW)
    const [user] = Object.values(state.users)
    const client = state.clients['web-app']
    if (user === undefined || client === undefined) throw new Error('The seed is empty')
    user.app_metadata = { changed: true }
    client.name = 'Renamed'
    seed(state, NOW)
    expect(user.app_metadata).toEqual({ changed: true })
    expect(client.name).toBe('Renamed')
  })

  test('lets the applications come back to another demo address too', () => {
    const state = empty()
    seed(state, NOW)
    seed(state, NOW, 'https://localhost:5002')
    expect(state.clients['web-app']?.callbacks).toEqual([
      'https://localhost:4402/callback',
      'https://localhost:5002/callback',
    ])
  })

  test('gives every confidential client a secret of its own, new for each tenant', () => {
    const [one, other] = [empty(), empty()]
    seed(one, NOW)
    seed(other, NOW)
    const secrets = [one, other].flatMap(({ clients }) =>
      Object.values(clients)
        .filter((client) => client.token_endpoint_auth_method !== 'none')
        .map((client) => client.client_secret),
    )
    expect(new Set(secrets).size).toBe(14)
    for (const secret of secrets) expect(secret).toMatch(/^[\w-]{43}$/)
    expect(one.clients['single-page-app']).not.toHaveProperty('client_secret')
  })

  test('gives database people the one password, hashed', () => {
    const state = empty()
    seed(state, NOW)
    const stored = Object.values(state.passwords)
    expect(stored).toHaveLength(people.filter(({ user }) => user !== undefined).length)
    for (const hash of stored) {
      expect(verifyPassword(PEOPLE_PASSWORD, hash)).toBe(true)
      expect(verifyPassword('other', hash)).toBe(false)
    }
    expect(new Set(stored).size).toBe(stored.length)
  })

  test.each(people.map((person) => [person.email, person] as const))(
    '%s can sign in where they are said to',
    (_email, person) => {
      const state = empty()
      seed(state, NOW)
      const connection = Object.values(state.connections).find(
        ({ name }) => name === person.connection,
      )
      expect(connection?.enabled_clients).toContain(person.clientId)
      expect(state.clients).toHaveProperty(person.clientId)
      expect(person.email).toMatch(/@example\.com$/)
      expect((person.user === undefined) !== (person.account === undefined)).toBe(true)
    },
  )
})
