import type { Session } from '../store.ts'
import { UNAVAILABLE, whyClosed } from './admission.ts'
import {
  redirectTo,
  sentBy,
  withCookies,
  type OidcAnswer,
  type OidcHandler,
  type OidcRequest,
} from './answer.ts'
import { answerWithError } from './answer-application.ts'
import { decideAuthorization, type AuthorizationRequest } from './authorization-request.ts'
import { needsConfirmation } from './confirm.ts'
import { BROWSER_COOKIE, readCookie } from './cookies.ts'
import { findClient } from '../lookup.ts'
import { connectionsFor } from './organizations.ts'
import type { OidcContext } from './oidc-context.ts'
import { problemPage } from './pages.ts'
import { randomToken } from '../secrets.ts'
import { readSession } from './sessions.ts'
import { finishWithSession } from './sign-in.ts'

/** `/authorize`, by GET and, as OpenID Connect Core §3.1.2.1 wants, by POST. */
export const authorize: OidcHandler = async (request) => {
  const { context } = request
  const decision = decideAuthorization(sentBy(request), context.store.state)
  if (decision.kind === 'refused') return problemPage(403, 'invalid_request', decision.description)
  if (decision.kind === 'rejected') {
    return answerWithError(decision.target, decision.error, decision.description)
  }
  const asked = decision.request
  const closed = whyClosed(context)
  if (closed !== undefined) return answerWithError(asked, UNAVAILABLE, closed)
  const browser = readBrowser(request) ?? randomToken()
  const cookies = { [BROWSER_COOKIE]: browser }
  const transaction = context.transactions.begin(asked, browser)
  const session = readSession(request)
  const goesOn = session !== undefined && isSessionEnough(context, session, asked)
  const client = findClient(context.store.state, asked.clientId)
  const isConfirmed = client !== undefined && !needsConfirmation(client, asked)
  // A silent sign-in sets no cookie: its frame would replace that of a login page opened meanwhile.
  if (asked.prompt.includes('none')) {
    if (!goesOn) return answerWithError(asked, 'login_required', 'Login required')
    return isConfirmed
      ? finishWithSession(request, transaction, session)
      : answerWithError(asked, 'interaction_required', 'User confirmation required')
  }
  const goTo = (page: string): OidcAnswer =>
    redirectTo(`${page}?state=${context.transactions.openLogin(transaction)}`)
  if (!goesOn) return withCookies(goTo(pageFor(context, asked)), cookies)
  const answer = isConfirmed
    ? await finishWithSession(request, transaction, session)
    : goTo('/u/confirm')
  return withCookies(answer, cookies)
}

/** The browser's cookie, if `randomToken` can have made it. */
const readBrowser = (request: OidcRequest): string | undefined => {
  const browser = readCookie(request, BROWSER_COOKIE)
  return browser !== undefined && /^[\w-]{43}$/.test(browser) ? browser : undefined
}

/** Whether the session answers the request, so that nobody has to sign in again. */
const isSessionEnough = (
  context: OidcContext,
  session: Session,
  asked: AuthorizationRequest,
): boolean => {
  const { state } = context.store
  const client = findClient(state, asked.clientId)
  if (client === undefined) return false
  const connections = connectionsFor(state, client, asked)
  if (connections.every(({ name }) => name !== session.connection)) return false
  if (asked.prompt.includes('login') || asked.prompt.includes('select_account')) return false
  const ageMs = context.now() - session.authenticated_at
  return asked.maxAgeSeconds === undefined || ageMs < asked.maxAgeSeconds * 1000
}

/** Where the user signs in. A named connection leads straight to its identity provider. */
const pageFor = ({ store }: OidcContext, { connection, query }: AuthorizationRequest): string => {
  const goesToProvider = Object.values(store.state.connections).some(
    ({ name, strategy }) => name === connection && strategy !== 'auth0',
  )
  if (goesToProvider) return `/idp/${encodeURIComponent(connection ?? '')}`
  return query['screen_hint'] === 'signup' ? '/u/signup' : '/u/login'
}
