/** What a deploy reads of a tenant, as plain data. */

/** What decides how an Action runs, but for the values of secrets, which nobody can read. */
export interface ActionContent {
  code: string
  runtime: string
  /** By name. */
  dependencies: { name: string; version: string }[]
  /** In alphabetical order. */
  secretNames: string[]
  /** Shared code of the tenant that it runs, such as `helpers 3`. */
  modules: string[]
}

export type BuildStatus = 'built' | 'building' | 'failed'

export interface DeployedVersion extends ActionContent {
  id: string
  /** Counts up from 1 within one Action. */
  number: number
  /** ISO 8601. */
  createdAt: string
  /** When each of its secrets was set, ISO 8601, by name. */
  secretsSetAt: Record<string, string>
  status: BuildStatus
}

export interface TenantAction {
  id: string
  name: string
  triggers: { id: string; version: string }[]
  /** What the dashboard's editor shows; it runs only once it is deployed. */
  draft: ActionContent
  /** Of the draft. */
  status: BuildStatus
  /** Why the build of the draft or of the live version failed, in the tenant's words. */
  buildErrors: string[]
  allChangesDeployed: boolean
  /** When each secret of the draft was last set, ISO 8601, by name. */
  secretsSetAt: Record<string, string>
  deployed?: DeployedVersion
  /** Belongs to an integration of the marketplace. */
  isInstalled: boolean
}

export interface TenantBinding {
  actionName: string
  displayName: string
}

export interface Tenant {
  domain: string
  actions: TenantAction[]
  /** In execution order, by trigger; only the triggers that were asked for. */
  bindings: Record<string, TenantBinding[]>
}
