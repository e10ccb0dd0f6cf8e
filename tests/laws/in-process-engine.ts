import type { Event } from '@auth0/actions-types/post-login/v3'
import { ActionLog } from '../../local-tenant/api/action-log.ts'
import { decideOutcome, type Outcome } from '../../local-tenant/api/outcome.ts'
import { createPostLoginApi } from '../../local-tenant/api/post-login-api.ts'
import { noPendingMetadata, planProfileUpdate } from '../../local-tenant/api/profile-update.ts'
import type { ApiResult } from '../../local-tenant/api/result.ts'
import { ActionCache } from '../../local-tenant/runtime/action-cache.ts'
import type { WorkerRun } from '../../local-tenant/runtime/action-worker.ts'
import {
  beginTrace,
  continueTrace,
  hideSecrets,
  traceAction,
} from '../../local-tenant/runtime/flow-trace.ts'
import type {
  BoundAction,
  FlowEngine,
  FlowResult,
  ProfileStore,
} from '../../local-tenant/runtime/flow.ts'
import {
  absorbResult,
  beginFlow,
  suspendFlow,
  userIdOf,
  visibleUser,
  type RunningFlow,
} from '../../local-tenant/runtime/running-flow.ts'
import type { ProfileWrite } from '../../local-tenant/runtime/trace.ts'
import { loadAction, type HandlerName, type Handlers, type Surroundings } from './load-action.ts'

/** A loaded bundle and where its console goes at the moment. */
interface LoadedBundle {
  readonly handlers: Handlers
  log: ActionLog
}

export type BundleLoader = (action: BoundAction) => LoadedBundle

/** Loads each version of an Action once, whatever the number of engines. */
export const createBundleLoader = (around: Omit<Surroundings, 'log'> = {}): BundleLoader => {
  const loaded = new Map<string, LoadedBundle>()
  return ({ versionId, code }) => {
    const known = loaded.get(versionId)
    if (known !== undefined) return known
    const log = (line: string): void => bundle.log.write('log', [line])
    const bundle = { handlers: loadAction(code, { ...around, log }), log: new ActionLog() }
    loaded.set(versionId, bundle)
    return bundle
  }
}

/**
 * The flow engine without its threads, so that thousands of sign-ins take seconds: no time limits,
 * and an Action shares its realm with the test. What an Action asks for is merged, batched and
 * written by the engine's own functions; a law holds this engine to the answers of the real one.
 */
export const createInProcessEngine = ({
  profiles,
  now,
  load,
}: {
  profiles: ProfileStore
  now: () => number
  load: BundleLoader
}): FlowEngine => {
  const cache = new ActionCache()

  const runAction = async (
    flow: RunningFlow,
    action: BoundAction,
    handler: HandlerName,
  ): Promise<WorkerRun> => {
    const bundle = load(action)
    bundle.log = new ActionLog()
    const { lines: logs } = bundle.log
    // As between threads: no Action can reach into the event of another one.
    const event = structuredClone({
      ...flow.event,
      user: visibleUser(flow),
      secrets: action.secrets,
    }) as unknown as Event
    const { api, result } = createPostLoginApi(event, {
      now,
      handler,
      cache: cache.snapshot(now()),
    })
    const ended = await runHandler(bundle.handlers[handler], event, api, result)
    return { ended, commands: result.commands, logs, durationMs: 0 }
  }

  const runFrom = async (begun: RunningFlow, first: HandlerName): Promise<FlowResult> => {
    const { actions, resumeAt, trace } = begun
    let flow = begun
    let handler = first
    for (const [at, action] of actions.entries()) {
      if (at < resumeAt) continue
      const run = await runAction(flow, action, handler)
      const outcome: Outcome =
        'failure' in run.ended
          ? { kind: 'failed', reason: run.ended.failure }
          : decideOutcome(run.ended.result)
      trace.actions.push(traceAction(action, handler, run, outcome))
      if ('failure' in run.ended || outcome.kind === 'failed') {
        return fail(flow, 'reason' in outcome ? outcome.reason : '')
      }
      flow = absorbResult(flow, run.ended.result)
      cache.apply(run.ended.result.cacheChanges, now())
      if (outcome.kind === 'denied') {
        writeProfile(flow, 'deny')
        trace.outcome = 'denied'
        return { kind: 'denied', reason: outcome.reason, trace }
      }
      if (outcome.kind === 'redirected') {
        writeProfile(flow, 'redirect')
        trace.outcome = 'redirected'
        return { kind: 'redirected', url: outcome.url, suspended: suspendFlow(flow, at), trace }
      }
      handler = 'onExecutePostLogin'
    }
    writeProfile(flow, 'end')
    trace.outcome = 'completed'
    const { idTokenClaims, accessTokenClaims, addedScopes, removedScopes, samlAttributes } = flow
    return {
      kind: 'completed',
      idTokenClaims,
      accessTokenClaims,
      addedScopes,
      removedScopes,
      samlAttributes,
      trace,
    }
  }

  const writeProfile = (flow: RunningFlow, at: ProfileWrite['at']): void => {
    const userId = userIdOf(flow)
    const plan = planProfileUpdate(profiles.readUser(userId), flow.pending)
    if ('error' in plan) throw new Error(plan.error)
    if (plan.changes === undefined) return
    profiles.writeProfile(userId, plan.changes)
    flow.trace.profile_writes.push(hideSecrets(flow.actions, { at, ...plan.changes }))
  }

  const safely = async (flow: RunningFlow, first: HandlerName): Promise<FlowResult> => {
    try {
      return await runFrom(flow, first)
    } catch (error) {
      return fail(flow, textOf(error))
    }
  }

  return {
    start: (actions, event) =>
      safely(beginFlow(actions, event, beginTrace(event, now())), 'onExecutePostLogin'),
    resume: (suspended, request) => {
      const user = profiles.readUser(userIdOf(suspended))
      const event = structuredClone({ ...suspended.event, request, user })
      const trace = continueTrace(suspended.trace)
      return safely(
        { ...suspended, event, trace, pending: noPendingMetadata() },
        'onContinuePostLogin',
      )
    },
    close: async () => undefined,
  }
}

const runHandler = async (
  handler: Handlers[HandlerName],
  event: Event,
  api: Parameters<NonNullable<typeof handler>>[1],
  result: ApiResult,
): Promise<WorkerRun['ended']> => {
  try {
    if (handler === undefined) throw new Error('The bundle has no such handler.')
    await handler(event, api)
    return { result }
  } catch (error) {
    return { failure: textOf(error) }
  }
}

const fail = (flow: RunningFlow, reason: string): FlowResult => {
  flow.trace.outcome = 'failed'
  flow.trace.reason = hideSecrets(flow.actions, reason)
  return { kind: 'denied', reason, trace: flow.trace }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
