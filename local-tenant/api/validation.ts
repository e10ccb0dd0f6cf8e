import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import type { ApiRun } from './run.ts'

type ValidationAPI = PostLoginAPI['validation']

const MAX_LENGTH = 100

export class Validation implements ValidationAPI {
  readonly #run: ApiRun
  readonly #api: PostLoginAPI

  constructor(run: ApiRun, api: PostLoginAPI) {
    this.#run = run
    this.#api = api
  }

  error(errorCode: string, errorMessage: string): PostLoginAPI {
    assertText('errorCode', errorCode)
    assertText('errorMessage', errorMessage)
    this.#run.record('validation.error', errorCode, errorMessage)
    this.#run.result.validationError ??= { code: errorCode, message: errorMessage }
    return this.#api
  }
}

const assertText = (parameter: string, text: unknown): void => {
  if (typeof text !== 'string') throw new Error(`${parameter} must be string`)
  if (text.length > MAX_LENGTH) {
    throw new Error(`${parameter} must NOT have more than ${MAX_LENGTH} characters`)
  }
}
