import type { Event } from '@auth0/actions-types/post-login/v3'
import { ActionLog } from '../../local-tenant/api/action-log.ts'
import { createPostLoginApi } from '../../local-tenant/api/post-login-api.ts'
import type { ApiResult } from '../../local-tenant/api/result.ts'
import type { WorkerRun } from '../../local-tenant/runtime/action-worker.ts'
import { createFlowEngine, type ActionRunners } from '../../local-tenant/runtime/flow-engine.ts'
import type { BoundAction, FlowEngine, ProfileStore } from '../../local-tenant/runtime/flow.ts'
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
 * and an Action shares its realm with the test. A law holds it to the answers of the threads.
 */
export const createInProcessEngine = ({
  profiles,
  now,
  load,
}: {
  profiles: ProfileStore
  now: () => number
  load: BundleLoader
}): FlowEngine => createFlowEngine({ profiles, now, runners: createRunners(load, now) })

const createRunners = (load: BundleLoader, now: () => number): ActionRunners => ({
  workerOf: (action) => ({
    run: async ({ handler, event: asked, cache, earlier }) => {
      const bundle = load(action)
      bundle.log = new ActionLog()
      const { lines: logs } = bundle.log
      // As between threads: no Action can reach into the event of another one.
      const event = structuredClone(asked) as unknown as Event
      const { api, result } = createPostLoginApi(event, { now, handler, cache, earlier })
      const ended = await runHandler(bundle.handlers[handler], event, api, result)
      return { ended, commands: result.commands, logs, durationMs: 0 }
    },
  }),
  close: async () => undefined,
})

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

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
