import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { LEFT_OUT } from './redact.ts'
import type { CacheRecord } from './result.ts'
import type { ApiRun } from './run.ts'

type CacheAPI = PostLoginAPI['cache']
type WriteResult = ReturnType<CacheAPI['set']>
type DeleteResult = ReturnType<CacheAPI['delete']>
type ErrorCode = Extract<WriteResult, { type: 'error' }>['code']

const DEFAULT_TTL_MS = 15 * 60 * 1000
const MAX_ENTRIES = 20
const MAX_KEY_BYTES = 64
const MAX_VALUE_BYTES = 4096
/** The documented limit; Auth0's code allows a little more than twice as much. */
const MAX_TOTAL_BYTES = 8 * 1024

/** Never throws: every outcome is a result object. All times are milliseconds. */
export class Cache implements CacheAPI {
  readonly #run: ApiRun
  readonly #entries: Map<string, CacheRecord>

  constructor(run: ApiRun) {
    this.#run = run
    this.#entries = new Map(Object.entries(run.options.cache))
  }

  get(key: string): CacheRecord | undefined {
    const record = this.#entries.get(key)
    if (record === undefined || record.expires_at < this.#run.options.now()) return undefined
    return { ...record }
  }

  set(key: string, value: string, options?: Parameters<CacheAPI['set']>[2]): WriteResult {
    // Not the value: caches are where Actions keep access tokens.
    this.#run.record('cache.set', key, LEFT_OUT, options ?? {})
    const tooBig = this.#sizeProblem(key, value)
    if (tooBig !== undefined) return failed(tooBig)
    const now = this.#run.options.now()
    const expires_at = expiryOf(options, now)
    if (expires_at === undefined || !Number.isSafeInteger(expires_at)) {
      return failed('InvalidExpiry')
    }
    if (expires_at <= now) return failed('ItemAlreadyExpired')
    this.#entries.set(key, { value, expires_at })
    this.#run.result.cacheChanges.push({ key, record: { value, expires_at } })
    return { type: 'success', record: { value, expires_at } }
  }

  delete(key: string): DeleteResult {
    this.#run.record('cache.delete', key)
    if (!this.#entries.delete(key)) return failed('CacheKeyDoesNotExist')
    this.#run.result.cacheChanges.push({ key, record: null })
    return { type: 'success' }
  }

  #sizeProblem(key: string, value: string): ErrorCode | undefined {
    if (typeof (value as unknown) !== 'string') return 'FailedToSetCacheRecord'
    if (Buffer.byteLength(key) > MAX_KEY_BYTES) return 'CacheKeySizeExceeded'
    if (Buffer.byteLength(value) > MAX_VALUE_BYTES) return 'CacheValueSizeExceeded'
    let total = Buffer.byteLength(key) + Buffer.byteLength(value)
    let entries = 1
    for (const [other, record] of this.#entries) {
      if (other === key) continue
      total += Buffer.byteLength(other) + Buffer.byteLength(record.value)
      entries += 1
    }
    return total > MAX_TOTAL_BYTES || entries > MAX_ENTRIES ? 'CacheSizeExceeded' : undefined
  }
}

/** The earlier of the two times, or `undefined` when one of them is not a number. */
const expiryOf = (options: Parameters<CacheAPI['set']>[2], now: number): number | undefined => {
  const { ttl, expires_at } = options ?? {}
  for (const given of [ttl, expires_at]) {
    if (given !== undefined && !Number.isFinite(given)) return undefined
  }
  if (ttl === undefined) return Math.floor(expires_at ?? now + DEFAULT_TTL_MS)
  return Math.min(now + Math.floor(ttl), Math.floor(expires_at ?? Infinity))
}

const failed = (code: ErrorCode): { type: 'error'; code: ErrorCode } => ({ type: 'error', code })
