/** From a user who has proven who they are to the answer for the application. */
import type { Event } from '@auth0/actions-types/post-login/v3'
import type { Request, Response } from 'express'
import type { FlowResult } from '../runtime/flow.ts'
import type { Client, Connection, Session, User } from '../store.ts'
import { answerApplication, answerWithError } from './answer-application.ts'
import type { AuthorizationRequest } from './authorization-request.ts'
import { buildEvent, readRequest } from './event.ts'
import { findClient, findConnection, findResourceServer, findUser } from '../lookup.ts'
import type { OidcContext } from './oidc-context.ts'
import { readTokenUserId, resumePostLogin, startPostLogin } from './post-login.ts'
import { changeScopes, grantScopes } from './scopes.ts'
import { beginSession } from './sessions.ts'
import type { SuspendedTransaction, Transaction } from './transactions.ts'

/**
 * A user has just signed in at `connection`. Blocked users stop here, with Auth0's words. The
 * session begins before any Action runs and stays whatever they decide; the login is counted
 * before them too.
 */
export const finishLogin = async (
  context: OidcContext,
  request: Request,
  response: Response,
  transaction: Transaction,
  user: User,
  connection: Connection,
): Promise<void> => {
  if (user.blocked === true) {
    answerWithError(response, transaction.request, 'unauthorized', 'user is blocked')
    return
  }
  countLogin(context, user, readRequest(context, request).ip)
  const { clientId } = transaction.request
  const session = beginSession(context, request, response, { user, connection, clientId })
  await finishWithSession(context, request, response, transaction, session)
}

/** Goes on with a session: one just begun, or one that the browser had (single sign-on). */
export const finishWithSession = async (
  context: OidcContext,
  request: Request,
  response: Response,
  transaction: Transaction,
  session: Session,
): Promise<void> => {
  const { state } = context.store
  const asked = transaction.request
  const user = findUser(state, session.user_id)
  const client = findClient(state, asked.clientId)
  const connection = findConnection(state, session.connection)
  if (user === undefined || client === undefined || connection === undefined) {
    answerWithError(response, asked, 'server_error', 'the tenant changed during this sign-in')
    return
  }
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
    request: readRequest(context, request, asked.query),
    transaction: describeTransaction(transaction),
    ...(asked.audience === undefined ? {} : { audience: asked.audience }),
  })
  const result = await startPostLogin(context, event)
  answerFlow(context, response, { transaction, userId: user.user_id, session }, result)
}

/** The user is back from where an Action sent them. */
export const finishContinued = async (
  context: OidcContext,
  request: Request,
  response: Response,
  suspended: SuspendedTransaction,
): Promise<void> => {
  const { transaction, flow, userId, session } = suspended
  const user = findUser(context.store.state, userId)
  if (user === undefined || user.blocked === true) {
    answerWithError(response, transaction.request, 'unauthorized', 'user is blocked')
    return
  }
  const result = await resumePostLogin(context, flow, readRequest(context, request))
  answerFlow(context, response, { transaction, userId, session }, result)
}

/** Auth0 counts before Actions run, whatever they decide, and not for single sign-on. */
export const countLogin = (context: OidcContext, user: User, ip: string): void => {
  const at = new Date(context.now()).toISOString()
  user.logins_count += 1
  user.last_login = at
  user['last_ip'] = ip
  user.updated_at = at
  context.store.touch()
}

interface Finishing {
  transaction: Transaction
  userId: string
  session: Session
}

const answerFlow = (
  context: OidcContext,
  response: Response,
  { transaction, userId, session }: Finishing,
  result: FlowResult,
): void => {
  const asked = transaction.request
  if (result.kind === 'denied') {
    answerWithError(response, asked, 'access_denied', result.reason)
    return
  }
  if (result.kind === 'redirected') {
    if (asked.prompt.includes('none')) {
      answerWithError(response, asked, 'interaction_required', 'External interaction required')
      return
    }
    const flow = result.suspended
    const url = new URL(result.url)
    url.searchParams.set(
      'state',
      context.transactions.suspend({ transaction, flow, userId, session }),
    )
    response.set('cache-control', 'no-store').redirect(302, url.href)
    return
  }
  const { state } = context.store
  const client = findClient(state, asked.clientId)
  const tokenUserId = readTokenUserId(userId, result)
  if (client === undefined || findUser(state, tokenUserId) === undefined) {
    answerWithError(response, asked, 'access_denied', 'the user does not exist')
    return
  }
  session.user_id = tokenUserId
  context.store.touch()
  const code = context.codes.issue({
    clientId: asked.clientId,
    redirectUri: asked.redirectUri,
    ...(asked.codeChallenge === undefined ? {} : { codeChallenge: asked.codeChallenge }),
    ...(asked.nonce === undefined ? {} : { nonce: asked.nonce }),
    signedIn: {
      userId: tokenUserId,
      clientId: asked.clientId,
      connection: session.connection,
      scopes: changeScopes(readGranted(context, asked, client), result),
      sessionId: session.id,
      idTokenClaims: result.idTokenClaims,
      accessTokenClaims: result.accessTokenClaims,
      ...(asked.audience === undefined ? {} : { audience: asked.audience }),
      ...(asked.maxAgeSeconds === undefined
        ? {}
        : { authTimeSeconds: Math.floor(session.authenticated_at / 1000) }),
    },
  })
  answerApplication(response, asked, { code })
}

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
