import type { ApiResult, CacheRecord } from '../api/result.ts'

const MAX_ENTRIES = 20
const MAX_TOTAL_BYTES = 8 * 1024
const MAX_AGE_MS = 24 * 60 * 60 * 1000

/**
 * What `api.cache` keeps between executions, for all Actions of the trigger. Concurrent runs can
 * exceed its limits together; then the oldest entry goes.
 * https://auth0.com/docs/customize/actions/limitations
 */
export class ActionCache {
  readonly #entries = new Map<string, CacheRecord>()

  snapshot(now: number): Record<string, CacheRecord> {
    for (const [key, record] of this.#entries) {
      if (record.expires_at < now) this.#entries.delete(key)
    }
    return Object.fromEntries(this.#entries)
  }

  apply(changes: ApiResult['cacheChanges'], now: number): void {
    for (const { key, record } of changes) {
      this.#entries.delete(key)
      if (record === null) continue
      const expires_at = Math.min(record.expires_at, now + MAX_AGE_MS)
      this.#entries.set(key, { ...record, expires_at })
    }
    for (const key of [...this.#entries.keys()]) {
      if (this.#entries.size <= MAX_ENTRIES && this.#bytes() <= MAX_TOTAL_BYTES) return
      this.#entries.delete(key)
    }
  }

  #bytes(): number {
    return [...this.#entries].reduce(
      (sum, [key, { value }]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
      0,
    )
  }
}
