import { describe, expect, test } from '@jest/globals'
import { createProfileStore, TEST_RUN_USER_ID } from '../../local-tenant/profiles.ts'
import type { ProfileStore } from '../../local-tenant/runtime/flow.ts'
import type { TenantState, User } from '../../local-tenant/store.ts'

const NOW = Date.parse('2026-05-01T12:00:00Z')

interface Setup {
  profiles: ProfileStore
  user: User
  touches: () => number
}

const setUp = (attributes: Record<string, unknown> = {}): Setup => {
  const user: User = {
    user_id: 'auth0|1',
    email: 'ada@example.com',
    email_verified: true,
    identities: [{ connection: 'Users', provider: 'auth0', user_id: '1', isSocial: false }],
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
    logins_count: 3,
    last_login: '2026-01-01T00:00:00.000Z',
    ...attributes,
  }
  let touched = 0
  const state = { users: { [user.user_id]: user } } as unknown as TenantState
  const store = { state, touch: () => (touched += 1), flush: () => undefined }
  return { profiles: createProfileStore(store, () => NOW), user, touches: () => touched }
}

describe('readUser', () => {
  test('shows root attributes, and metadata as {} when there is none', () => {
    expect(setUp({ department: ['R&D'] }).profiles.readUser('auth0|1')).toEqual({
      user_id: 'auth0|1',
      email: 'ada@example.com',
      email_verified: true,
      identities: [{ connection: 'Users', provider: 'auth0', user_id: '1', isSocial: false }],
      created_at: '2026-01-01T00:00:00.000Z',
      updated_at: '2026-01-01T00:00:00.000Z',
      department: ['R&D'],
      app_metadata: {},
      user_metadata: {},
    })
  })

  test('lets app_metadata hide a root attribute of the same name, user_metadata not', () => {
    const { profiles } = setUp({
      groups: ['from the identity provider'],
      nickname: 'ada',
      app_metadata: { groups: ['stored'], plan: 'gold' },
      user_metadata: { nickname: 'countess' },
    })
    expect(profiles.readUser('auth0|1')).toMatchObject({
      groups: ['stored'],
      plan: 'gold',
      nickname: 'ada',
    })
  })

  test('never lets app_metadata hide who the user is', () => {
    const { profiles } = setUp({
      app_metadata: { user_id: 'auth0|2', email_verified: false, app_metadata: 1, identities: 1 },
    })
    expect(profiles.readUser('auth0|1')).toMatchObject({
      user_id: 'auth0|1',
      email_verified: true,
      app_metadata: { user_id: 'auth0|2' },
      identities: [{ user_id: '1' }],
    })
  })

  test.each([['text'], [7], [null], [['list']]])(
    'hands app_metadata that is no object through as it is: %j',
    (junk) => {
      expect(setUp({ app_metadata: junk }).profiles.readUser('auth0|1')).toMatchObject({
        app_metadata: junk,
        email: 'ada@example.com',
      })
    },
  )

  test('keeps the tokens of identity providers in the tenant', () => {
    const identity = { connection: 'g', provider: 'google-oauth2', user_id: '9', isSocial: true }
    const { profiles } = setUp({
      identities: [{ ...identity, access_token: 'secret', profileData: { name: 'Ada' } }],
    })
    expect(profiles.readUser('auth0|1')['identities']).toEqual([
      { ...identity, profileData: { name: 'Ada' } },
    ])
  })

  test('gives a copy', () => {
    const { profiles, user } = setUp({ app_metadata: { a: { b: 1 } } })
    const read = profiles.readUser('auth0|1') as { app_metadata: { a: { b: number } } }
    read.app_metadata.a.b = 2
    expect(user.app_metadata).toEqual({ a: { b: 1 } })
  })

  test.each(['auth0|2', '__proto__', 'constructor'])(
    'throws for a user that is not there: %s',
    (id) => {
      expect(() => setUp().profiles.readUser(id)).toThrow('The user does not exist.')
    },
  )
})

describe('writeProfile', () => {
  test('merges at the first level, dates the profile and asks for it to be kept', () => {
    const { profiles, user, touches } = setUp({ app_metadata: { a: { x: 1 }, b: 1, c: 1 } })
    profiles.writeProfile('auth0|1', {
      app_metadata: { a: { y: 2 }, b: null },
      user_metadata: { language: 'cs' },
    })
    expect(user.app_metadata).toEqual({ a: { y: 2 }, c: 1 })
    expect(user.user_metadata).toEqual({ language: 'cs' })
    expect(user.updated_at).toBe('2026-05-01T12:00:00.000Z')
    expect(touches()).toBe(1)
  })

  test('does nothing without a key: a flow cannot wipe metadata', () => {
    const { profiles, user, touches } = setUp({ app_metadata: { a: 1 } })
    profiles.writeProfile('auth0|1', { app_metadata: {} })
    profiles.writeProfile('auth0|1', {})
    expect(user).toMatchObject({ app_metadata: { a: 1 }, updated_at: '2026-01-01T00:00:00.000Z' })
    expect(touches()).toBe(0)
  })

  test('keeps no reference to what it was given', () => {
    const { profiles, user } = setUp()
    const value = { x: 1 }
    profiles.writeProfile('auth0|1', { app_metadata: { a: value } })
    value.x = 2
    expect(user.app_metadata).toEqual({ a: { x: 1 } })
  })

  test.each([
    ['a reserved name', { app_metadata: { email: 'x' } }],
    ['a dotted name', { user_metadata: { 'a.b': 1 } }],
    ['undefined', { app_metadata: { a: undefined } }],
  ])('throws as Auth0 does for %s, and changes nothing', (_name, changes) => {
    const { profiles, user, touches } = setUp({ app_metadata: { kept: 1 } })
    expect(() =>
      profiles.writeProfile('auth0|1', { user_metadata: { ok: 1 }, ...changes }),
    ).toThrow('user update failed: Payload validation error')
    expect(user.app_metadata).toEqual({ kept: 1 })
    expect(user.user_metadata).toBeUndefined()
    expect(touches()).toBe(0)
  })

  test("a test run's user can be read and written, and nobody changes", () => {
    const { profiles, touches } = setUp()
    profiles.writeProfile(TEST_RUN_USER_ID, { app_metadata: { a: 1 } })
    expect(profiles.readUser(TEST_RUN_USER_ID)).toMatchObject({ app_metadata: {} })
    expect(touches()).toBe(0)
  })
})
