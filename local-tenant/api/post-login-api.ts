import type { Event, PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import type { TracedCommand } from '../trace.ts'
import { AccessToken } from './access-token.ts'
import { Access } from './access.ts'
import { AuthenticationCommands } from './authentication.ts'
import { Cache } from './cache.ts'
import { Groups } from './groups.ts'
import { IdToken } from './id-token.ts'
import { Multifactor } from './multifactor.ts'
import { Prompt } from './prompt.ts'
import { Redirect } from './redirect.ts'
import { RefreshToken } from './refresh-token.ts'
import { emptyResult, recorderOf, type ApiResult } from './result.ts'
import { Roles } from './roles.ts'
import { Rules } from './rules.ts'
import type { ApiOptions, ApiRun } from './run.ts'
import { SAMLResponse } from './saml-response.ts'
import { Session } from './session.ts'
import { Transaction } from './transaction.ts'
import { User } from './user.ts'
import { Validation } from './validation.ts'

/**
 * Auth0's post-login `api` without Auth0: the same calls, errors and limits. `result` says what was
 * asked for, as plain data; read it when the handler has ended.
 *
 * The setters of transaction, session and refresh token change `event`, as Auth0's do; no other part
 * of `event` changes. Every part keeps its state in private fields, so that a method taken off its
 * object fails here as it does there.
 */
export const createPostLoginApi = (
  event: Event,
  options: ApiOptions & { onCommand?: (command: TracedCommand) => void } = {},
): { api: PostLoginAPI; result: ApiResult } => {
  const result = emptyResult()
  const { now, handler, cache, earlier, onCommand } = options
  const run: ApiRun = {
    event,
    options: {
      now: now ?? Date.now,
      handler: handler ?? 'onExecutePostLogin',
      cache: cache ?? {},
      earlier: earlier ?? {},
    },
    result,
    record: recorderOf(result, onCommand ?? (() => undefined)),
  }
  return { api: new PostLoginApi(run), result }
}

class PostLoginApi implements PostLoginAPI {
  readonly access: PostLoginAPI['access']
  readonly accessToken: PostLoginAPI['accessToken']
  readonly authentication: PostLoginAPI['authentication']
  readonly cache: PostLoginAPI['cache']
  readonly groups: PostLoginAPI['groups']
  readonly idToken: PostLoginAPI['idToken']
  readonly multifactor: PostLoginAPI['multifactor']
  readonly prompt: PostLoginAPI['prompt']
  readonly redirect: PostLoginAPI['redirect']
  readonly refreshToken: PostLoginAPI['refreshToken']
  readonly roles: PostLoginAPI['roles']
  readonly rules: PostLoginAPI['rules']
  readonly samlResponse: PostLoginAPI['samlResponse']
  readonly session: PostLoginAPI['session']
  readonly transaction: PostLoginAPI['transaction']
  readonly user: PostLoginAPI['user']
  readonly validation: PostLoginAPI['validation']

  constructor(run: ApiRun) {
    this.access = new Access(run, this)
    this.accessToken = new AccessToken(run, this)
    this.authentication = new AuthenticationCommands(run, this)
    this.cache = new Cache(run)
    this.groups = new Groups(run)
    this.idToken = new IdToken(run, this)
    this.multifactor = new Multifactor(run, this)
    this.prompt = new Prompt(run)
    this.redirect = new Redirect(run, this)
    this.refreshToken = new RefreshToken(run)
    this.roles = new Roles(run)
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- Auth0's api still has it
    this.rules = new Rules(run)
    this.samlResponse = new SAMLResponse(run)
    this.session = new Session(run)
    this.transaction = new Transaction(run)
    this.user = new User(run, this)
    this.validation = new Validation(run, this)
  }
}
