import type { FlowTrace } from '../trace.ts'

/** A deployed, bound Action as the runtime needs it. */
export interface BoundAction {
  /** Changes with every deployed version: one worker serves one version. */
  versionId: string
  name: string
  code: string
  secrets: Record<string, string>
  dependencies: { name: string; version: string }[]
}

/** `event` without `secrets`, as JSON. */
export type EventData = Record<string, unknown> & {
  user: Record<string, unknown>
  request: Record<string, unknown>
  client: Record<string, unknown>
}

/** The profile as the tenant keeps it, and the one way a flow may change it. */
export interface ProfileStore {
  /** The user as Actions see it: `event.user`, `app_metadata` merged onto the root. */
  readUser(userId: string): Record<string, unknown>
  /** One profile update with Auth0's merge rules: first level only, `null` deletes. */
  writeProfile(
    userId: string,
    changes: { app_metadata?: Record<string, unknown>; user_metadata?: Record<string, unknown> },
  ): void
}

export interface FlowCompleted {
  kind: 'completed'
  idTokenClaims: Record<string, unknown>
  accessTokenClaims: Record<string, unknown>
  addedScopes: string[]
  removedScopes: string[]
  samlAttributes: Record<string, unknown>
  /** Set by `api.authentication.setPrimaryUser`. */
  primaryUserId?: string
  trace: FlowTrace
}

/** The browser must go to `url`, to which the tenant adds its own `state`. */
export interface FlowRedirected {
  kind: 'redirected'
  url: string
  suspended: SuspendedFlow
  trace: FlowTrace
}

/** Sign-in ends with `error=access_denied`. */
export interface FlowDenied {
  kind: 'denied'
  reason: string
  trace: FlowTrace
}

export type FlowResult = FlowCompleted | FlowRedirected | FlowDenied

/** What must be kept between a redirect and `/continue`; plain JSON. */
export interface SuspendedFlow {
  /** Index into `actions` of the Action whose `onContinuePostLogin` runs next. */
  resumeAt: number
  actions: BoundAction[]
  event: EventData
  idTokenClaims: Record<string, unknown>
  accessTokenClaims: Record<string, unknown>
  addedScopes: string[]
  removedScopes: string[]
  samlAttributes: Record<string, unknown>
  /** Set by `api.authentication.setPrimaryUser` before the redirect. */
  primaryUserId?: string
  trace: FlowTrace
}

/** Runs bound Actions in order over one event. */
export interface FlowEngine {
  start(actions: BoundAction[], event: EventData): Promise<FlowResult>
  /**
   * Runs `onContinuePostLogin` of the Action that redirected, then `onExecutePostLogin` of those
   * after it, with the user read afresh and `request` replaced by that of `/continue`.
   */
  resume(suspended: SuspendedFlow, request: Record<string, unknown>): Promise<FlowResult>
  /** Ends all workers. */
  close(): Promise<void>
}
