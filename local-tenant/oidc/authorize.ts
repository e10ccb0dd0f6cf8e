import type { Request, Response } from 'express'
import type { Session } from '../store.ts'
import { UNAVAILABLE, whyClosed } from './admission.ts'
import { answerWithError } from './answer-application.ts'
import { decideAuthorization, type AuthorizationRequest } from './authorization-request.ts'
import { BROWSER_COOKIE, readCookie, setCookie } from './cookies.ts'
import { showProblem } from './error-page.ts'
import { findClient, isEnabled } from '../lookup.ts'
import type { OidcContext } from './oidc-context.ts'
import { randomToken } from '../secrets.ts'
import { readSession } from './sessions.ts'
import { finishWithSession } from './sign-in.ts'

/** `/authorize`, by GET and, as OpenID Connect Core §3.1.2.1 wants, by POST. */
export const authorize =
  (context: OidcContext) =>
  async (request: Request, response: Response): Promise<void> => {
    const raw: unknown = request.method === 'POST' ? request.body : request.query
    const decision = decideAuthorization(raw, context.store.state)
    if (decision.kind === 'refused') {
      showProblem(response, 403, 'invalid_request', decision.description)
      return
    }
    if (decision.kind === 'rejected') {
      answerWithError(response, decision.target, decision.error, decision.description)
      return
    }
    const asked = decision.request
    const closed = whyClosed(context)
    if (closed !== undefined) {
      answerWithError(response, asked, UNAVAILABLE, closed)
      return
    }
    const browser = readBrowser(request) ?? randomToken()
    const isSilent = asked.prompt.includes('none')
    // Not by what runs in a frame: it would take the place of that of a login page opened meanwhile.
    if (!isSilent) setCookie(response, BROWSER_COOKIE, browser)
    const transaction = context.transactions.begin(asked, browser)
    const session = readSession(context, request)
    if (session !== undefined && isSessionEnough(context, session, asked)) {
      await finishWithSession(context, request, response, transaction, session)
      return
    }
    if (isSilent) {
      answerWithError(response, asked, 'login_required', 'Login required')
      return
    }
    const state = context.transactions.openLogin(transaction)
    const page = goesToIdentityProvider(context, asked)
      ? `/idp/${encodeURIComponent(asked.connection ?? '')}`
      : '/u/login'
    response.set('cache-control', 'no-store').redirect(302, `${page}?state=${state}`)
  }

/** Only what `randomToken` makes: anything else would come back from the browser as another text. */
const readBrowser = (request: Request): string | undefined => {
  const browser = readCookie(request, BROWSER_COOKIE)
  return browser !== undefined && /^[\w-]{43}$/.test(browser) ? browser : undefined
}

/** Single sign-on: the application did not ask for a new, younger or other sign-in. */
const isSessionEnough = (
  context: OidcContext,
  session: Session,
  asked: AuthorizationRequest,
): boolean => {
  const { state } = context.store
  const client = findClient(state, asked.clientId)
  if (client === undefined || !isEnabled(state, session.connection, client)) return false
  if (asked.prompt.includes('login') || asked.prompt.includes('select_account')) return false
  if (asked.connection !== undefined && asked.connection !== session.connection) return false
  const ageMs = context.now() - session.authenticated_at
  return asked.maxAgeSeconds === undefined || ageMs < asked.maxAgeSeconds * 1000
}

const goesToIdentityProvider = (context: OidcContext, asked: AuthorizationRequest): boolean =>
  asked.connection !== undefined &&
  Object.values(context.store.state.connections).some(
    ({ name, strategy }) => name === asked.connection && strategy !== 'auth0',
  )
