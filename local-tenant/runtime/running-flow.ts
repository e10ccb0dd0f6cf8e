/** A running flow is a value: how it begins, what an Action adds to it, how it is suspended. */
import {
  addPendingMetadata,
  applyProfileChanges,
  noPendingMetadata,
  type PendingMetadata,
} from '../api/profile-update.ts'
import type { ApiResult } from '../api/result.ts'
import type { BoundAction, EventData, SuspendedFlow } from './flow.ts'
import type { FlowTrace } from '../trace.ts'

export interface RunningFlow extends SuspendedFlow {
  /** What earlier Actions asked for since the last profile write. */
  pending: PendingMetadata
}

export const beginFlow = (
  actions: BoundAction[],
  event: EventData,
  trace: FlowTrace,
): RunningFlow => ({
  resumeAt: 0,
  actions,
  event: structuredClone(event),
  idTokenClaims: {},
  accessTokenClaims: {},
  addedScopes: [],
  removedScopes: [],
  samlAttributes: {},
  trace,
  pending: noPendingMetadata(),
})

/** The flow with what one Action asked for, so that the next one sees it. */
export const absorbResult = (flow: RunningFlow, result: ApiResult): RunningFlow => {
  const { primaryUserId } = result
  return {
    ...flow,
    event: changeEvent(flow.event, result),
    pending: addPendingMetadata(flow.pending, result),
    idTokenClaims: { ...flow.idTokenClaims, ...result.idTokenClaims },
    accessTokenClaims: { ...flow.accessTokenClaims, ...result.accessTokenClaims },
    addedScopes: lastWord(flow.addedScopes, result.addedScopes, result.removedScopes),
    removedScopes: lastWord(flow.removedScopes, result.removedScopes, result.addedScopes),
    samlAttributes: { ...flow.samlAttributes, ...result.samlAttributes },
    ...(primaryUserId === undefined ? {} : { primaryUserId }),
  }
}

/** `event.user` for the next Action: the stored user with the changes of earlier Actions. */
export const visibleUser = (flow: RunningFlow): EventData['user'] =>
  applyProfileChanges(flow.event.user, flow.pending)

/** Whose profile is written and read: the primary user, once an Action has set one. */
export const userIdOf = (flow: SuspendedFlow): string =>
  flow.primaryUserId ?? String(flow.event.user['user_id'])

/** What must be kept. The metadata changes must have been written before. */
export const suspendFlow = (flow: RunningFlow, resumeAt: number): SuspendedFlow => {
  const kept: SuspendedFlow & { pending?: PendingMetadata } = structuredClone(flow)
  delete kept.pending
  return { ...kept, resumeAt }
}

const changeEvent = (event: EventData, result: ApiResult): EventData => {
  const changed: EventData = { ...event }
  const merge = (part: string, values: Record<string, unknown>): void => {
    changed[part] = { ...(changed[part] as object | undefined), ...values }
  }
  if (result.transactionMetadata !== undefined) {
    merge('transaction', { metadata: result.transactionMetadata })
  }
  if (result.sessionMetadata !== undefined) merge('session', { metadata: result.sessionMetadata })
  if (result.cookieMode !== undefined && event['session'] !== undefined) {
    merge('session', { cookie: { mode: result.cookieMode } })
  }
  if (result.refreshTokenMetadata !== undefined && event['refresh_token'] !== undefined) {
    merge('refresh_token', { metadata: result.refreshTokenMetadata })
  }
  return changed
}

const lastWord = (before: string[], wanted: string[], unwanted: string[]): string[] => [
  ...new Set([...before.filter((scope) => !unwanted.includes(scope)), ...wanted]),
]
