import type { Client, TenantState } from '../store.ts'
import { findClient, findResourceServer, isEnabled } from '../lookup.ts'
import { parseParameters, readWords, type Parameters } from './parameters.ts'

export type ResponseMode = 'query' | 'fragment' | 'form_post' | 'web_message'

/** Where the answer goes, once the address is known to be the application's. */
export interface AnswerTarget {
  redirectUri: string
  responseMode: ResponseMode
  /** The application's own `state`, given back unchanged. */
  state?: string
}

/** A request to `/authorize` that passed all checks. */
export interface AuthorizationRequest extends AnswerTarget {
  clientId: string
  /** The requested ones; `grantScopes` decides which are granted. */
  scopes: string[]
  audience?: string
  nonce?: string
  /** The `S256` challenge of RFC 7636. */
  codeChallenge?: string
  prompt: string[]
  maxAgeSeconds?: number
  loginHint?: string
  connection?: string
  /** The id of an organization. */
  organization?: string
  uiLocales: string[]
  /** All parameters as sent: `event.request.query`. */
  query: Record<string, string>
}

export type AuthorizationDecision =
  | { kind: 'accepted'; request: AuthorizationRequest }
  /** Told to the application. */
  | { kind: 'rejected'; target: AnswerTarget; error: string; description: string }
  /** Told to the user only, because the application or its address may be wrong. */
  | { kind: 'refused'; description: string }

const PROMPTS = ['none', 'login', 'consent', 'select_account']
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/

/**
 * Checks a request to `/authorize` against the tenant's clients, connections and APIs: RFC 6749
 * §4.1.1, OpenID Connect Core §3.1.2.1, RFC 7636, and Auth0's `audience` and `connection`.
 * https://auth0.com/docs/api/authentication/authorization-code-flow/authorize-application
 */
export const decideAuthorization = (raw: unknown, state: TenantState): AuthorizationDecision => {
  const parameters = parseParameters(raw)
  const { values, malformed } = parameters
  const unclear = ['client_id', 'redirect_uri', 'response_mode'].find((name) =>
    malformed.includes(name),
  )
  if (unclear !== undefined) return refuse(`${unclear} must be sent once`)
  const client = findClient(state, values['client_id'])
  if (client === undefined) return refuse('client_id names no application of this tenant')
  const redirectUri = values['redirect_uri']
  if (redirectUri === undefined) return refuse('redirect_uri is missing')
  if (!client.callbacks.includes(redirectUri)) {
    return refuse(`redirect_uri is not among the callbacks of ${client.name}`)
  }
  const responseMode = readResponseMode(values['response_mode'])
  if (responseMode === undefined) return refuse('response_mode is not one that this tenant knows')
  if (responseMode === 'web_message' && !client.web_origins.includes(new URL(redirectUri).origin)) {
    return refuse(
      `web_message needs the origin of redirect_uri among web_origins of ${client.name}`,
    )
  }
  const target: AnswerTarget = {
    redirectUri,
    responseMode,
    ...(values['state'] === undefined ? {} : { state: values['state'] }),
  }
  const problem = findProblem(parameters, client, state)
  if (problem !== undefined) return { kind: 'rejected', target, ...problem }
  return { kind: 'accepted', request: { ...target, ...readRequest(values, client) } }
}

interface Problem {
  error: string
  description: string
}

const findProblem = (
  { values, malformed }: Parameters,
  client: Client,
  state: TenantState,
): Problem | undefined => {
  if (malformed[0] !== undefined) return invalid(`${malformed[0]} must be sent once, as a string`)
  if (values['request'] !== undefined) {
    return { error: 'request_not_supported', description: 'request objects are not supported' }
  }
  if (values['request_uri'] !== undefined) {
    return { error: 'request_uri_not_supported', description: 'request_uri is not supported' }
  }
  if (values['response_type'] === undefined) return invalid('response_type is missing')
  if (values['response_type'] !== 'code') {
    return { error: 'unsupported_response_type', description: 'only response_type=code is known' }
  }
  if (!client.grant_types.includes('authorization_code')) {
    return {
      error: 'unauthorized_client',
      description: `Grant type 'authorization_code' not allowed for the client.`,
    }
  }
  return (
    findChallengeProblem(values, client) ??
    findPromptProblem(values) ??
    findConnectionProblem(values['connection'], client, state) ??
    findAudienceProblem(values['audience'], state) ??
    findOrganizationProblem(values['organization'], client, state)
  )
}

