/** What the main thread and a worker say to each other. */
import type { LogLine } from '../api/action-log.ts'
import type { ApiResult } from '../api/result.ts'
import type { ApiOptions } from '../api/run.ts'
import type { TracedCommand } from '../trace.ts'

/** What a worker is made for: one version of one Action. */
export interface WorkerSetup {
  name: string
  code: string
  /** Packages that `require` may load besides Node's own modules. */
  dependencies: string[]
  /** A file of this repository: packages are looked up from there. */
  requireFrom: string
  /** PEM of a certificate authority that the Action trusts beside the public ones. */
  trustedCa?: string
}

/** One run of one handler. */
export interface RunRequest {
  /** Messages of a run that has ended are dropped. */
  run: number
  handler: NonNullable<ApiOptions['handler']>
  /** With `secrets`. */
  event: Record<string, unknown>
  /** Milliseconds since the epoch; the worker's clock starts there. */
  now: number
  cache: NonNullable<ApiOptions['cache']>
  earlier: NonNullable<ApiOptions['earlier']>
}

/** Lines and commands come at once, so that even a run that never ends leaves them. */
export type WorkerMessage =
  | { kind: 'ready' }
  | { kind: 'started'; run: number }
  | { kind: 'log'; run: number; line: LogLine }
  | { kind: 'command'; run: number; command: TracedCommand }
  | { kind: 'done'; run: number; result: ApiResult }
  | { kind: 'failed'; run: number; reason: string }
