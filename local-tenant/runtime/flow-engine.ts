import { FACTOR_COMMAND } from '../api/authentication.ts'
import { decideOutcome, type Outcome } from '../api/outcome.ts'
import { noPendingMetadata, planProfileUpdate } from '../api/profile-update.ts'
import { ActionCache } from './action-cache.ts'
import type { WorkerRun } from './action-worker.ts'
import { messageOf } from '../json.ts'
import { beginTrace, continueTrace, hideSecrets, traceAction } from './flow-trace.ts'
import type {
  BoundAction,
  EventData,
  FlowDenied,
  FlowEngine,
  FlowResult,
  ProfileStore,
  SuspendedFlow,
} from './flow.ts'
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
 * Runs post-login flows in worker threads. Neither `start` nor `resume` rejects: an error of an
 * Action or of the profile store is a denied sign-in with a trace.
 *
 * The metadata changes of all Actions are one profile write: at the end, before a redirect, or on a
 * denial. There is none when nothing differs or an Action fails. `api.cache` is shared by all
 * flows of one engine. A second redirect, from `onContinuePostLogin`, is allowed here; Auth0 does
 * not document it.
 */
export const createFlowEngine = (options: FlowEngineOptions): FlowEngine => {
  const { profiles, now, limits, trustedCa } = options
  const pool = { memoryMb: limits?.memoryMb ?? MEMORY_MB, trustedCa }
  const engine: Engine = {
    profiles,
    now,
    flowMs: limits?.flowMs ?? FLOW_MS,
    runners: options.runners ?? new WorkerPool(pool),
    cache: new ActionCache(),
    isClosed: false,
  }
  return {
    start: (actions, event) => start(engine, actions, event),
    resume: (suspended, request) => resume(engine, suspended, request),
    async close() {
      engine.isClosed = true
      await engine.runners.close()
    },
  }
}

interface Engine {
  readonly profiles: ProfileStore
  readonly now: () => number
  readonly flowMs: number
  readonly runners: ActionRunners
  readonly cache: ActionCache
  isClosed: boolean
}

const start = (engine: Engine, actions: BoundAction[], event: EventData): Promise<FlowResult> => {
  const trace = beginTrace(event, engine.now())
  return safely(trace, actions, async () =>
    runActions(engine, beginFlow(actions, event, trace), 'onExecutePostLogin'),
  )
}

const resume = (
  engine: Engine,
  suspended: SuspendedFlow,
  request: Record<string, unknown>,
): Promise<FlowResult> => {
  const trace = continueTrace(suspended.trace)
  return safely(trace, suspended.actions, async () => {
    const user = engine.profiles.readUser(userIdOf(suspended))
    const event = structuredClone({ ...suspended.event, request, user })
    const flow = { ...suspended, event, trace, pending: noPendingMetadata() }
    return runActions(engine, flow, 'onContinuePostLogin')
  })
}

/** Runs the Actions from where the flow stands; `first` is the handler of the first of them. */
const runActions = async (
  engine: Engine,
  begun: RunningFlow,
  first: Handler,
): Promise<FlowResult> => {
  let flow = begun
  let leftMs = engine.flowMs
  for (const [at, action] of begun.actions.entries()) {
    if (at < begun.resumeAt) continue
    if (engine.isClosed) throw new Error('The local tenant is closing.')
    const handler = at === begun.resumeAt ? first : 'onExecutePostLogin'
    const request = requestFor(engine, flow, action, handler)
    const run = await engine.runners.workerOf(action).run(request, leftMs)
    leftMs -= run.durationMs
    const outcome = outcomeOf(run)
    flow.trace.actions.push(traceAction(action, handler, run, outcome))
    if ('failure' in run.ended || outcome.kind === 'failed') {
      return fail(flow.trace, flow.actions, reasonOf(outcome))
    }
    flow = absorbResult(flow, run.ended.result)
    engine.cache.apply(run.ended.result.cacheChanges, engine.now())
    if (outcome.kind !== 'completed') return stop(engine, flow, at, outcome)
  }
  return complete(engine, flow)
}

const requestFor = (
  { now, cache }: Engine,
  flow: RunningFlow,
  action: BoundAction,
  handler: Handler,
): Omit<RunRequest, 'run'> => ({
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

/** An Action denied or redirected. The profile changes so far are written. */
const stop = (
  engine: Engine,
  flow: RunningFlow,
  at: number,
  outcome: Extract<Outcome, { kind: 'denied' | 'redirected' }>,
): FlowResult => {
  const { trace } = flow
  writeProfile(engine, flow, outcome.kind === 'denied' ? 'deny' : 'redirect')
  trace.outcome = outcome.kind
  return outcome.kind === 'denied'
    ? { kind: 'denied', reason: outcome.reason, trace }
    : { kind: 'redirected', url: outcome.url, suspended: suspendFlow(flow, at), trace }
}

const complete = (engine: Engine, flow: RunningFlow): FlowResult => {
  const { idTokenClaims, accessTokenClaims, addedScopes, removedScopes, samlAttributes } = flow
  for (const claims of [idTokenClaims, accessTokenClaims]) {
    if (Buffer.byteLength(JSON.stringify(claims)) > MAX_CLAIMS_BYTES) {
      throw new Error('The custom claims of a token exceed 100 kB.')
    }
  }
  writeProfile(engine, flow, 'end')
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
const writeProfile = ({ profiles }: Engine, flow: RunningFlow, at: ProfileWrite['at']): void => {
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

/** Whatever is thrown is a failed flow. */
const safely = async (
  trace: FlowTrace,
  actions: BoundAction[],
  run: () => Promise<FlowResult>,
): Promise<FlowResult> => {
  try {
    return await run()
  } catch (error) {
    return fail(trace, actions, messageOf(error))
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
