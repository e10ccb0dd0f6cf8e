/** From a user who has proven who they are to the answer for the application. */
import type { Event } from '@auth0/actions-types/post-login/v3'
import type { FlowCompleted, FlowRedirected, FlowResult } from '../runtime/flow.ts'
import type { Client, Connection, Session, User } from '../store.ts'
import { redirectTo, withCookies, type OidcAnswer, type OidcRequest } from './answer.ts'
import { answerApplication, answerWithError } from './answer-application.ts'
import type { AuthorizationRequest } from './authorization-request.ts'
import type { CodeGrant } from './codes.ts'
import { buildEvent, readRequest } from './event.ts'
import { findClient, findConnection, findResourceServer, findUser } from '../lookup.ts'
import type { OidcContext } from './oidc-context.ts'
import { joinOrganization } from './organizations.ts'
import { readTokenUserId, resumePostLogin, startPostLogin } from './post-login.ts'
import { changeScopes, grantScopes } from './scopes.ts'
import { beginSession } from './sessions.ts'
import type { SuspendedTransaction, Transaction } from './transactions.ts'

/**
 * A user has just signed in at `connection`. Blocked users stop here, with Auth0's words. The
 * session begins and the login counts before any Action runs, whatever the Actions decide.
 */
export const finishLogin = async (
  request: OidcRequest,
  transaction: Transaction,
  user: User,
  connection: Connection,
): Promise<OidcAnswer> => {
  const asked = transaction.request
  if (user.blocked === true) return answerWithError(asked, 'unauthorized', 'user is blocked')
  countLogin(request, user)
  const who = { user, connection, clientId: asked.clientId }
  const { session, cookies } = beginSession(request, who)
  return withCookies(await finishWithSession(request, transaction, session), cookies)
}

/** Goes on with a new session, or with the one that the browser had (single sign-on). */
export const finishWithSession = async (
  request: OidcRequest,
  transaction: Transaction,
  session: Session,
): Promise<OidcAnswer> => {
  const { context } = request
  const { state } = context.store
  const asked = transaction.request
  const user = findUser(state, session.user_id)
  const client = findClient(state, asked.clientId)
  const connection = findConnection(state, session.connection)
  if (user === undefined || client === undefined || connection === undefined) {
    return answerWithError(asked, 'server_error', 'the tenant changed during this sign-in')
  }
  const refusal = joinOrganization(state, asked.organization, user, connection)
  if (refusal !== undefined) return answerWithError(asked, 'access_denied', refusal)
  if (!session.client_ids.includes(client.client_id)) {
    session.client_ids.push(client.client_id)
    context.store.touch()
  }
  const event = buildEvent(context, {
    user,
    client,
    connection,
    session,
    methods: session.methods,
    request: readRequest(request, asked.query),
    transaction: describeTransaction(transaction),
    audience: asked.audience,
    organization: asked.organization,
  })
  const result = await startPostLogin(context, event)
  return answerFlow(context, { transaction, userId: user.user_id, session }, result)
}

/** The user is back from where an Action sent them. */
export const finishContinued = async (
  request: OidcRequest,
  { flow, ...signIn }: SuspendedTransaction,
): Promise<OidcAnswer> => {
  const { context } = request
  const user = findUser(context.store.state, signIn.userId)
  if (user === undefined || user.blocked === true) {
    return answerWithError(signIn.transaction.request, 'unauthorized', 'user is blocked')
  }
  return answerFlow(context, signIn, await resumePostLogin(context, flow, readRequest(request)))
}

/** Auth0 counts a login before Actions run, whatever they decide, but not single sign-on. */
export const countLogin = ({ context, ip }: OidcRequest, user: User): void => {
  const at = new Date(context.now()).toISOString()
  user.logins_count = (user.logins_count ?? 0) + 1
  user.last_login = at
  user['last_ip'] = ip
  user.updated_at = at
  context.store.touch()
}

type SignIn = Omit<SuspendedTransaction, 'flow'>

const answerFlow = (context: OidcContext, signIn: SignIn, result: FlowResult): OidcAnswer => {
  switch (result.kind) {
    case 'denied':
      return answerWithError(signIn.transaction.request, 'access_denied', result.reason)
    case 'redirected':
      return sendAway(context, signIn, result)
    case 'completed':
      return answerWithCode(context, signIn, result)
  }
}

const sendAway = (context: OidcContext, signIn: SignIn, result: FlowRedirected): OidcAnswer => {
  const asked = signIn.transaction.request
  if (asked.prompt.includes('none')) {
    return answerWithError(asked, 'interaction_required', 'External interaction required')
  }
  const url = new URL(result.url)
  const state = context.transactions.suspend({ ...signIn, flow: result.suspended })
  url.searchParams.set('state', state)
  return redirectTo(url.href)
}

const answerWithCode = (
  context: OidcContext,
  { transaction, userId, session }: SignIn,
  result: FlowCompleted,
): OidcAnswer => {
  const { state } = context.store
  const asked = transaction.request
  const client = findClient(state, asked.clientId)
  const tokenUserId = readTokenUserId(userId, result)
  if (client === undefined || findUser(state, tokenUserId) === undefined) {
    return answerWithError(asked, 'access_denied', 'the user does not exist')
  }
  session.user_id = tokenUserId
  context.store.touch()
  const scopes = changeScopes(readGranted(context, asked, client), result)
  const code = context.codes.issue(makeGrant(asked, session, scopes, result))
  return answerApplication(asked, { code })
}

const makeGrant = (
  asked: AuthorizationRequest,
  session: Session,
  scopes: string[],
  { idTokenClaims, accessTokenClaims }: FlowCompleted,
): CodeGrant => ({
  clientId: asked.clientId,
  redirectUri: asked.redirectUri,
  ...(asked.codeChallenge === undefined ? {} : { codeChallenge: asked.codeChallenge }),
  ...(asked.nonce === undefined ? {} : { nonce: asked.nonce }),
  signedIn: {
    userId: session.user_id,
    clientId: asked.clientId,
    connection: session.connection,
    scopes,
    sessionId: session.id,
    idTokenClaims,
    accessTokenClaims,
    ...(asked.audience === undefined ? {} : { audience: asked.audience }),
    ...(asked.organization === undefined ? {} : { organization: asked.organization }),
    ...(asked.maxAgeSeconds === undefined
      ? {}
      : { authTimeSeconds: Math.floor(session.authenticated_at / 1000) }),
  },
})

const readGranted = (context: OidcContext, asked: AuthorizationRequest, client: Client): string[] =>
  grantScopes(
    asked.scopes,
    client,
    asked.audience === undefined
      ? undefined
      : findResourceServer(context.store.state, asked.audience),
  )

const describeTransaction = ({ id, request }: Transaction): NonNullable<Event['transaction']> => ({
  id,
  protocol: 'oidc-basic-profile',
  metadata: {},
  requested_scopes: request.scopes,
  redirect_uri: request.redirectUri,
  response_type: ['code'],
  response_mode: request.responseMode,
  ...(request.uiLocales.length === 0 ? {} : { ui_locales: request.uiLocales }),
  locale: request.uiLocales[0] ?? DEFAULT_LOCALE,
  ...(request.prompt.length === 0 ? {} : { prompt: request.prompt }),
  ...(request.loginHint === undefined ? {} : { login_hint: request.loginHint }),
  ...(request.state === undefined ? {} : { state: request.state }),
})

const DEFAULT_LOCALE = 'en'
