import type { FlowEngine } from './runtime/flow.ts'
import type { Store } from './store.ts'

/** What every route of the tenant works with. */
export interface TenantContext {
  readonly store: Store
  /** Host and port, e.g. `localhost:4401`; `event.request.hostname` and `iss` of session tokens. */
  readonly host: string
  /** `https://<host>/`, with Auth0's trailing slash. */
  readonly issuer: string
  readonly engine: FlowEngine
  /** Milliseconds since the epoch. */
  readonly now: () => number
}
