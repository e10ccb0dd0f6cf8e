import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { isObject, toJson } from '../json.ts'
import type { ApiRun } from './run.ts'

type PromptAPI = PostLoginAPI['prompt']

const MAX_OPTIONS_BYTES = 24 * 1024
const MAX_ID_LENGTH = 48
const MAX_VALUES = 24
const VALUE_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,49}$/

/** A Form with a redirect, or with another Form, aborts the sign-in. */
export const REDIRECT_AND_RENDER = 'Redirect and render commands cannot be used in the same action.'

export class Prompt implements PromptAPI {
  readonly #run: ApiRun

  constructor(run: ApiRun) {
    this.#run = run
  }

  render(promptId: string, promptOptions: Parameters<PromptAPI['render']>[1] = {}): void {
    const { record, result } = this.#run
    if (result.redirect !== undefined) {
      result.aborted ??= REDIRECT_AND_RENDER
      return
    }
    if (result.form !== undefined) {
      result.aborted ??= 'Only 1 render command per action is allowed.'
      return
    }
    if (typeof (promptId as unknown) !== 'string' || promptId.length > MAX_ID_LENGTH) {
      throw new Error(`promptId must be a string of at most ${MAX_ID_LENGTH} characters`)
    }
    const fields = valuesOf('fields', promptOptions.fields)
    const vars = valuesOf('vars', promptOptions.vars)
    if (Buffer.byteLength(JSON.stringify(promptOptions)) > MAX_OPTIONS_BYTES) {
      throw new Error(
        `The total size of the prompt options exceeds the limit of ${MAX_OPTIONS_BYTES} bytes.`,
      )
    }
    record('prompt.render', promptId, promptOptions)
    result.form = { id: promptId, fields, vars }
  }
}

const valuesOf = (member: string, values: unknown): Record<string, unknown> => {
  const copy = toJson(values ?? {})
  if (!isObject(copy)) throw new Error(`${member} must be object`)
  const names = Object.keys(copy)
  if (names.length > MAX_VALUES || !names.every((name) => VALUE_NAME.test(name))) {
    throw new Error(`${member} must have at most ${MAX_VALUES} entries with plain names`)
  }
  return copy
}
