import type { ApiRun } from './run.ts'

/** Rules are gone: none was executed. */
export class Rules {
  readonly #run: ApiRun

  constructor(run: ApiRun) {
    this.#run = run
  }

  wasExecuted(ruleId: string): boolean {
    this.#run.record('rules.wasExecuted', ruleId)
    return false
  }
}
