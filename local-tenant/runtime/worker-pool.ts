import { ActionWorker, type WorkerLimits } from './action-worker.ts'
import type { BoundAction } from './flow.ts'

/** One worker for each deployed version. The worker of an older version ends when it is idle. */
export class WorkerPool {
  readonly #limits: WorkerLimits
  readonly #workers = new Map<string, ActionWorker>()
  /** Version in use, by name of the Action. */
  readonly #versions = new Map<string, string>()
  readonly #retiring = new Set<Promise<void>>()

  constructor(limits: WorkerLimits) {
    this.#limits = limits
  }

  workerOf(action: BoundAction): ActionWorker {
    const previous = this.#versions.get(action.name)
    if (previous !== undefined && previous !== action.versionId) this.#retire(previous)
    this.#versions.set(action.name, action.versionId)
    const worker = this.#workers.get(action.versionId) ?? new ActionWorker(action, this.#limits)
    this.#workers.set(action.versionId, worker)
    return worker
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.close()))
    await Promise.all(this.#retiring)
    this.#workers.clear()
  }

  #retire(versionId: string): void {
    const worker = this.#workers.get(versionId)
    if (worker === undefined) return
    this.#workers.delete(versionId)
    const retired = worker.retire().finally(() => this.#retiring.delete(retired))
    this.#retiring.add(retired)
  }
}
