import { describe, expect, test } from '@jest/globals'
import { newApi, NOW } from '../../../test-kit/local-tenant/api.ts'

const MINUTE = 60_000

describe('api.cache', () => {
  test.each<[string, object | undefined, number]>([
    ['no options', undefined, NOW + 15 * MINUTE],
    ['a ttl in milliseconds', { ttl: 5000 }, NOW + 5000],
    ['an end', { expires_at: NOW + 7000.9 }, NOW + 7000],
    ['both: the earlier', { ttl: 9000, expires_at: NOW + 8000 }, NOW + 8000],
    ['both: the earlier, the other way', { ttl: 8000, expires_at: NOW + 9000 }, NOW + 8000],
  ])('keeps an entry with %s until its end', (_name, options, expires_at) => {
    const { api, result } = newApi()
    const record = { value: 'v', expires_at }
    expect(api.cache.set('k', 'v', options)).toEqual({ type: 'success', record })
    expect(api.cache.get('k')).toEqual(record)
    expect(result.cacheChanges).toEqual([{ key: 'k', record }])
  })

  test.each<[string, string, string, object, string]>([
    ['a key of 65 bytes', 'k'.repeat(65), 'v', {}, 'CacheKeySizeExceeded'],
    ['a key of 64 characters but more bytes', 'é'.repeat(33), 'v', {}, 'CacheKeySizeExceeded'],
    ['a value of 4097 bytes', 'k', 'v'.repeat(4097), {}, 'CacheValueSizeExceeded'],
    ['a ttl of 0', 'k', 'v', { ttl: 0 }, 'ItemAlreadyExpired'],
    ['an end in the past', 'k', 'v', { expires_at: NOW - 1 }, 'ItemAlreadyExpired'],
    ['an end in seconds', 'k', 'v', { expires_at: NOW / 1000 }, 'ItemAlreadyExpired'],
    ['a ttl that is no number', 'k', 'v', { ttl: '5' }, 'InvalidExpiry'],
    ['an endless ttl', 'k', 'v', { ttl: Infinity }, 'InvalidExpiry'],
    ['an end that is no safe integer', 'k', 'v', { expires_at: 2 ** 60 }, 'InvalidExpiry'],
  ])('answers %s with a code and does not throw', (_name, key, value, options, code) => {
    const { api, result } = newApi()
    expect(api.cache.set(key, value, options)).toEqual({ type: 'error', code })
    expect(api.cache.get(key)).toBeUndefined()
    expect(result.cacheChanges).toEqual([])
  })

  test('holds 8 kB in all, and a replaced entry counts once', () => {
    const { cache } = newApi().api
    for (const key of ['a', 'b', 'a']) {
      expect(cache.set(key, 'v'.repeat(4000))).toMatchObject({ type: 'success' })
    }
    expect(cache.set('c', 'v'.repeat(300))).toEqual({ type: 'error', code: 'CacheSizeExceeded' })
  })

  test('holds 20 entries', () => {
    const { cache } = newApi().api
    for (let at = 0; at < 20; at += 1) {
      expect(cache.set(`k${at}`, 'v')).toMatchObject({ type: 'success' })
    }
    expect(cache.set('k0', 'w')).toMatchObject({ type: 'success' })
    expect(cache.set('one more', 'v')).toEqual({ type: 'error', code: 'CacheSizeExceeded' })
  })

  test('does not give an expired entry', () => {
    const cache = {
      old: { value: 'v', expires_at: NOW - 1 },
      young: { value: 'v', expires_at: NOW + 1 },
    }
    const { api } = newApi({}, { cache })
    expect(api.cache.get('old')).toBeUndefined()
    expect(api.cache.get('young')).toEqual(cache.young)
  })

  test('deletes an entry once', () => {
    const { api, result } = newApi({}, { cache: { k: { value: 'v', expires_at: NOW + 1 } } })
    expect(api.cache.delete('k')).toEqual({ type: 'success' })
    expect(api.cache.delete('k')).toEqual({ type: 'error', code: 'CacheKeyDoesNotExist' })
    expect(result.cacheChanges).toEqual([{ key: 'k', record: null }])
  })
})
