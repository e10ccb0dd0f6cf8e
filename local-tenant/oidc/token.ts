/** `/oauth/token`: https://auth0.com/docs/api/authentication/login/get-token */
import type { Event } from '@auth0/actions-types/post-login/v3'
import type { Request, Response } from 'express'
import {
  managementAudience,
  MANAGEMENT_TOKEN_SECONDS,
  mintManagementToken,
} from '../management/mint-management-token.ts'
import type { FlowCompleted } from '../runtime/flow.ts'
import type { Client, Connection, RefreshToken, User } from '../store.ts'
import { authenticateClient } from './client-authentication.ts'
import { findByPassword } from './database.ts'
import { buildEvent, readRequest } from './event.ts'
import { PASSWORD_REALM_GRANT } from './grant-types.ts'
import { findConnection, findOwn, findResourceServer, findUser } from './lookup.ts'
import type { OidcContext } from './oidc-context.ts'
import { parseParameters, readWords, type Parameters } from './parameters.ts'
import { readTokenUserId, startPostLogin } from './post-login.ts'
import {
  findRefreshToken,
  issueRefreshToken,
  revokeRefreshToken,
  rotateRefreshToken,
} from './refresh-tokens.ts'
import { changeScopes, grantScopes } from './scopes.ts'
import { randomToken, sameText, sha256 } from './secrets.ts'
import { countLogin } from './sign-in.ts'
import { oauthError, refusal, type TokenAnswer } from './token-answer.ts'
import { makeAccessToken, signIdToken, type SignedIn } from './token-set.ts'

/** Where `grant_type=password`, which names no connection, looks: Auth0's default directory. */
const DEFAULT_DIRECTORY = 'Username-Password-Authentication'

/** A token request whose client is known. */
interface TokenRequest {
  context: OidcContext
  client: Client
  values: Parameters['values']
  request: Request
}

type Grant = (asked: TokenRequest) => TokenAnswer | Promise<TokenAnswer>

/** Takes forms and JSON. Nothing it answers is kept by a cache. */
export const exchangeToken =
  (context: OidcContext) =>
  async (request: Request, response: Response): Promise<void> => {
    const { status, body, headers } = await decideTokens(context, request)
    response
      .status(status)
      .set({ 'cache-control': 'no-store', pragma: 'no-cache', ...headers })
      .json(body)
  }

const decideTokens = async (context: OidcContext, request: Request): Promise<TokenAnswer> => {
  const parameters = parseParameters(request.body)
  const { state } = context.store
  const found = authenticateClient(request.headers.authorization, parameters, state)
  if (found.kind === 'refused') return found.answer
  const { client } = found
  const grantType = parameters.values['grant_type']
  if (grantType === undefined) return oauthError('invalid_request', 'grant_type is missing')
  const grant = findOwn(GRANTS, grantType)
  if (grant === undefined) {
    return oauthError('unsupported_grant_type', `Unsupported grant type: ${grantType}`)
  }
  if (!client.grant_types.includes(grantType)) {
    return oauthError(
      'unauthorized_client',
      `Grant type '${grantType}' not allowed for the client.`,
    )
  }
  return grant({ context, client, values: parameters.values, request })
}

const exchangeCode: Grant = async ({ context, client, values }) => {
  const { code, redirect_uri: redirectUri, code_verifier: verifier } = values
  if (code === undefined) return oauthError('invalid_request', 'code is missing')
  const redeemed = context.codes.redeem(code)
  if (redeemed.kind === 'replayed') {
    const { accessTokenId, refreshTokenId } = redeemed.issued
    const family = findOwn(context.store.state.refresh_tokens, refreshTokenId)
    if (family !== undefined) revokeRefreshToken(context, family)
    if (accessTokenId !== undefined) context.revokedTokenIds.add(accessTokenId)
  }
  if (redeemed.kind !== 'found') return INVALID_CODE
  const { grant, issued } = redeemed
  if (grant.clientId !== client.client_id || grant.redirectUri !== redirectUri) return INVALID_CODE
  if (!isVerified(grant.codeChallenge, verifier)) {
    return oauthError('invalid_grant', 'Failed to verify code verifier')
  }
  const user = findUser(context.store.state, grant.signedIn.userId)
  if (user === undefined) return INVALID_CODE
  issued.accessTokenId = randomToken()
  let refreshToken: string | undefined
  if (grant.signedIn.scopes.includes('offline_access')) {
    const made = issueRefreshToken(context, grant.signedIn)
    issued.refreshTokenId = made.id
    refreshToken = made.token
  }
  return answerTokens(context, user, grant.signedIn, {
    refreshToken,
    nonce: grant.nonce,
    accessTokenId: issued.accessTokenId,
  })
}

const INVALID_CODE = oauthError('invalid_grant', 'Invalid authorization code')

