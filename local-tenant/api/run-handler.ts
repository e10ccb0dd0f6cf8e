import type { Event, PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import type { ActionTrace } from '../trace.ts'
import { ActionLog, type LogLine } from './action-log.ts'
import { captureConsole } from './capture-console.ts'
import { freezeEvent } from './freeze-event.ts'
import { decideOutcome } from './outcome.ts'
import { createPostLoginApi } from './post-login-api.ts'
import {
  addPendingMetadata,
  applyProfileChanges,
  noPendingMetadata,
  planProfileUpdate,
  type ProfileChanges,
} from './profile-update.ts'
import type { ApiResult } from './result.ts'
import type { ApiOptions } from './run.ts'

export interface HandlerRun {
  outcome: ActionTrace['outcome']
  /** The deny reason, or the message that a failure shows to the application. */
  reason?: string
  /** What the handler threw. */
  error?: Error
  /** What the handler asked of `api`, call by call and summed up. */
  result: ApiResult
  /** Its console output, cut as Auth0 cuts it. */
  logs: LogLine[]
  /** The update of the profile that follows; `undefined` when there is none. */
  profileWrite: ProfileChanges | undefined
  /** The user as the next sign-in finds it. */
  state: { user: Event['user'] }
}

/**
 * Runs one handler of an Action over one event, as the only Action of the flow, and says how things
 * stand after it. For tests of Actions; the local tenant runs bundles through the flow engine.
 *
 * The handler gets a frozen copy of `event`: one that writes to it fails. Nothing is written and the
 * claims are gone when it throws; a denial keeps the metadata changes.
 *
 * ```ts
 * const event = buildEvent({
 *   user: { app_metadata: { plan: 'gold' } },
 *   secrets: { TERMS_URL: 'https://terms.example/' },
 * })
 * const run = await runHandler(onExecutePostLogin, event)
 * expect(run.outcome).toBe('redirected')
 * expect(run.result.redirect?.url).toContain('https://terms.example/')
 * expect(run.state.user.app_metadata).toEqual({ plan: 'gold' })
 * expect(run.profileWrite).toBeUndefined()
 * const again = await runHandler(onContinuePostLogin, { ...event, user: run.state.user, request },
 *   { handler: 'onContinuePostLogin' })
 * ```
 */
export const runHandler = async (
  handler: (event: Event, api: PostLoginAPI) => Promise<void>,
  event: Event,
  options: ApiOptions = {},
): Promise<HandlerRun> => {
  // Through JSON, not structuredClone: under jest that one makes objects of another realm.
  const copy = JSON.parse(JSON.stringify(event)) as Event
  const before = JSON.parse(JSON.stringify(event.user)) as Event['user']
  const { api, result } = createPostLoginApi(copy, options)
  freezeEvent(copy)
  const log = new ActionLog()
  const unchanged = { result, logs: log.lines, profileWrite: undefined, state: { user: before } }
  try {
    await captureConsole(log, async () => handler(copy, api))
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    return { ...unchanged, outcome: 'failed', reason: error.message, error }
  }
  const decided = decideOutcome(result)
  if (decided.kind === 'failed') {
    return { ...unchanged, outcome: 'failed', reason: decided.reason }
  }
  const plan = planProfileUpdate(before, addPendingMetadata(noPendingMetadata(), result))
  if ('error' in plan) return { ...unchanged, outcome: 'failed', reason: plan.error }
  return {
    outcome: decided.kind,
    ...(decided.kind === 'denied' ? { reason: decided.reason } : {}),
    result,
    logs: log.lines,
    profileWrite: plan.changes,
    state: { user: applyProfileChanges(before, plan.changes ?? {}) },
  }
}
