/** All that the demo application asks of the tenant. */
import * as client from 'openid-client'
import type { LocalFetch } from '../local-fetch.ts'
import type { FlowTrace } from '../../local-tenant/trace.ts'
import { API_IDENTIFIER } from '../seed/seed.ts'
import type { Client } from '../../local-tenant/store.ts'
import type { PendingSignIn, SignInResult } from './demo-sessions.ts'

export interface TenantClientOptions {
  tenantUrl: string
  fetch: LocalFetch
  redirectUri: string
  /** The applications it can be, by `client_id`, and `local-tools`, which reads users. */
  clients: Readonly<Record<string, Client>>
  /** The id of an organization, by its name. */
  organizationId: (name: string) => string
}

export interface SignInRequest {
  clientId: string
  email: string
  connection: string
  /** By name. */
  organization?: string
  /** Ask for a new sign-in even where there is a session: to be somebody else. */
  isFresh: boolean
}

export interface TenantClient {
  beginSignIn(
    request: SignInRequest,
    now: number,
  ): Promise<{ url: URL; state: string; pending: PendingSignIn }>
  finishSignIn(callback: URL, state: string, pending: PendingSignIn): Promise<SignInResult>
  signOutUrl(result: SignInResult, returnTo: string): Promise<URL>
}

const SCOPE = 'openid profile email offline_access read:orders read:groups'
const TOOLS_CLIENT = 'local-tools'

export const createTenantClient = (options: TenantClientOptions): TenantClient => ({
  beginSignIn: (request, now) => beginSignIn(options, request, now),
  finishSignIn: (callback, state, pending) => finishSignIn(options, callback, state, pending),
  async signOutUrl({ clientId, idToken }, returnTo) {
    return client.buildEndSessionUrl(await configure(options, clientId), {
      client_id: clientId,
      post_logout_redirect_uri: returnTo,
      ...(idToken === undefined ? {} : { id_token_hint: idToken }),
    })
  },
})

const configure = async (
  { tenantUrl, clients, fetch }: TenantClientOptions,
  clientId: string,
): Promise<client.Configuration> => {
  const secret = clients[clientId]?.client_secret
  const authentication = secret === undefined ? client.None() : client.ClientSecretPost(secret)
  return client.discovery(new URL(tenantUrl), clientId, undefined, authentication, {
    [client.customFetch]: fetch,
  })
}

const beginSignIn = async (
  options: TenantClientOptions,
  { clientId, email, connection, organization, isFresh }: SignInRequest,
  now: number,
): ReturnType<TenantClient['beginSignIn']> => {
  const configuration = await configure(options, clientId)
  const codeVerifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  const nonce = client.randomNonce()
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: options.redirectUri,
    scope: SCOPE,
    audience: API_IDENTIFIER,
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    connection,
    ...(organization === undefined ? {} : { organization: options.organizationId(organization) }),
    login_hint: email,
    ...(isFresh ? { prompt: 'login' } : {}),
  })
  return { url, state, pending: { clientId, email, codeVerifier, nonce, startedAt: now } }
}

const finishSignIn = async (
  options: TenantClientOptions,
  callback: URL,
  state: string,
  pending: PendingSignIn,
): Promise<SignInResult> => {
  const configuration = await configure(options, pending.clientId)
  try {
    const tokens = await client.authorizationCodeGrant(configuration, callback, {
      pkceCodeVerifier: pending.codeVerifier,
      expectedNonce: pending.nonce,
      expectedState: state,
    })
    return await describeSuccess(options, pending, tokens)
  } catch (error) {
    if (!(error instanceof client.AuthorizationResponseError)) throw error
    return describeRefusal(options, pending, error)
  }
}

type Tokens = Awaited<ReturnType<typeof client.authorizationCodeGrant>>

const describeSuccess = async (
  options: TenantClientOptions,
  { clientId, email }: PendingSignIn,
  tokens: Tokens,
): Promise<SignInResult> => {
  const userId = tokens.claims()?.sub ?? ''
  const query = new URLSearchParams({ user_id: userId, limit: '1' })
  const [flow] = (await getJson(options, `/local/traces?${query.toString()}`)) as FlowTrace[]
  return {
    clientId,
    email,
    outcome: { kind: 'signed_in' },
    accessToken: tokens.access_token,
    ...(tokens.id_token === undefined ? {} : { idToken: tokens.id_token }),
    flow,
    metadata: await readMetadata(options, userId),
  }
}

const describeRefusal = async (
  options: TenantClientOptions,
  { clientId, email, startedAt }: PendingSignIn,
  { error, error_description: description }: client.AuthorizationResponseError,
): Promise<SignInResult> => {
  const flows = (await getJson(options, '/local/traces?limit=5')) as FlowTrace[]
  return {
    clientId,
    email,
    outcome: { kind: 'refused', error, description: description ?? '' },
    // The application is not told who it was; the newest flow of its own since it asked.
    flow: flows.find(
      (flow) => flow.client_id === clientId && Date.parse(flow.started_at) >= startedAt,
    ),
  }
}

const readMetadata = async (
  options: TenantClientOptions,
  userId: string,
): Promise<{ app_metadata: unknown; user_metadata: unknown }> => {
  const tools = await configure(options, TOOLS_CLIENT)
  const { access_token: token } = await client.clientCredentialsGrant(tools, {
    audience: `${options.tenantUrl}/api/v2/`,
    scope: 'read:users',
  })
  const user = (await getJson(options, `/api/v2/users/${encodeURIComponent(userId)}`, token)) as {
    app_metadata?: unknown
    user_metadata?: unknown
  }
  return { app_metadata: user.app_metadata ?? {}, user_metadata: user.user_metadata ?? {} }
}

const getJson = async (
  { tenantUrl, fetch }: TenantClientOptions,
  path: string,
  token?: string,
): Promise<unknown> => {
  const headers: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(`${tenantUrl}${path}`, { headers })
  if (!answer.ok) throw new Error(`The tenant answered ${answer.status} at ${path}`)
  return answer.json()
}
