import type { ApiRun } from './run.ts'

/** No rule was executed, because Auth0 has removed rules. */
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
