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
