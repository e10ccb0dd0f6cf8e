import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { isObject } from '../json.ts'
import { isSameString } from '../same-string.ts'
import { signHs256, verifyHs256 } from './hs256.ts'
import { REDIRECT_AND_RENDER } from './prompt.ts'
import { LEFT_OUT } from './redact.ts'
import type { ApiRun } from './run.ts'

type RedirectAPI = PostLoginAPI['redirect']
type Claims = Record<string, unknown>

const DEFAULT_TOKEN_SECONDS = 900
const DEFAULT_TOKEN_PARAMETER = 'session_token'
const NO_REDIRECT_PROTOCOLS = new Set([
  'oauth2-resource-owner',
  'oauth2-refresh-token',
  'oauth2-password',
  'oauth2-webauthn',
])

export class Redirect implements RedirectAPI {
  readonly #run: ApiRun
  readonly #api: PostLoginAPI

  constructor(run: ApiRun, api: PostLoginAPI) {
    this.#run = run
    this.#api = api
  }

  /** Deprecated by Auth0, and as incomplete here as it is there. */
  canRedirect(): boolean {
    const { request, transaction } = this.#run.event
    this.#run.record('redirect.canRedirect')
    if (paramsOf(request.query)['prompt'] === 'none') return false
    return !NO_REDIRECT_PROTOCOLS.has(transaction?.protocol ?? '')
  }

  encodeToken(options: Parameters<RedirectAPI['encodeToken']>[0]): string {
    const { event, options: run, record } = this.#run
    const iat = Math.floor(run.now() / 1000)
    const expiresInSeconds = options.expiresInSeconds ?? DEFAULT_TOKEN_SECONDS
    record('redirect.encodeToken', {
      payload: options.payload,
      expiresInSeconds,
      secret: LEFT_OUT,
    })
    return signHs256(
      {
        iat,
        iss: event.request.hostname,
        sub: event.user.user_id,
        exp: iat + expiresInSeconds,
        ip: event.request.ip,
        ...options.payload,
      },
      options.secret,
    )
  }

  sendUserTo(url: string, options?: Parameters<RedirectAPI['sendUserTo']>[1]): PostLoginAPI {
    const { record, result } = this.#run
    if (result.form !== undefined) {
      result.aborted ??= REDIRECT_AND_RENDER
      return this.#api
    }
    const target = new URL(url)
    for (const [name, value] of Object.entries(options?.query ?? {})) {
      target.searchParams.set(name, value)
    }
    record('redirect.sendUserTo', withoutSessionToken(target))
    result.redirect = { url: target.href }
    return this.#api
  }

  validateToken(options: Parameters<RedirectAPI['validateToken']>[0]): Claims {
    const { request } = this.#run.event
    const name = options.tokenParameterName || DEFAULT_TOKEN_PARAMETER
    this.#run.record('redirect.validateToken', { tokenParameterName: name, secret: LEFT_OUT })
    const params = { ...paramsOf(request.query), ...paramsOf(request.body) }
    const token = params[name]
    if (!token) {
      throw new Error(
        `There is no parameter called '${name}' available in either the POST body or query string.`,
      )
    }
    const verified = verifyHs256(token, options.secret)
    const problem =
      'problem' in verified
        ? verified.problem
        : this.#claimsProblem(verified.payload, params['state'])
    if (problem !== undefined || 'problem' in verified) {
      throw new Error(`The session token is invalid: ${String(problem)}`)
    }
    return verified.payload
  }

  #claimsProblem(claims: Claims, state: unknown): string | undefined {
    const { event, options } = this.#run
    const { sub, iss, exp, iat } = claims
    if (
      typeof sub !== 'string' ||
      typeof iss !== 'string' ||
      typeof exp !== 'number' ||
      typeof iat !== 'number'
    ) {
      return 'Missing or invalid standard claims'
    }
    if (exp <= options.now() / 1000) return 'Token has expired.'
    // Auth0 compares the issuer with the host name; its words for a difference are not known.
    if (!isSameString(iss, event.request.hostname ?? ''))
      return 'Missing or invalid standard claims'
    if (!isSameString(sub, event.user.user_id)) return 'The sub claim does not match the user_id.'
    if (
      typeof claims['state'] !== 'string' ||
      typeof state !== 'string' ||
      !isSameString(claims['state'], state)
    ) {
      return 'State in the token does not match the /continue state.'
    }
    return undefined
  }
}

const paramsOf = (params: unknown): Claims => (isObject(params) ? params : {})

const withoutSessionToken = (target: URL): string => {
  const shown = new URL(target)
  if (shown.searchParams.has(DEFAULT_TOKEN_PARAMETER)) {
    shown.searchParams.set(DEFAULT_TOKEN_PARAMETER, LEFT_OUT)
  }
  return shown.href
}