const findChallengeProblem = (
  values: Parameters['values'],
  client: Client,
): Problem | undefined => {
  const challenge = values['code_challenge']
  if (challenge === undefined) {
    return client.token_endpoint_auth_method === 'none' ||
      values['code_challenge_method'] !== undefined
      ? invalid('code_challenge is missing (RFC 7636)')
      : undefined
  }
  if (values['code_challenge_method'] !== 'S256') {
    return invalid('code_challenge_method must be S256')
  }
  return CHALLENGE.test(challenge) ? undefined : invalid('code_challenge is not a SHA-256')
}

const findPromptProblem = (values: Parameters['values']): Problem | undefined => {
  const prompt = readWords(values['prompt'])
  if (prompt.some((word) => !PROMPTS.includes(word))) return invalid('prompt has an unknown value')
  if (prompt.includes('none') && prompt.length > 1) {
    return invalid('prompt=none goes with no other value')
  }
  const maxAge = values['max_age']
  return maxAge === undefined || /^\d{1,9}$/.test(maxAge)
    ? undefined
    : invalid('max_age is not a number of seconds')
}

const findConnectionProblem = (
  name: string | undefined,
  client: Client,
  state: TenantState,
): Problem | undefined =>
  name === undefined || isEnabled(state, name, client)
    ? undefined
    : invalid('the connection is not enabled for this application')

const findAudienceProblem = (
  audience: string | undefined,
  state: TenantState,
): Problem | undefined =>
  audience === undefined || findResourceServer(state, audience) !== undefined
    ? undefined
    : { error: 'access_denied', description: `Service not found: ${audience}` }

const findOrganizationProblem = (
  id: string | undefined,
  { organization_usage: usage = 'deny' }: Client,
  { organizations }: TenantState,
): Problem | undefined => {
  if (id === undefined) {
    return usage === 'require'
      ? invalid('parameter organization is required for this client')
      : undefined
  }
  if (usage === 'deny') return invalid('parameter organization is not allowed for this client')
  return Object.hasOwn(organizations, id)
    ? undefined
    : invalid('parameter organization names no organization of this tenant')
}

const readRequest = (
  values: Parameters['values'],
  client: Client,
): Omit<AuthorizationRequest, keyof AnswerTarget> => ({
  clientId: client.client_id,
  scopes: readWords(values['scope']),
  prompt: readWords(values['prompt']),
  uiLocales: readWords(values['ui_locales']),
  query: { ...(values as Record<string, string>) },
  ...(values['audience'] === undefined ? {} : { audience: values['audience'] }),
  ...(values['nonce'] === undefined ? {} : { nonce: values['nonce'] }),
  ...(values['code_challenge'] === undefined ? {} : { codeChallenge: values['code_challenge'] }),
  ...(values['max_age'] === undefined ? {} : { maxAgeSeconds: Number(values['max_age']) }),
  ...(values['login_hint'] === undefined ? {} : { loginHint: values['login_hint'] }),
  ...(values['connection'] === undefined ? {} : { connection: values['connection'] }),
  ...(values['organization'] === undefined ? {} : { organization: values['organization'] }),
})

const readResponseMode = (value: string | undefined): ResponseMode | undefined => {
  switch (value) {
    case undefined:
      return 'query'
    case 'query':
    case 'fragment':
    case 'form_post':
    case 'web_message':
      return value
    default:
      return undefined
  }
}

const refuse = (description: string): AuthorizationDecision => ({ kind: 'refused', description })

const invalid = (description: string): Problem => ({ error: 'invalid_request', description })
