/** Where users prove who they are: the tenant's own login page and the simulated providers. */
import type { Client, Connection } from '../store.ts'
import { sentBy, type OidcAnswer, type OidcHandler, type OidcRequest } from './answer.ts'
import { answerWithError } from './answer-application.ts'
import { BROWSER_COOKIE, readCookie } from './cookies.ts'
import { findByPassword } from './database.ts'
import { findClient } from '../lookup.ts'
import { connectionsFor } from './organizations.ts'
import { page, problemPage } from './pages.ts'
import { parseParameters } from './parameters.ts'
import { finishLogin } from './sign-in.ts'
import type { Transaction } from './transactions.ts'
import { applyUpstreamLogin, readUpstreamAccounts } from './upstream.ts'

/** `GET /u/login`: e-mail and password, and a way to each other connection of the application. */
export const showLogin: OidcHandler = (request) => {
  const login = readLogin(request)
  return 'status' in login ? login : loginPage(login, login.transaction.request.loginHint)
}

/** `POST /u/login`. It does not say whether the address or the password was wrong. */
export const acceptLogin: OidcHandler = (request) => {
  const login = readLogin(request)
  if ('status' in login) return login
  const { context, body } = request
  const { username = '', password = '' } = parseParameters(body).values
  const database = login.connections.find(({ strategy }) => strategy === 'auth0')
  const user = database && findByPassword(context.store.state, database, username, password)
  if (database === undefined || user === undefined) {
    return loginPage(login, username, 'Wrong email or password.')
  }
  context.transactions.closeLogin(login.state)
  return finishLogin(request, login.transaction, user, database)
}

/** `GET /idp/:connection`: the accounts at that identity provider. */
export const showIdentityProvider: OidcHandler = (request) => {
  const chosen = readIdentityProvider(request)
  if ('status' in chosen) return chosen
  const { connection, client, state, transaction } = chosen
  const accounts = readUpstreamAccounts(connection).map(({ id, attributes }) => ({
    id,
    name: nonEmpty(attributes['name']) ?? id,
    detail: nonEmpty(attributes['email']) ?? id,
  }))
  const values = {
    title: `Sign in at ${displayName(connection)}`,
    connection: connection.name,
    strategy: connection.strategy,
    provider: displayName(connection),
    application: client.name,
    accounts,
    state,
  }
  return page('idp', values, { formTarget: transaction.request.redirectUri })
}

/** `POST /idp/:connection`: the user picked an account. */
export const acceptIdentity: OidcHandler = (request) => {
  const chosen = readIdentityProvider(request)
  if ('status' in chosen) return chosen
  const { connection, state, transaction } = chosen
  const { context, body } = request
  const { account: id } = parseParameters(body).values
  const account = readUpstreamAccounts(connection).find((candidate) => candidate.id === id)
  if (account === undefined) return problemPage(400, 'invalid_request', 'There is no such account')
  context.transactions.closeLogin(state)
  const user = applyUpstreamLogin(context, connection, account)
  return user === undefined
    ? // The connection never makes users. Which words Auth0 has for that is not documented.
      answerWithError(transaction.request, 'access_denied', 'the user does not exist')
    : finishLogin(request, transaction, user, connection)
}

export interface Login {
  state: string
  transaction: Transaction
  client: Client
  /** Those the user may choose from. */
  connections: Connection[]
}

/**
 * The sign-in that `state` names, if this browser began it; else a page that says so. Nobody can
 * guess the state or use it in another browser, so no other site can post these forms.
 */
export const readLogin = (request: OidcRequest): Login | OidcAnswer => {
  const { transactions, store } = request.context
  const { state = '' } = parseParameters(sentBy(request)).values
  const transaction = transactions.findLogin(state, readCookie(request, BROWSER_COOKIE))
  const client = findClient(store.state, transaction?.request.clientId)
  if (transaction === undefined || client === undefined) {
    return problemPage(
      400,
      'invalid_request',
      'This sign-in is unknown, has ended, or began in another browser. Go back to the application and sign in again.',
    )
  }
  const connections = connectionsFor(store.state, client, transaction.request)
  return { state, transaction, client, connections }
}

const readIdentityProvider = (
  request: OidcRequest,
): (Login & { connection: Connection }) | OidcAnswer => {
  const login = readLogin(request)
  if ('status' in login) return login
  const connection = login.connections.find(
    ({ name, strategy }) => name === request.params['connection'] && strategy !== 'auth0',
  )
  return connection === undefined
    ? problemPage(404, 'invalid_request', 'The connection is not enabled')
    : { ...login, connection }
}

/** With `problem`, the page answers a form that was refused. */
export const loginPage = (
  login: Login,
  email = '',
  problem = '',
  view: 'login' | 'signup' = 'login',
): OidcAnswer => {
  const { state, client, connections, transaction } = login
  const hasDatabase = connections.some(({ strategy }) => strategy === 'auth0')
  const providers = connections
    .filter(({ strategy }) => strategy !== 'auth0')
    .map((connection) => ({
      name: displayName(connection),
      url: `/idp/${encodeURIComponent(connection.name)}?state=${state}`,
    }))
  const values = {
    title: view === 'login' ? 'Sign in' : 'Sign up',
    application: client.name,
    email,
    problem,
    state,
    hasDatabase,
    canSignUp: connections.some(allowsSignUp),
    hasBoth: hasDatabase && providers.length > 0,
    canSignIn: connections.length > 0,
    providers,
  }
  return page(view, values, {
    status: problem === '' ? 200 : 400,
    formTarget: transaction.request.redirectUri,
  })
}

/** Whether users can make themselves an account at this connection. */
export const allowsSignUp = ({ strategy, options }: Connection): boolean =>
  strategy === 'auth0' && options['disable_signup'] !== true

const displayName = (connection: Connection): string =>
  nonEmpty(connection.options['display_name']) ?? connection.name

const nonEmpty = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
