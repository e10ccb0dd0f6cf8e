/** One reason why the build is refused. */
export interface Problem {
  /** Relative to the project, with `:line` where esbuild knows it. */
  file: string
  reason: string
}

export interface Bundle {
  name: string
  /** Relative to the project. */
  file: string
  bytes: number
  /** SHA-256 of the bundle without its header, in hex. */
  hash: string
}

export interface BuildResult {
  /** Empty when there is a problem: then `dist` is left as it was. */
  bundles: Bundle[]
  problems: Problem[]
}

export const MAX_BUNDLE_BYTES: number

/** Builds the project in `root` into `root/dist`. */
export const buildActions: (root: string) => Promise<BuildResult>

export const renderBuildReport: (result: BuildResult) => string

/** An Action as `tenant.yaml` lists it; it is only to be relied on when there are no problems. */
export interface TenantEntry {
  name: string
  /** Relative to `tenant.yaml`. */
  code: string
  runtime: string
  supported_triggers: { id: string; version: string }[]
  dependencies?: { name: string; version: string; registry_url?: string }[]
  /** `value` is the marker `@@NAME@@`. */
  secrets?: { name: string; value: string }[]
}

export interface TenantFile {
  actions: TenantEntry[]
  /** Bindings in execution order, by trigger. */
  triggers: Record<string, { action_name: string; display_name: string }[]>
  problems: Problem[]
}

/** Reads and checks `root/tenant.yaml`. */
export const readTenant: (root: string) => Promise<TenantFile>