/** RFC 7636 §4.6; a verifier without a challenge is a downgrade attempt (RFC 9700 §2.1.1). */
const isVerified = (challenge: string | undefined, verifier: string | undefined): boolean =>
  challenge === undefined
    ? verifier === undefined
    : verifier !== undefined &&
      /^[A-Za-z0-9._~-]{43,128}$/.test(verifier) &&
      sameText(sha256(verifier), challenge)

/** Actions run again; only when they agree is the old token used up. */
const exchangeRefreshToken: Grant = async ({ context, client, values, request }) => {
  const { state } = context.store
  const { refresh_token: token, scope } = values
  if (token === undefined) return oauthError('invalid_request', 'refresh_token is missing')
  const family = findRefreshToken(context, token, client.client_id)
  const user = findUser(state, family?.user_id)
  const connection = findConnection(state, family?.connection ?? '')
  if (family === undefined || user === undefined || connection === undefined) return UNKNOWN_REFRESH
  if (user.blocked === true) return USER_BLOCKED
  const granted = readWords(family.scope)
  const asked = scope === undefined ? granted : readWords(scope)
  if (asked.some((word) => !granted.includes(word))) {
    return oauthError('invalid_scope', 'more than was granted with this refresh token')
  }
  const flow = await runBackChannel(context, {
    user,
    client,
    connection,
    request: readRequest(context, request),
    transaction: describeTransaction('oauth2-refresh-token', asked),
    audience: family.audience,
  })
  if (flow.kind === 'refused') return flow.answer
  // Another exchange of the same token may have come in while the Actions ran.
  if (findRefreshToken(context, token, client.client_id) === undefined) return UNKNOWN_REFRESH
  const refreshToken = rotateRefreshToken(context, family)
  const signedIn = completeSignIn(flow.result, {
    userId: user.user_id,
    clientId: client.client_id,
    connection: connection.name,
    scopes: asked,
    audience: family.audience,
  })
  return answerForUser(context, signedIn, refreshToken)
}

const UNKNOWN_REFRESH = oauthError('invalid_grant', 'Unknown or invalid refresh token.')

const exchangePassword: Grant = async ({ context, client, values, request }) => {
  const { state } = context.store
  const { username, password, realm, audience } = values
  if (username === undefined || password === undefined) {
    return oauthError('invalid_request', 'username and password are required')
  }
  const isRealmGrant = values['grant_type'] === PASSWORD_REALM_GRANT
  if (isRealmGrant && realm === undefined) return oauthError('invalid_request', 'realm is missing')
  const connection = findConnection(state, (isRealmGrant ? realm : undefined) ?? DEFAULT_DIRECTORY)
  if (connection?.strategy !== 'auth0' || !connection.enabled_clients.includes(client.client_id)) {
    return oauthError('invalid_request', 'the realm is not a database this client may use')
  }
  const resourceServer = audience === undefined ? undefined : findResourceServer(state, audience)
  if (audience !== undefined && resourceServer === undefined) return serviceNotFound(audience)
  const user = findByPassword(state, connection, username, password)
  if (user === undefined) return oauthError('invalid_grant', 'Wrong email or password.')
  if (user.blocked === true) return USER_BLOCKED
  const scopes = readWords(values['scope'])
  const eventRequest = readRequest(context, request)
  countLogin(context, user, eventRequest.ip)
  const flow = await runBackChannel(context, {
    user,
    client,
    connection,
    methods: [{ name: 'pwd', timestamp: new Date(context.now()).toISOString() }],
    request: eventRequest,
    transaction: describeTransaction('oauth2-password', scopes),
    audience,
  })
  if (flow.kind === 'refused') return flow.answer
  const signedIn = completeSignIn(flow.result, {
    userId: user.user_id,
    clientId: client.client_id,
    connection: connection.name,
    scopes: grantScopes(scopes, client, resourceServer),
    audience,
    gty: 'password',
  })
  return answerForUser(
    context,
    signedIn,
    signedIn.scopes.includes('offline_access')
      ? issueRefreshToken(context, signedIn).token
      : undefined,
  )
}

/** No user and no Actions of post-login: RFC 6749 §4.4, here for the Management API only. */
const exchangeClientCredentials: Grant = async ({ context, client, values }) => {
  const { audience } = values
  if (audience === undefined) return oauthError('invalid_request', 'audience is missing')
  if (audience !== managementAudience(context)) {
    return findResourceServer(context.store.state, audience) === undefined
      ? serviceNotFound(audience)
      : notAuthorized(audience)
  }
  const allowed = client.management_scopes ?? []
  if (allowed.length === 0) return notAuthorized(audience)
  const asked = values['scope'] === undefined ? allowed : readWords(values['scope'])
  const excess = asked.filter((scope) => !allowed.includes(scope))
  if (excess.length > 0) {
    return refusal('access_denied', `Client has not been granted scopes: ${excess.join(', ')}`)
  }
  return {
    status: 200,
    body: {
      access_token: await mintManagementToken(context, client.client_id, asked),
      token_type: 'Bearer',
      expires_in: MANAGEMENT_TOKEN_SECONDS,
      scope: asked.join(' '),
    },
  }
}

