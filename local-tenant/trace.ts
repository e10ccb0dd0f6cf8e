/** What one flow leaves behind, for tools and tests. */

/** One run of one Action's handler. */
export interface ActionTrace {
  action: string
  handler: 'onExecutePostLogin' | 'onContinuePostLogin'
  outcome: 'completed' | 'redirected' | 'denied' | 'failed'
  /** The deny reason or the error message that reaches the application. */
  reason?: string
  /** What the Action asked of `api`, in order, secrets and tokens left out. */
  commands: TracedCommand[]
  logs: { level: string; message: string }[]
  durationMs: number
}

/** `api.user.setAppMetadata('terms', …)` is `{ name: 'user.setAppMetadata', arguments: ['terms', …] }`. */
export interface TracedCommand {
  name: string
  arguments: unknown[]
}

/** The one update that a flow makes to the profile, at its end or before a redirect. */
export interface ProfileWrite {
  at: 'end' | 'redirect' | 'deny'
  app_metadata?: Record<string, unknown>
  user_metadata?: Record<string, unknown>
}

/** One pass through the post-login flow, from the first Action to the last, redirects included. */
export interface FlowTrace {
  id: string
  started_at: string
  trigger: 'post-login'
  user_id: string
  client_id: string
  connection: string
  protocol: string
  outcome: 'running' | 'completed' | 'redirected' | 'denied' | 'failed'
  /** Why the flow failed, as when the profile update was refused. */
  reason?: string
  actions: ActionTrace[]
  profile_writes: ProfileWrite[]
}
