import type { Event } from '@auth0/actions-types/post-login/v3'
import { decideOutcome } from '../../local-tenant/api/outcome.ts'
import { createPostLoginApi } from '../../local-tenant/api/post-login-api.ts'
import type { BoundAction } from '../../local-tenant/runtime/flow.ts'
import type { LawSubject } from './arbitraries.ts'
import { damagedEvent, type Damage } from './hostile-events.ts'
import type { HandlerName } from './load-action.ts'
import { createWorldLoader } from './sweep.ts'

export interface HostileRun {
  by: string
  ms: number
  cpuMs: number
}

/** Runs every handler on the event and says how long each took. Throws when one breaks its word. */
export type RunAll = (list: readonly Damage[]) => Promise<HostileRun[]>

export const createHostileRuns = (
  actions: readonly BoundAction[],
  { manifests }: Pick<LawSubject, 'manifests'>,
): RunAll => {
  const load = createWorldLoader()
  const handlers = actions.flatMap((action) => {
    const bundle = load(action)
    return (Object.keys(bundle.handlers) as HandlerName[]).map((name) => {
      const handler = bundle.handlers[name]
      const fails = manifests[action.name]?.fails
      if (handler === undefined || fails === undefined)
        throw new Error(`${action.name} has no ${name}`)
      return { action, name, handler, fails }
    })
  })
  return async (list) => {
    const runs: HostileRun[] = []
    for (const { action, name, handler, fails } of handlers) {
      const event = damagedEvent(list)
      if (Object.hasOwn(event, 'secrets')) event['secrets'] = action.secrets
      const { api, result } = createPostLoginApi(event as unknown as Event, { handler: name })
      const [since, cpu] = [performance.now(), process.cpuUsage()]
      await handler(event as unknown as Event, api)
      const { user, system } = process.cpuUsage(cpu)
      const by = `${action.name} ${name}`
      runs.push({ by, ms: performance.now() - since, cpuMs: (user + system) / 1000 })
      const { kind } = decideOutcome(result)
      const allowed = fails === 'open' ? ['completed'] : ['completed', 'denied', 'redirected']
      if (!allowed.includes(kind))
        throw new Error(`${by}: ${kind} ${JSON.stringify(result.denied)}`)
    }
    return runs
  }
}
