import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import type { ApiRun } from './run.ts'

/** Recorded and then ignored: there is no MFA here. */
export class Multifactor {
  readonly #run: ApiRun
  readonly #api: PostLoginAPI

  constructor(run: ApiRun, api: PostLoginAPI) {
    this.#run = run
    this.#api = api
  }

  enable(provider: string, options?: { allowRememberBrowser?: boolean }): PostLoginAPI {
    const { allowRememberBrowser } = options ?? {}
    // Not all options, because those of Duo hold keys.
    this.#run.record(
      'multifactor.enable',
      provider,
      allowRememberBrowser === undefined ? {} : { allowRememberBrowser },
    )
    return this.#api
  }
}
