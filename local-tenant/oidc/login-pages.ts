/** Where users prove who they are: the tenant's own login page and the simulated providers. */
import type { Request, Response } from 'express'
import type { Client, Connection } from '../store.ts'
import { answerWithError } from './answer-application.ts'
import { BROWSER_COOKIE, readCookie } from './cookies.ts'
import { findByPassword } from './database.ts'
import { showProblem } from './error-page.ts'
import { findClient } from '../lookup.ts'
import type { OidcContext } from './oidc-context.ts'
import { renderPage, sendPage } from './pages.ts'
import { parseParameters } from './parameters.ts'
import { finishLogin } from './sign-in.ts'
import type { Transaction } from './transactions.ts'
import { applyUpstreamLogin, readUpstreamAccounts } from './upstream.ts'

/** `GET /u/login`: e-mail and password, and a way to each other connection of the application. */
export const showLogin = (context: OidcContext) => (request: Request, response: Response) => {
  const login = readLogin(context, request, response)
  if (login !== undefined) sendLoginPage(response, 200, login, login.transaction.request.loginHint)
}

/** `POST /u/login`. Which of the two was wrong is not told. */
export const acceptLogin =
  (context: OidcContext) =>
  async (request: Request, response: Response): Promise<void> => {
    const login = readLogin(context, request, response)
    if (login === undefined) return
    const { username = '', password = '' } = parseParameters(request.body).values
    const database = login.connections.find(({ strategy }) => strategy === 'auth0')
    const user =
      database === undefined
        ? undefined
        : findByPassword(context.store.state, database, username, password)
    if (database === undefined || user === undefined) {
      sendLoginPage(response, 400, login, username, 'Wrong email or password.')
      return
    }
    context.transactions.closeLogin(login.state)
    await finishLogin(context, request, response, login.transaction, user, database)
  }

/** `GET /idp/:connection`: the accounts one could have there. */
export const showIdentityProvider =
  (context: OidcContext) => (request: Request, response: Response) => {
    const chosen = readIdentityProvider(context, request, response)
    if (chosen === undefined) return
    const { login, connection } = chosen
    const accounts = readUpstreamAccounts(connection).map(({ id, attributes }) => ({
      id,
      name: textOf(attributes['name']) ?? id,
      detail: textOf(attributes['email']) ?? id,
    }))
    const html = renderPage('idp', {
      title: `Sign in at ${displayName(connection)}`,
      connection: connection.name,
      strategy: connection.strategy,
      provider: displayName(connection),
      application: login.client.name,
      accounts,
      state: login.state,
    })
    sendPage(response, 200, html, { formTarget: login.transaction.request.redirectUri })
  }

/** `POST /idp/:connection`: one account was picked. */
export const acceptIdentity =
  (context: OidcContext) =>
  async (request: Request, response: Response): Promise<void> => {
    const chosen = readIdentityProvider(context, request, response)
    if (chosen === undefined) return
    const { login, connection } = chosen
    const { account: id } = parseParameters(request.body).values
    const account = readUpstreamAccounts(connection).find((candidate) => candidate.id === id)
    if (account === undefined) {
      showProblem(response, 400, 'invalid_request', 'There is no such account')
      return
    }
    context.transactions.closeLogin(login.state)
    const user = applyUpstreamLogin(context, connection, account)
    if (user === undefined) {
      // The connection never makes users. Which words Auth0 has for that is not documented.
      const { request: asked } = login.transaction
      answerWithError(response, asked, 'access_denied', 'the user does not exist')
      return
    }
    await finishLogin(context, request, response, login.transaction, user, connection)
  }

interface Login {
  state: string
  transaction: Transaction
  client: Client
  /** Those the user may choose from. */
  connections: Connection[]
}

/**
 * The sign-in that `state` names, if it is this browser's; else a page says so. The state cannot
 * be guessed and is worth nothing in another browser, which is also what keeps another site from
 * posting these forms.
 */
const readLogin = (
  context: OidcContext,
  request: Request,
  response: Response,
): Login | undefined => {
  const raw: unknown = request.method === 'POST' ? request.body : request.query
  const { state = '' } = parseParameters(raw).values
  const transaction = context.transactions.findLogin(state, readCookie(request, BROWSER_COOKIE))
  const client = findClient(context.store.state, transaction?.request.clientId)
  if (transaction === undefined || client === undefined) {
    showProblem(
      response,
      400,
      'invalid_request',
      'This sign-in is unknown, has ended, or began in another browser. Go back to the application and sign in again.',
    )
    return undefined
  }
  const connections = Object.values(context.store.state.connections).filter(
    ({ name, enabled_clients: enabled }) =>
      enabled.includes(client.client_id) &&
      (transaction.request.connection === undefined || transaction.request.connection === name),
  )
  return { state, transaction, client, connections }
}

const readIdentityProvider = (
  context: OidcContext,
  request: Request,
  response: Response,
): { login: Login; connection: Connection } | undefined => {
  const login = readLogin(context, request, response)
  if (login === undefined) return undefined
  const connection = login.connections.find(
    ({ name, strategy }) => name === request.params['connection'] && strategy !== 'auth0',
  )
  if (connection !== undefined) return { login, connection }
  showProblem(response, 404, 'invalid_request', 'The connection is not enabled')
  return undefined
}

const sendLoginPage = (
  response: Response,
  status: number,
  login: Login,
  email = '',
  problem = '',
): void => {
  const { state, client, connections, transaction } = login
  const hasDatabase = connections.some(({ strategy }) => strategy === 'auth0')
  const providers = connections
    .filter(({ strategy }) => strategy !== 'auth0')
    .map((connection) => ({
      name: displayName(connection),
      url: `/idp/${encodeURIComponent(connection.name)}?state=${state}`,
    }))
  const html = renderPage('login', {
    title: 'Sign in',
    application: client.name,
    email,
    problem,
    state,
    hasDatabase,
    hasBoth: hasDatabase && providers.length > 0,
    canSignIn: connections.length > 0,
    providers,
  })
  sendPage(response, status, html, { formTarget: transaction.request.redirectUri })
}

const displayName = (connection: Connection): string =>
  textOf(connection.options['display_name']) ?? connection.name

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
