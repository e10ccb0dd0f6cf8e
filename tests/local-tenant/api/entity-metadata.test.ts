import { describe, expect, test } from '@jest/globals'
import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { newApi, NOW } from '../../../test-kit/local-tenant/api.ts'

const full = Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`k${at}`, 'v']))

describe.each([
  ['session', 'session', 'session'],
  ['refreshToken', 'refresh_token', 'refresh token'],
] as const)('metadata of api.%s', (part, member, name) => {
  const withMetadata = (metadata: Record<string, string>): Parameters<typeof newApi>[0] => ({
    session: { id: 'sess_1', metadata },
    refresh_token: { id: 'rt_1', created_at: '2026-11-20T09:00:00.000Z', metadata },
  })

  test('shows in the event at once, and is deleted by null', () => {
    const { api, event } = newApi(withMetadata({ old: '1' }))
    api[part].setMetadata('device', 'x')
    api[part].setMetadata('old', null)
    api[part].setMetadata('never there', null)
    expect(event[member]?.metadata).toEqual({ device: 'x' })
  })

  test('is emptied key by key or at once', () => {
    const { api, event } = newApi(withMetadata({ a: '1', b: '2', c: '3' }))
    api[part].deleteMetadata('a')
    api[part].deleteMetadata('a')
    expect(event[member]?.metadata).toEqual({ b: '2', c: '3' })
    api[part].evictMetadata()
    expect(event[member]?.metadata).toEqual({})
  })

  test.each<[string, Record<string, string>, unknown, unknown]>([
    ['the 26th key', full, 'one_more', 'v'],
    ['a key with a dot', {}, 'a.b', 'v'],
    ['a key of 256 characters', {}, 'k'.repeat(256), 'v'],
    ['an empty key', {}, '', 'v'],
    ['a key that is no text', {}, 5, 'v'],
    ['a value of 256 characters', {}, 'k', 'v'.repeat(256)],
    ['a value that is no text', {}, 'k', 5],
    ['undefined', {}, 'k', undefined],
    ['a null byte', {}, 'k', 'a\0b'],
  ])('refuses %s and stays as it was', (_name, metadata, key, value) => {
    const { api, event, result } = newApi(withMetadata(metadata))
    expect(() => api[part].setMetadata(key as string, value as string)).toThrow(
      new RegExp(`^Failed to set ${name} metadata: Invalid metadata: `),
    )
    expect(event[member]?.metadata).toEqual(metadata)
    expect(result.commands).toEqual([])
  })

  test('changes a key when there are 25 already', () => {
    const { api, event } = newApi(withMetadata(full))
    api[part].setMetadata('k0', 'w')
    expect(event[member]?.metadata).toEqual({ ...full, k0: 'w' })
  })

  test.each<[string, (api: PostLoginAPI, moment: number) => void]>([
    ['setExpiresAt', (api, moment) => api[part].setExpiresAt(moment)],
    ['setIdleExpiresAt', (api, moment) => api[part].setIdleExpiresAt(moment)],
  ])('%s takes a moment and nothing else', (_name, set) => {
    const { api } = newApi()
    set(api, NOW)
    for (const moment of [0, NaN, Infinity, '1', undefined]) {
      expect(() => set(api, moment as number)).toThrow()
    }
  })
})

describe('without a session', () => {
  test('its metadata cannot be set, and deleting does nothing', () => {
    const { api } = newApi({ session: undefined })
    expect(() => api.session.setMetadata('k', 'v')).toThrow(
      new Error(
        'Failed to set session metadata: Cannot set metadata on a session that does not exist.',
      ),
    )
    api.session.deleteMetadata('k')
    api.session.evictMetadata()
  })
})

describe('without a refresh token', () => {
  test('its metadata is kept for the one to come, and the event does not get one', () => {
    const { api, event, result } = newApi()
    api.refreshToken.setMetadata('a', '1')
    api.refreshToken.setMetadata('b', '2')
    expect(event).not.toHaveProperty('refresh_token')
    expect(result.refreshTokenMetadata).toEqual({ a: '1', b: '2' })
  })
})

describe('an online refresh token', () => {
  const online = { id: 'rt_1', created_at: '2026-11-20T09:00:00.000Z', access: 'online' }

  test.each<[string, (api: PostLoginAPI['refreshToken']) => void]>([
    ['setMetadata', (api) => api.setMetadata('k', 'v')],
    ['deleteMetadata', (api) => api.deleteMetadata('k')],
    ['evictMetadata', (api) => api.evictMetadata()],
    ['setExpiresAt', (api) => api.setExpiresAt(NOW)],
    ['setIdleExpiresAt', (api) => api.setIdleExpiresAt(NOW)],
  ])('refuses %s', (method, call) => {
    const { api } = newApi({ refresh_token: online })
    expect(() => call(api.refreshToken)).toThrow(
      `Cannot call ${method} on an online refresh token.`,
    )
  })
})

describe('the cookie mode', () => {
  test('shows in the event, and the last one counts', () => {
    const { api, event, result } = newApi()
    api.session.setCookieMode('persistent')
    api.session.setCookieMode('non-persistent')
    expect(event.session?.cookie).toEqual({ mode: 'non-persistent' })
    expect(result.cookieMode).toBe('non-persistent')
  })

  test('is one of two', () => {
    expect(() => newApi().api.session.setCookieMode('forever' as 'persistent')).toThrow(
      'Invalid cookie mode: forever',
    )
  })
})

describe('revoking', () => {
  test('a session denies the sign-in', () => {
    const { api, result } = newApi()
    api.session.revoke('stolen')
    expect(result.denied).toEqual({ reason: 'stolen' })
  })

  test.each([
    ['oauth2-refresh-token', { reason: 'stolen' }],
    ['oidc-basic-profile', undefined],
  ] as const)('a refresh token during %s gives the denial %j', (protocol, denied) => {
    const { api, result } = newApi({ transaction: { protocol } })
    api.refreshToken.revoke('stolen')
    expect(result.denied).toEqual(denied)
  })
})
