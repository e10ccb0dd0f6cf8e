import { describe, expect, test } from '@jest/globals'
import { ActionCache } from '../../../local-tenant/runtime/action-cache.ts'

const NOW = 1_000_000
const DAY = 24 * 60 * 60 * 1000

const entry = (key: string, value = 'v', expires_at = NOW + 1000) => ({
  key,
  record: { value, expires_at },
})

describe('the cache between executions', () => {
  test('gives what was set and not deleted', () => {
    const cache = new ActionCache()
    cache.apply([entry('a'), entry('b'), { key: 'a', record: null }], NOW)
    expect(cache.snapshot(NOW)).toEqual({ b: { value: 'v', expires_at: NOW + 1000 } })
  })

  test('drops what has expired', () => {
    const cache = new ActionCache()
    cache.apply([entry('a', 'v', NOW + 1), entry('b', 'v', NOW + 2)], NOW)
    expect(Object.keys(cache.snapshot(NOW + 2))).toEqual(['b'])
  })

  test('keeps nothing for more than a day', () => {
    const cache = new ActionCache()
    cache.apply([entry('a', 'v', NOW + 2 * DAY)], NOW)
    expect(cache.snapshot(NOW)['a']?.expires_at).toBe(NOW + DAY)
  })

  test.each([
    ['20 entries', Array.from({ length: 21 }, (_, at) => entry(`k${at}`)), 20],
    ['8 kB', ['a', 'b', 'c'].map((key) => entry(key, 'v'.repeat(4000))), 2],
  ])('holds %s: the one set first goes', (_name, changes, left) => {
    const cache = new ActionCache()
    cache.apply(changes, NOW)
    const keys = changes.map(({ key }) => key)
    expect(Object.keys(cache.snapshot(NOW))).toEqual(keys.slice(-left))
  })

  test('an entry set again is the newest', () => {
    const cache = new ActionCache()
    const entries = Array.from({ length: 20 }, (_, at) => entry(`k${at}`))
    cache.apply([...entries, entry('k0'), entry('new')], NOW)
    expect(cache.snapshot(NOW)).toHaveProperty('k0')
    expect(cache.snapshot(NOW)).not.toHaveProperty('k1')
  })
})
