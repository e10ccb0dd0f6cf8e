import { describe, expect, test } from '@jest/globals'
import {
  addPendingMetadata,
  applyProfileChanges,
  noPendingMetadata,
  planProfileUpdate,
} from '../../../local-tenant/api/profile-update.ts'

const user = {
  user_id: 'auth0|1',
  groups: ['stored'],
  department: 'IT',
  app_metadata: { groups: ['stored'], terms: { version: '1', locale: 'en' }, __proto: 1 },
  user_metadata: { lang: 'de' },
}

describe('planning the profile update', () => {
  test.each([
    ['an equal text', { app_metadata: {}, user_metadata: { lang: 'de' } }, undefined],
    [
      'an equal object, keys in another order',
      { app_metadata: { terms: { locale: 'en', version: '1' } }, user_metadata: {} },
      undefined,
    ],
    [
      'a changed object',
      { app_metadata: { terms: { version: '2', locale: 'en' } }, user_metadata: {} },
      { app_metadata: { terms: { version: '2', locale: 'en' } } },
    ],
    [
      'null for a key that is there',
      { app_metadata: {}, user_metadata: { lang: null } },
      { user_metadata: { lang: null } },
    ],
    [
      'null for a key that is not there',
      { app_metadata: { none: null }, user_metadata: {} },
      { app_metadata: { none: null } },
    ],
    [
      'a key that only the prototype has',
      { app_metadata: { toString: 'x' }, user_metadata: {} },
      { app_metadata: { toString: 'x' } },
    ],
    [
      'one equal and one new value',
      { app_metadata: {}, user_metadata: { lang: 'de', zone: 'CET' } },
      { user_metadata: { zone: 'CET' } },
    ],
  ])('%s', (_name, pending, changes) => {
    expect(planProfileUpdate(user, pending)).toEqual({ changes })
  })

  test('writes null even where null is stored already', () => {
    const stored = { user_metadata: { lang: null } }
    expect(planProfileUpdate(stored, { app_metadata: {}, user_metadata: { lang: null } })).toEqual({
      changes: { user_metadata: { lang: null } },
    })
  })

  test.each([
    ['a dot', { app_metadata: { 'a.b': 1 }, user_metadata: {} }],
    ['a dot further down', { app_metadata: { a: [{ 'b.c': 1 }] }, user_metadata: {} }],
    ['a dollar sign', { app_metadata: {}, user_metadata: { $a: 1 } }],
    ['a reserved name of app_metadata', { app_metadata: { email: 'x' }, user_metadata: {} }],
  ])('is refused for a key with %s', (_name, pending) => {
    expect(planProfileUpdate(user, pending)).toEqual({
      error: expect.stringContaining('Payload validation error'),
    })
  })

  test('a name reserved in app_metadata is free in user_metadata', () => {
    const pending = { app_metadata: {}, user_metadata: { email: 'x' } }
    expect(planProfileUpdate(user, pending)).toEqual({ changes: { user_metadata: { email: 'x' } } })
  })

  test('is refused when any Action set undefined, whatever the others did', () => {
    const asked = addPendingMetadata(noPendingMetadata(), {
      app_metadata: {},
      user_metadata: {},
      profileUpdateError: 'Payload validation error',
    })
    const more = addPendingMetadata(asked, { app_metadata: { x: 1 }, user_metadata: {} })
    expect(planProfileUpdate(user, more)).toEqual({ error: 'Payload validation error' })
  })

  test('leaves out user metadata of the Action that set the primary user', () => {
    const pending = addPendingMetadata(
      { app_metadata: {}, user_metadata: { kept: 1 } },
      { app_metadata: { a: 1 }, user_metadata: { lost: 1 }, primaryUserId: 'auth0|2' },
    )
    expect(pending).toEqual({ app_metadata: { a: 1 }, user_metadata: { kept: 1 } })
  })
})

describe('the user with changes applied', () => {
  test('has app_metadata on its root too, and user_metadata not', () => {
    const changed = applyProfileChanges(user, {
      app_metadata: { groups: ['new'], plan: 'gold' },
      user_metadata: { zone: 'CET' },
    })
    expect(changed).toMatchObject({ groups: ['new'], plan: 'gold', department: 'IT' })
    expect(changed).not.toHaveProperty('zone')
    expect(changed.user_metadata).toEqual({ lang: 'de', zone: 'CET' })
  })

  test('loses deleted keys, and no root attribute that was never hidden', () => {
    const changed = applyProfileChanges(user, { app_metadata: { groups: null, department: null } })
    expect(changed).not.toHaveProperty('groups')
    expect(changed.department).toBe('IT')
    expect(changed.app_metadata).not.toHaveProperty('groups')
  })

  test('keeps its user_id and both metadata whatever app_metadata holds', () => {
    const changed = applyProfileChanges(user, {
      app_metadata: { user_id: 'x', user_metadata: 'x', app_metadata: 'x' },
    })
    expect(changed.user_id).toBe('auth0|1')
    expect(changed.user_metadata).toEqual({ lang: 'de' })
    expect(changed.app_metadata).toMatchObject({ user_metadata: 'x' })
  })

  test('replaces whole top-level keys and leaves the argument alone', () => {
    const before = structuredClone(user)
    const changed = applyProfileChanges(user, { app_metadata: { terms: { version: '2' } } })
    expect(changed.app_metadata.terms).toEqual({ version: '2' })
    expect(user).toEqual(before)
  })
})
