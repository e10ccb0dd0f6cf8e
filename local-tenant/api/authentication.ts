import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import type { ApiRun } from './run.ts'

const MAX_PRIMARY_USER_ID_LENGTH = 128
const MAX_FACTOR_COMMANDS = 4

/** Calls that ask for a factor, as they are named in `commands`. */
export const FACTOR_COMMAND = /^authentication\.(?:challenge|enroll)With(?:Any)?$/

type Authentication = PostLoginAPI['authentication']

/**
 * Factors are recorded and then ignored: there is no MFA here, so the sign-in goes on as if the user
 * had answered.
 */
export class AuthenticationCommands implements Authentication {
  readonly #run: ApiRun
  readonly #api: PostLoginAPI

  constructor(run: ApiRun, api: PostLoginAPI) {
    this.#run = run
    this.#api = api
  }

  challengeWith(...args: Parameters<Authentication['challengeWith']>): void {
    this.#askFactor('challengeWith', args)
  }

  challengeWithAny(...args: Parameters<Authentication['challengeWithAny']>): void {
    this.#askFactor('challengeWithAny', args)
  }

  enrollWith(...args: Parameters<Authentication['enrollWith']>): void {
    this.#askFactor('enrollWith', args)
  }

  enrollWithAny(...args: Parameters<Authentication['enrollWithAny']>): void {
    this.#askFactor('enrollWithAny', args)
  }

  recordMethod(providerUrl: string): PostLoginAPI {
    if (this.#run.options.handler !== 'onContinuePostLogin') {
      throw new Error('recordMethod can only be used in onContinuePostLogin.')
    }
    this.#run.record('authentication.recordMethod', providerUrl)
    return this.#api
  }

  setPrimaryUser(primaryUserId: string): void {
    const { options, result } = this.#run
    if (options.earlier.primaryUserSet === true || result.primaryUserId !== undefined) {
      throw new Error('The primary user can only be altered once per transaction')
    }
    if (typeof (primaryUserId as unknown) !== 'string' || primaryUserId === '') {
      throw new Error('The provided primary_user_id must be a non-empty string')
    }
    if (primaryUserId.length > MAX_PRIMARY_USER_ID_LENGTH) {
      throw new Error('The provided primary_user_id exceeds the maximum length.')
    }
    this.#run.record('authentication.setPrimaryUser', primaryUserId)
    result.primaryUserId = primaryUserId
  }

  #askFactor(method: string, args: unknown[]): void {
    const { event, options, result } = this.#run
    if (event.transaction?.protocol === 'oauth2-token-exchange') {
      throw new Error(`${method} cannot be used in a token exchange.`)
    }
    const asked = result.commands.filter(({ name }) => FACTOR_COMMAND.test(name)).length
    if ((options.earlier.factorCommands ?? 0) + asked >= MAX_FACTOR_COMMANDS) {
      throw new Error(`At most ${MAX_FACTOR_COMMANDS} factors can be asked for in one sign-in.`)
    }
    this.#run.record(`authentication.${method}`, ...args)
  }
}
