import { describe, expect, test } from '@jest/globals'
import { newApi } from '../../../test-kit/local-tenant/api.ts'

describe('transaction.setMetadata', () => {
  test('shows in the event at once', () => {
    const { api, event, result } = newApi()
    api.transaction.setMetadata('nonce', 'n')
    api.transaction.setMetadata('count', 1)
    api.transaction.setMetadata('nonce', null)
    expect(event.transaction?.metadata).toEqual({ count: 1 })
    expect(result.transactionMetadata).toEqual({ count: 1 })
  })

  test('creates the transaction where there is none', () => {
    const { api, event } = newApi({ transaction: undefined })
    api.transaction.setMetadata('done', true)
    expect(event.transaction).toEqual({ metadata: { done: true } })
  })

  test.each([
    ['a key of 64 characters', 'k'.repeat(64), 1],
    ['a value of 8 KB', 'k', 'v'.repeat(8192)],
    ['a fraction', 'k', 1.5],
    ['the largest safe integer', 'k', Number.MAX_SAFE_INTEGER],
  ])('takes %s', (_name, key, value) => {
    const { api, event } = newApi()
    api.transaction.setMetadata(key, value)
    expect(event.transaction?.metadata[key]).toBe(value)
  })

  test.each<[string, unknown, unknown]>([
    ['a key of 65 characters', 'k'.repeat(65), 1],
    ['a key that is no text', 5, 1],
    ['a value of more than 8 KB', 'k', 'é'.repeat(4097)],
    ['an unsafe integer', 'k', 2 ** 53],
    ['NaN', 'k', NaN],
    ['an object', 'k', {}],
    ['undefined', 'k', undefined],
  ])('throws for %s and changes nothing', (_name, key, value) => {
    const { api, event, result } = newApi()
    expect(() => api.transaction.setMetadata(key as string, value as string)).toThrow()
    expect(event.transaction?.metadata).toEqual({})
    expect(result).not.toHaveProperty('transactionMetadata')
  })

  test('throws for more than 16 KB in all', () => {
    const { api } = newApi()
    api.transaction.setMetadata('a', 'v'.repeat(8000))
    api.transaction.setMetadata('b', 'v'.repeat(8000))
    expect(() => api.transaction.setMetadata('c', 'v'.repeat(400))).toThrow(/16384 bytes/)
  })
})
