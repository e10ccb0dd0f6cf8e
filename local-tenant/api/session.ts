import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import {
  assertMoment,
  changeEntityMetadata,
  namingFailure,
  readEntityMetadata,
} from './entity-metadata.ts'
import type { ApiRun } from './run.ts'

type SessionAPI = PostLoginAPI['session']
type CookieMode = Parameters<SessionAPI['setCookieMode']>[0]

/** Lifetimes and the cookie mode are noted only; revoking denies, and the session is kept. */
export class Session implements SessionAPI {
  readonly #run: ApiRun

  constructor(run: ApiRun) {
    this.#run = run
  }

  setExpiresAt(absolute: number): void {
    assertMoment(absolute)
    this.#run.record('session.setExpiresAt', absolute)
  }

  setIdleExpiresAt(inactivity: number): void {
    assertMoment(inactivity)
    this.#run.record('session.setIdleExpiresAt', inactivity)
  }

  revoke(reason: unknown, options?: Parameters<SessionAPI['revoke']>[1]): void {
    this.#run.record('session.revoke', reason, options ?? {})
    this.#run.result.denied ??= { reason: String(reason) }
  }

  setCookieMode(mode: CookieMode | undefined): void {
    if (!mode) throw new Error('Cookie mode must be provided')
    if (!['persistent', 'non-persistent'].includes(mode)) {
      throw new Error(
        `Invalid cookie mode: ${mode}. Valid values are 'persistent' and 'non-persistent'.`,
      )
    }
    const { event, record, result } = this.#run
    record('session.setCookieMode', mode)
    result.cookieMode = mode
    if (event.session !== undefined) event.session.cookie = { ...event.session.cookie, mode }
  }

  setMetadata(key: string, value: string | null): void {
    const changed = namingFailure('session', () => {
      const { session } = this.#run.event
      if (session === undefined) {
        throw new Error('Cannot set metadata on a session that does not exist.')
      }
      return changeEntityMetadata(readEntityMetadata(session.metadata), key, value)
    })
    this.#run.record('session.setMetadata', key, value)
    this.#store(changed)
  }

  deleteMetadata(key: string): void {
    const { session } = this.#run.event
    this.#run.record('session.deleteMetadata', key)
    if (session === undefined) return
    this.#store(changeEntityMetadata(readEntityMetadata(session.metadata), key, null))
  }

  evictMetadata(): void {
    this.#run.record('session.evictMetadata')
    this.#store({})
  }

  #store(metadata: Record<string, string> | undefined): void {
    const { event, result } = this.#run
    if (metadata === undefined || event.session === undefined) return
    event.session.metadata = { ...metadata }
    result.sessionMetadata = metadata
  }
}
