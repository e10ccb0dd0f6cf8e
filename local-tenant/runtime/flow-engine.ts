import { FACTOR_COMMAND } from '../api/authentication.ts'
import { decideOutcome, type Outcome } from '../api/outcome.ts'
import { noPendingMetadata, planProfileUpdate } from '../api/profile-update.ts'
import { ActionCache } from './action-cache.ts'
import type { WorkerRun } from './action-worker.ts'
import { beginTrace, continueTrace, hideSecrets, traceAction } from './flow-trace.ts'
import type { BoundAction, FlowDenied, FlowEngine, FlowResult, ProfileStore } from './flow.ts'
import {
  absorbResult,
  beginFlow,
  suspendFlow,
  userIdOf,
  visibleUser,
  type RunningFlow,
} from './running-flow.ts'
import type { ActionTrace, FlowTrace, ProfileWrite } from '../trace.ts'
import type { RunRequest } from './worker-messages.ts'
import { WorkerPool } from './worker-pool.ts'

export interface FlowEngineOptions {
  profiles: ProfileStore
  /** Milliseconds since the epoch. */
  now: () => number
  limits?: {
    /** For all Actions together, anew after a redirect. Default 20,000, as on Auth0. */
    flowMs?: number
    /** Heap of one Action. Default 128; Auth0 does not document its own. */
    memoryMb?: number
  }
  /** PEM of a certificate authority that Actions trust beside the public ones. */
  trustedCa?: string | undefined
  /** What runs the Actions. Default: a worker thread for each version. */
  runners?: ActionRunners
}

/** Runs single Actions for the engine. */
export interface ActionRunners {
  workerOf(action: BoundAction): {
    run(request: Omit<RunRequest, 'run'>, limitMs: number): Promise<WorkerRun>
  }
  close(): Promise<void>
}

const FLOW_MS = 20_000
const MEMORY_MB = 128
const MAX_CLAIMS_BYTES = 100 * 1024

type Handler = ActionTrace['handler']

/**
 * Runs post-login flows in worker threads. Neither `start` nor `resume` rejects: whatever an Action
 * or the profile store does comes out as a denied sign-in with a trace.
 *
 * Metadata of all Actions becomes one profile write, at the end, before a redirect, or on a denial;
 * there is none when nothing differs, and none when an Action fails. `api.cache` is shared by all
 * flows of one engine. A second redirect, from `onContinuePostLogin`, is allowed here; Auth0 does
 * not document it.
 */
export const createFlowEngine = (options: FlowEngineOptions): FlowEngine => {
  const { profiles, now, limits, trustedCa } = options
  const flowMs = limits?.flowMs ?? FLOW_MS
  const runners: ActionRunners =
    options.runners ?? new WorkerPool({ memoryMb: limits?.memoryMb ?? MEMORY_MB, trustedCa })
  const cache = new ActionCache()
  let closed = false

  const runFrom = async (begun: RunningFlow, first: Handler): Promise<FlowResult> => {
    const { actions, resumeAt, trace } = begun
    let flow = begun
    let handler = first
    let leftMs = flowMs
    for (const [at, action] of actions.entries()) {
      if (at < resumeAt) continue
      if (closed) throw new Error('The local tenant is closing.')
      const run = await runners.workerOf(action).run(requestFor(flow, action, handler), leftMs)
      leftMs -= run.durationMs
      const outcome = outcomeOf(run)
      trace.actions.push(traceAction(action, handler, run, outcome))
      if ('failure' in run.ended || outcome.kind === 'failed') {
        return fail(trace, actions, reasonOf(outcome))
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
    return complete(flow)
  }

  const requestFor = (flow: RunningFlow, action: BoundAction, handler: Handler) => ({
    handler,
    event: { ...flow.event, user: visibleUser(flow), secrets: action.secrets },
    now: now(),
    cache: cache.snapshot(now()),
    earlier: {
      primaryUserSet: flow.primaryUserId !== undefined,
      factorCommands: flow.trace.actions
        .flatMap(({ commands }) => commands)
        .filter(({ name }) => FACTOR_COMMAND.test(name)).length,
      addedScopes: flow.addedScopes,
    },
  })

  const complete = (flow: RunningFlow): FlowResult => {
    const { idTokenClaims, accessTokenClaims, addedScopes, removedScopes, samlAttributes } = flow
    for (const claims of [idTokenClaims, accessTokenClaims]) {
      if (Buffer.byteLength(JSON.stringify(claims)) > MAX_CLAIMS_BYTES) {
        throw new Error('The custom claims of a token exceed 100 kB.')
      }
    }
    writeProfile(flow, 'end')
    flow.trace.outcome = 'completed'
    return {
      kind: 'completed',
      idTokenClaims,
      accessTokenClaims,
      addedScopes,
      removedScopes,
      samlAttributes,
      ...(flow.primaryUserId === undefined ? {} : { primaryUserId: flow.primaryUserId }),
      trace: flow.trace,
    }
  }

  /** Throws when the update is refused: the flow has failed then. */
  const writeProfile = (flow: RunningFlow, at: ProfileWrite['at']): void => {
    const { app_metadata, user_metadata, error } = flow.pending
    const asked = Object.keys(app_metadata).length + Object.keys(user_metadata).length
    if (asked === 0 && error === undefined) return
    const userId = userIdOf(flow)
    const plan = planProfileUpdate(profiles.readUser(userId), flow.pending)
    if ('error' in plan) throw new Error(plan.error)
    if (plan.changes === undefined) return
    profiles.writeProfile(userId, plan.changes)
    flow.trace.profile_writes.push(hideSecrets(flow.actions, { at, ...plan.changes }))
  }

  const safely = async (
    trace: FlowTrace,
    actions: BoundAction[],
    run: () => Promise<FlowResult>,
  ): Promise<FlowResult> => {
    try {
      return await run()
    } catch (error) {
      return fail(trace, actions, error instanceof Error ? error.message : String(error))
    }
  }

  return {
    start(actions, event) {
      const trace = beginTrace(event, now())
      return safely(trace, actions, async () =>
        runFrom(beginFlow(actions, event, trace), 'onExecutePostLogin'),
      )
    },
    resume(suspended, request) {
      const trace = continueTrace(suspended.trace)
      return safely(trace, suspended.actions, async () => {
        const user = profiles.readUser(userIdOf(suspended))
        const event = structuredClone({ ...suspended.event, request, user })
        return runFrom(
          { ...suspended, event, trace, pending: noPendingMetadata() },
          'onContinuePostLogin',
        )
      })
    },
    async close() {
      closed = true
      await runners.close()
    },
  }
}

const outcomeOf = ({ ended }: WorkerRun): Outcome =>
  'failure' in ended ? { kind: 'failed', reason: ended.failure } : decideOutcome(ended.result)

const reasonOf = (outcome: Outcome): string => ('reason' in outcome ? outcome.reason : '')

const fail = (trace: FlowTrace, actions: BoundAction[], reason: string): FlowDenied => {
  trace.outcome = 'failed'
  trace.reason = hideSecrets(actions, reason)
  return { kind: 'denied', reason, trace }
}
