import { messageOf } from '../cli/failure.ts'
import { DeployFailure } from './failure.ts'
import { oneLine } from '../cli/safe-text.ts'

/**
 * Turns whatever a request to the tenant threw into a failure with a cause and a remedy. Never
 * repeats a request: its headers hold a token.
 */
export const explainFailure = (error: unknown, domain: string): DeployFailure => {
  const told = causesOf(error).find((cause) => cause instanceof DeployFailure)
  if (told !== undefined) return told
  const status = statusIn(error)
  const message = answerOf(error)
  const failure = (code: DeployFailure['code'], text: string): DeployFailure =>
    new DeployFailure(code, text, { cause: error })

  if (status === 403 || /insufficient.scope/i.test(message)) {
    return failure('scope_missing', missingScope(message))
  }
  if (status === 401) {
    return failure('bad_credentials', `${domain} refused the credentials: ${message}`)
  }
  if (status === 429) {
    return failure(
      'rate_limited',
      `${domain} still answers 429 after all retries. Wait a minute and run again; what is done stays done.`,
    )
  }
  if (status === 408 || isTimeout(error)) {
    return failure('timed_out', `${domain} did not answer in time. Run again.`)
  }
  if (status === 404) {
    return failure('domain_wrong', `${domain} answered 404: is AUTH0_DOMAIN right? (${message})`)
  }
  const network = networkCode(error)
  if (network !== undefined) return failure(...explainNetwork(network, domain))
  return failure(
    'tenant_failed',
    status === undefined ? message : `${domain} answered ${status}: ${message}`,
  )
}

/** Names the scope from Auth0's own words, `Insufficient scope, expected any of: create:actions`. */
export const missingScope = (message: string): string => {
  const scopes = /expected (?:any|all) of:?\s*([\w:,\s]+\w)/i.exec(message)?.[1]
  return scopes === undefined
    ? `The client may not do this: ${message}. Authorize it for the Auth0 Management API.`
    : `The client lacks a scope, one of: ${scopes.trim()}. Grant it to the client under Auth0 Management API.`
}

const explainNetwork = (
  code: string,
  domain: string,
): [code: DeployFailure['code'], text: string] => {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return ['domain_wrong', `There is no host ${domain}: is AUTH0_DOMAIN right? (${code})`]
  }
  if (code === 'ECONNREFUSED') {
    return ['domain_wrong', `Nothing answers at ${domain}: is AUTH0_DOMAIN right? (${code})`]
  }
  if (/CERT|SELF_SIGNED|ISSUER|SIGNATURE/.test(code)) {
    return [
      'domain_wrong',
      `The certificate of ${domain} is not trusted (${code}). For a local tenant set NODE_EXTRA_CA_CERTS before the command (export it): Node reads it when it starts.`,
    ]
  }
  return ['tenant_failed', `The connection to ${domain} broke (${code}). Run again.`]
}

/** The HTTP status of the answer that the error is about. */
export const statusIn = (error: unknown): number | undefined =>
  causesOf(error)
    .map((cause) => (cause as { statusCode?: unknown }).statusCode)
    .find((status) => typeof status === 'number')

/** In one line, because it goes into sentences of ours. */
const answerOf = (error: unknown): string => oneLine(rawAnswerOf(error))

const rawAnswerOf = (error: unknown): string => {
  const body = (error as { body?: unknown } | null)?.body
  if (typeof body === 'string' && body !== '') return body.slice(0, 200)
  const { message, error_description: description } = (body ?? {}) as Record<string, unknown>
  for (const text of [message, description]) if (typeof text === 'string') return text
  return messageOf(error).split('\n')[0] ?? ''
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && /Timeout/.test(`${error.name} ${networkCode(error) ?? ''}`)

/** The code of the system call that failed; it is in one of the causes of the error. */
export const networkCode = (error: unknown): string | undefined =>
  causesOf(error)
    .filter((cause) => !(cause instanceof DeployFailure))
    .map((cause) => (cause as { code?: unknown }).code)
    .find((code) => typeof code === 'string')

/** Whether the connection broke before the answer was whole. */
export const isDropped = (error: unknown): boolean =>
  ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(networkCode(error) ?? '')

const causesOf = (error: unknown): object[] => {
  const causes: object[] = []
  let current = error
  while (causes.length < 5 && typeof current === 'object' && current !== null) {
    causes.push(current)
    current = (current as { cause?: unknown }).cause
  }
  return causes
}