const GRANTS: Record<string, Grant> = {
  authorization_code: exchangeCode,
  refresh_token: exchangeRefreshToken,
  password: exchangePassword,
  [PASSWORD_REALM_GRANT]: exchangePassword,
  client_credentials: exchangeClientCredentials,
}

const USER_BLOCKED = refusal('unauthorized', 'user is blocked')

const serviceNotFound = (audience: string): TokenAnswer =>
  refusal('access_denied', `Service not found: ${audience}`)

const notAuthorized = (audience: string): TokenAnswer =>
  refusal('access_denied', `Client is not authorized to access "${audience}".`)

interface BackChannelSources {
  user: User
  client: Client
  connection: Connection
  methods?: { name: string; timestamp: string }[]
  request: Event['request']
  transaction: NonNullable<Event['transaction']>
  audience: string | undefined
}

/** Runs the Actions where no browser is: what they want to show to a user cannot be shown. */
const runBackChannel = async (
  context: OidcContext,
  { audience, ...sources }: BackChannelSources,
): Promise<
  { kind: 'completed'; result: FlowCompleted } | { kind: 'refused'; answer: TokenAnswer }
> => {
  const event = buildEvent(context, {
    ...sources,
    ...(audience === undefined ? {} : { audience }),
  })
  const result = await startPostLogin(context, event)
  switch (result.kind) {
    case 'completed':
      return { kind: 'completed', result }
    case 'denied':
      return { kind: 'refused', answer: refusal('access_denied', result.reason) }
    case 'redirected':
      return {
        kind: 'refused',
        answer: refusal('interaction_required', 'An Action wants to send the user to another page'),
      }
  }
}

const describeTransaction = (
  protocol: 'oauth2-refresh-token' | 'oauth2-password',
  scopes: string[],
): NonNullable<Event['transaction']> => ({ protocol, requested_scopes: scopes, metadata: {} })

const completeSignIn = (
  result: FlowCompleted,
  {
    audience,
    ...rest
  }: Pick<SignedIn, 'userId' | 'clientId' | 'connection' | 'scopes' | 'gty'> & {
    audience: string | undefined
  },
): SignedIn => ({
  ...rest,
  userId: readTokenUserId(rest.userId, result),
  scopes: changeScopes(rest.scopes, result),
  ...(audience === undefined ? {} : { audience }),
  idTokenClaims: result.idTokenClaims,
  accessTokenClaims: result.accessTokenClaims,
})

const answerForUser = async (
  context: OidcContext,
  signedIn: SignedIn,
  refreshToken: string | undefined,
): Promise<TokenAnswer> => {
  const user = findUser(context.store.state, signedIn.userId)
  if (user === undefined) return refusal('access_denied', 'the user does not exist')
  return answerTokens(context, user, signedIn, {
    refreshToken,
    nonce: undefined,
    accessTokenId: randomToken(),
  })
}

const answerTokens = async (
  context: OidcContext,
  user: User,
  signedIn: SignedIn,
  extra: {
    refreshToken: string | undefined
    nonce: string | undefined
    accessTokenId: string
  },
): Promise<TokenAnswer> => {
  const { token, expiresInSeconds } = await makeAccessToken(context, signedIn, extra.accessTokenId)
  return {
    status: 200,
    body: {
      access_token: token,
      ...(extra.refreshToken === undefined ? {} : { refresh_token: extra.refreshToken }),
      ...(signedIn.scopes.includes('openid')
        ? { id_token: await signIdToken(context, user, signedIn, extra.nonce) }
        : {}),
      scope: signedIn.scopes.join(' '),
      expires_in: expiresInSeconds,
      token_type: 'Bearer',
    },
  }
}

/** `/oauth/revoke` (RFC 7009): ends the family of a refresh token of this client. */
export const revokeToken = (context: OidcContext) => (request: Request, response: Response) => {
  const parameters = parseParameters(request.body)
  const { state } = context.store
  const found = authenticateClient(request.headers.authorization, parameters, state)
  const { token } = parameters.values
  const answer =
    found.kind === 'refused'
      ? found.answer
      : token === undefined
        ? oauthError('invalid_request', 'token is missing')
        : undefined
  response.set('cache-control', 'no-store')
  if (answer !== undefined) {
    response
      .status(answer.status)
      .set(answer.headers ?? {})
      .json(answer.body)
    return
  }
  const family: RefreshToken | undefined = findOwn(state.refresh_tokens, token?.split('.')[1])
  if (
    found.kind === 'client' &&
    family?.client_id === found.client.client_id &&
    [family.token_hash, ...family.used_hashes].includes(sha256(token ?? ''))
  ) {
    revokeRefreshToken(context, family)
  }
  response.status(200).end()
}
