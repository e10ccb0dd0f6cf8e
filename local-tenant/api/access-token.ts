import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { assertClaimName, isSettableClaim } from './claims.ts'
import { setOwn, toJson } from '../json.ts'
import type { ApiRun } from './run.ts'

const MAX_SCOPE_LENGTH = 280
const MAX_ADDED_SCOPES = 1000

export class AccessToken {
  readonly #run: ApiRun
  readonly #api: PostLoginAPI

  constructor(run: ApiRun, api: PostLoginAPI) {
    this.#run = run
    this.#api = api
  }

  setCustomClaim(key: string, value: unknown): PostLoginAPI {
    assertClaimName(key)
    this.#run.record('accessToken.setCustomClaim', key, value)
    if (isSettableClaim(key)) setOwn(this.#run.result.accessTokenClaims, key, toJson(value))
    return this.#api
  }

  addScope(scope: string): void {
    const name = parseScope(scope)
    const { result, options } = this.#run
    const added = new Set([...(options.earlier.addedScopes ?? []), ...result.addedScopes, name])
    if (added.size > MAX_ADDED_SCOPES) {
      throw new Error(`The number of scopes exceeds the allowed maximum of ${MAX_ADDED_SCOPES}.`)
    }
    this.#run.record('accessToken.addScope', name)
    result.removedScopes = result.removedScopes.filter((other) => other !== name)
    if (!result.addedScopes.includes(name)) result.addedScopes.push(name)
  }

  removeScope(scope: string): void {
    const name = parseScope(scope)
    const { result } = this.#run
    this.#run.record('accessToken.removeScope', name)
    result.addedScopes = result.addedScopes.filter((other) => other !== name)
    if (!result.removedScopes.includes(name)) result.removedScopes.push(name)
  }
}

const parseScope = (scope: unknown): string => {
  if (typeof scope !== 'string') throw new TypeError('The value for the scope must be a string.')
  const name = scope.trim()
  if (name === '') throw new Error('The value for the scope is required.')
  if (name.length > MAX_SCOPE_LENGTH) {
    throw new Error(
      `The value for the scope exceeds the allowed maximum of ${MAX_SCOPE_LENGTH} characters.`,
    )
  }
  if (/\s/.test(name)) throw new Error('The value for the scope must not have whitespace.')
  return name
}
