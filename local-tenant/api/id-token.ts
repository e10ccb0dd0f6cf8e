import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { assertClaimName, isSettableClaim } from './claims.ts'
import { setOwn, toJson } from '../json.ts'
import type { ApiRun } from './run.ts'

export class IdToken {
  readonly #run: ApiRun
  readonly #api: PostLoginAPI

  constructor(run: ApiRun, api: PostLoginAPI) {
    this.#run = run
    this.#api = api
  }

  setCustomClaim(key: string, value: unknown): PostLoginAPI {
    assertClaimName(key)
    this.#run.record('idToken.setCustomClaim', key, value)
    if (isSettableClaim(key)) setOwn(this.#run.result.idTokenClaims, key, toJson(value))
    return this.#api
  }
}
