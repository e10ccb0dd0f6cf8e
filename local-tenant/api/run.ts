import type { Event } from '@auth0/actions-types/post-login/v3'
import type { ApiResult, CacheRecord, Recorder } from './result.ts'

export interface ApiOptions {
  /** Milliseconds since the epoch. Default: the real time. */
  now?: () => number
  /** Default `onExecutePostLogin`. */
  handler?: 'onExecutePostLogin' | 'onContinuePostLogin'
  /** What earlier executions left in `api.cache`. */
  cache?: Record<string, CacheRecord>
  /** What counts against the limits of the whole sign-in. */
  earlier?: EarlierInFlow
}

/** What Actions before this one did, where Auth0 limits the sum. */
export interface EarlierInFlow {
  primaryUserSet?: boolean
  /** How many `challengeWith…` and `enrollWith…` commands. */
  factorCommands?: number
  addedScopes?: string[]
}

/** What the parts of one fake `api` share. */
export interface ApiRun {
  /** Setters of transaction, session and refresh token change it, as Auth0's do. */
  readonly event: Event
  readonly options: Required<ApiOptions>
  readonly result: ApiResult
  readonly record: Recorder
}
