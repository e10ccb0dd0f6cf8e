import type { Request, Response } from 'express'
import { showProblem } from './error-page.ts'
import { findClient } from '../lookup.ts'
import type { OidcContext } from './oidc-context.ts'
import { renderPage, sendPage } from './pages.ts'
import { parseParameters } from './parameters.ts'
import { endSession } from './sessions.ts'
import { readIdTokenHint } from './token-set.ts'

/**
 * `/v2/logout`: ends the session, then goes to `returnTo` if it is one of the client's
 * `allowed_logout_urls`, without it to the first of these.
 * https://auth0.com/docs/api/authentication/logout/auth-0-logout
 */
export const logout = (context: OidcContext) => (request: Request, response: Response) => {
  const { values, malformed } = parseParameters(request.query)
  if (malformed.length > 0) showProblem(response, 400, 'invalid_request', SENT_TWICE)
  else leave(context, request, response, values['client_id'], values['returnTo'])
}

/** `/oidc/logout`: OpenID Connect RP-Initiated Logout 1.0, the client named by hint or id. */
export const oidcLogout =
  (context: OidcContext) =>
  async (request: Request, response: Response): Promise<void> => {
    const raw: unknown = request.method === 'POST' ? request.body : request.query
    const { values, malformed } = parseParameters(raw)
    if (malformed.length > 0) {
      showProblem(response, 400, 'invalid_request', SENT_TWICE)
      return
    }
    const hint = values['id_token_hint']
    const claims = hint === undefined ? undefined : await readIdTokenHint(context, hint)
    const hinted = typeof claims?.aud === 'string' ? claims.aud : undefined
    if (hint !== undefined && hinted === undefined) {
      showProblem(response, 400, 'invalid_request', 'id_token_hint is not an ID token of ours')
      return
    }
    const clientId = values['client_id'] ?? hinted
    if (hinted !== undefined && hinted !== clientId) {
      showProblem(response, 400, 'invalid_request', 'id_token_hint is for another client_id')
      return
    }
    leave(context, request, response, clientId, values['post_logout_redirect_uri'], values['state'])
  }

const SENT_TWICE = 'A parameter was sent twice.'

const leave = (
  context: OidcContext,
  request: Request,
  response: Response,
  clientId: string | undefined,
  target: string | undefined,
  state?: string,
): void => {
  const allowed = findClient(context.store.state, clientId)?.allowed_logout_urls ?? []
  if (target !== undefined && !allowed.includes(target)) {
    showProblem(
      response,
      400,
      'invalid_request',
      'The address to return to is not among the allowed_logout_urls of the application.',
    )
    return
  }
  endSession(context, request, response)
  const next = target ?? allowed[0]
  if (next === undefined) {
    sendPage(response, 200, renderPage('signed-out', { title: 'You are signed out' }))
    return
  }
  const url = new URL(next)
  if (state !== undefined) url.searchParams.set('state', state)
  response.set('cache-control', 'no-store').redirect(302, url.href)
}
