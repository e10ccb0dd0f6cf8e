import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import type { ApiRun } from './run.ts'

export class Access {
  readonly #run: ApiRun
  readonly #api: PostLoginAPI

  constructor(run: ApiRun, api: PostLoginAPI) {
    this.#run = run
    this.#api = api
  }

  deny(reason: unknown): PostLoginAPI {
    this.#run.record('access.deny', reason)
    this.#run.result.denied ??= { reason: String(reason) }
    return this.#api
  }
}
