import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import {
  assertMoment,
  changeEntityMetadata,
  namingFailure,
  readEntityMetadata,
} from './entity-metadata.ts'
import { isObject } from '../json.ts'
import type { ApiRun } from './run.ts'

type RefreshTokenAPI = PostLoginAPI['refreshToken']

const MAX_REASON_LENGTH = 1024

/** Lifetimes are noted only; revoking denies the exchange, and the token is kept. */
export class RefreshToken implements RefreshTokenAPI {
  readonly #run: ApiRun
  /** Kept here, because metadata may be set before the event has a refresh token. */
  #metadata: Record<string, string>

  constructor(run: ApiRun) {
    this.#run = run
    this.#metadata = readEntityMetadata(run.event.refresh_token?.metadata)
  }

  setExpiresAt(absolute: number): void {
    this.#assertOffline('setExpiresAt')
    assertMoment(absolute)
    this.#run.record('refreshToken.setExpiresAt', absolute)
  }

  setIdleExpiresAt(inactivity: number): void {
    this.#assertOffline('setIdleExpiresAt')
    assertMoment(inactivity)
    this.#run.record('refreshToken.setIdleExpiresAt', inactivity)
  }

  revoke(reason: string): void {
    if (typeof (reason as unknown) !== 'string' || reason.length > MAX_REASON_LENGTH) {
      throw new Error(`The reason must be a string of at most ${MAX_REASON_LENGTH} characters`)
    }
    const { event, record, result } = this.#run
    record('refreshToken.revoke', reason)
    if (event.transaction?.protocol === 'oauth2-refresh-token') result.denied ??= { reason }
  }

  setMetadata(key: string, value: string | null): void {
    const changed = namingFailure('refresh token', () => {
      this.#assertOffline('setMetadata')
      return changeEntityMetadata(this.#metadata, key, value)
    })
    this.#run.record('refreshToken.setMetadata', key, value)
    this.#store(changed)
  }

  deleteMetadata(key: string): void {
    this.#assertOffline('deleteMetadata')
    this.#run.record('refreshToken.deleteMetadata', key)
    this.#store(changeEntityMetadata(this.#metadata, key, null))
  }

  evictMetadata(): void {
    this.#assertOffline('evictMetadata')
    this.#run.record('refreshToken.evictMetadata')
    if (Object.keys(this.#metadata).length > 0) this.#store({})
  }

  #store(metadata: Record<string, string> | undefined): void {
    if (metadata === undefined) return
    const { event, result } = this.#run
    this.#metadata = metadata
    // Not created if absent, because Actions test for `event.refresh_token`.
    if (event.refresh_token !== undefined) event.refresh_token.metadata = { ...metadata }
    result.refreshTokenMetadata = metadata
  }

  #assertOffline(method: string): void {
    const token: unknown = this.#run.event.refresh_token
    // `access` is in Auth0's sample event, and in none of its types.
    if (isObject(token) && token['access'] === 'online') {
      throw new Error(`Cannot call ${method} on an online refresh token.`)
    }
  }
}
