import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { isObject, setOwn, toJson } from '../json.ts'
import type { ApiRun } from './run.ts'

type UserAPI = PostLoginAPI['user']
type Target = 'app_metadata' | 'user_metadata'

/** Records the change; `event.user` of this Action stays as it is. */
export class User implements UserAPI {
  readonly #run: ApiRun
  readonly #api: PostLoginAPI

  constructor(run: ApiRun, api: PostLoginAPI) {
    this.#run = run
    this.#api = api
  }

  setAppMetadata(key: string, value: unknown): PostLoginAPI {
    if (!isObject(this.#run.event.user.app_metadata)) {
      throw new Error('Unexpected app_metadata format. Must be a valid JSON object')
    }
    this.#run.record('user.setAppMetadata', key, value)
    this.#request('app_metadata', key, value)
    return this.#api
  }

  setUserMetadata(key: string, value: unknown): PostLoginAPI {
    if (!isObject(this.#run.event.user.user_metadata)) {
      throw new Error('Unexpected user_metadata format. Must be a valid JSON object.')
    }
    this.#run.record('user.setUserMetadata', key, value)
    this.#request('user_metadata', key, value)
    return this.#api
  }

  #request(target: Target, key: string, value: unknown): void {
    const { result } = this.#run
    const stored = toJson(value)
    if (stored === undefined) {
      result.profileUpdateError ??= `user update failed: Payload validation error: 'Missing required property: ${target}'`
      return
    }
    setOwn(result[target], key, stored)
  }
}
