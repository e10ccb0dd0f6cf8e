import { describe, expect, test } from '@jest/globals'
import { newApi } from '../../../test-kit/local-tenant/api.ts'

describe.each([
  ['setAppMetadata', 'app_metadata', 'Unexpected app_metadata format. Must be a valid JSON object'],
  [
    'setUserMetadata',
    'user_metadata',
    'Unexpected user_metadata format. Must be a valid JSON object.',
  ],
] as const)('user.%s', (method, target, message) => {
  test('only asks: the event stays as it is', () => {
    const { api, result, event } = newApi({ user: { [target]: { kept: 1 } } })
    expect(api.user[method]('plan', 'gold')).toBe(api)
    expect(event.user[target]).toEqual({ kept: 1 })
    expect(event.user).not.toHaveProperty('plan')
    expect(result[target]).toEqual({ plan: 'gold' })
  })

  test('takes the last value per key', () => {
    const { api, result } = newApi()
    api.user[method]('plan', 'gold').user[method]('plan', null)
    expect(result[target]).toEqual({ plan: null })
  })

  test('takes a copy: a later change of the object is not seen', () => {
    const { api, result } = newApi()
    const value = { version: '1' }
    api.user[method]('terms', value)
    value.version = '2'
    expect(result[target]).toEqual({ terms: { version: '1' } })
  })

  test.each([[null], ['text'], [5], [[1]]])('throws when what is stored is %j', (stored) => {
    const overrides = { user: { [target]: stored } } as unknown as Parameters<typeof newApi>[0]
    const { api, result } = newApi(overrides)
    expect(() => api.user[method]('plan', 'gold')).toThrow(new Error(message))
    expect(result.commands).toEqual([])
  })

  test.each([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a big integer', 10n],
  ])('%s does not throw, and makes the profile update fail', (_name, value) => {
    const { api, result } = newApi()
    expect(api.user[method]('plan', value as unknown as string)).toBe(api)
    expect(result.profileUpdateError).toMatch(
      new RegExp(`Payload validation error.*Missing required property: ${target}`),
    )
    expect(result[target]).toEqual({})
  })
})
