import { randomUUID } from 'node:crypto'
import { isObject } from '../json.ts'
import type { Outcome } from '../api/outcome.ts'
import { withoutSecrets } from '../api/redact.ts'
import type { WorkerRun } from './action-worker.ts'
import type { BoundAction, EventData } from './flow.ts'
import type { ActionTrace, FlowTrace } from '../trace.ts'

export const beginTrace = (event: EventData, now: number): FlowTrace => ({
  id: randomUUID(),
  started_at: new Date(now).toISOString(),
  trigger: 'post-login',
  user_id: textAt(event, 'user', 'user_id'),
  client_id: textAt(event, 'client', 'client_id'),
  connection: textAt(event, 'connection', 'name'),
  protocol: textAt(event, 'transaction', 'protocol'),
  outcome: 'running',
  actions: [],
  profile_writes: [],
})

/** The same trace, to go on with; the suspended one stays as it is. */
export const continueTrace = (trace: FlowTrace): FlowTrace => ({
  ...structuredClone(trace),
  outcome: 'running',
})

export const traceAction = (
  action: BoundAction,
  handler: ActionTrace['handler'],
  run: WorkerRun,
  outcome: Outcome,
): ActionTrace =>
  hideSecrets([action], {
    action: action.name,
    handler,
    outcome: outcome.kind,
    ...('reason' in outcome ? { reason: outcome.reason } : {}),
    commands: run.commands,
    logs: run.logs,
    durationMs: Math.round(run.durationMs * 10) / 10,
  })

/** The value without tokens and without the secrets of the Actions. */
export const hideSecrets = <Value>(actions: BoundAction[], value: Value): Value => {
  let hidden: unknown = value
  for (const { secrets } of actions) hidden = withoutSecrets(hidden, secrets)
  return hidden as Value
}

const textAt = (event: EventData, part: string, key: string): string => {
  const value = isObject(event[part]) ? event[part][key] : undefined
  return typeof value === 'string' ? value : ''
}
