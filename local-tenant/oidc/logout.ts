import { redirectTo, sentBy, withCookies, type OidcHandler, type OidcRequest } from './answer.ts'
import { findClient } from '../lookup.ts'
import { page, problemPage } from './pages.ts'
import { parseParameters } from './parameters.ts'
import { endSession } from './sessions.ts'
import { readIdTokenHint } from './token-set.ts'

/**
 * `/v2/logout`: ends the session, then goes to `returnTo` if it is one of the client's
 * `allowed_logout_urls`, without it to the first of these.
 * https://auth0.com/docs/api/authentication/logout/auth-0-logout
 */
export const logout: OidcHandler = (request) => {
  const { values, malformed } = parseParameters(request.query)
  if (malformed.length > 0) return SENT_TWICE
  return leave(request, { clientId: values['client_id'], target: values['returnTo'] })
}

/** `/oidc/logout`: OpenID Connect RP-Initiated Logout 1.0, the client named by hint or id. */
export const oidcLogout: OidcHandler = async (request) => {
  const { values, malformed } = parseParameters(sentBy(request))
  if (malformed.length > 0) return SENT_TWICE
  const hint = values['id_token_hint']
  const claims = hint === undefined ? undefined : await readIdTokenHint(request.context, hint)
  const hinted = typeof claims?.aud === 'string' ? claims.aud : undefined
  if (hint !== undefined && hinted === undefined) {
    return problemPage(400, 'invalid_request', 'id_token_hint is not an ID token of ours')
  }
  const clientId = values['client_id'] ?? hinted
  if (hinted !== undefined && hinted !== clientId) {
    return problemPage(400, 'invalid_request', 'id_token_hint is for another client_id')
  }
  const { post_logout_redirect_uri: target, state } = values
  return leave(request, { clientId, target, state })
}

const SENT_TWICE = problemPage(400, 'invalid_request', 'A parameter was sent twice.')

interface Leaving {
  clientId: string | undefined
  target: string | undefined
  state?: string | undefined
}

const leave = (request: OidcRequest, { clientId, target, state }: Leaving) => {
  const allowed = findClient(request.context.store.state, clientId)?.allowed_logout_urls ?? []
  if (target !== undefined && !allowed.includes(target)) {
    return problemPage(
      400,
      'invalid_request',
      'The address to return to is not among the allowed_logout_urls of the application.',
    )
  }
  const cookies = endSession(request)
  const next = target ?? allowed[0]
  if (next === undefined) {
    return withCookies(page('done', { title: 'You are signed out' }), cookies)
  }
  const url = new URL(next)
  if (state !== undefined) url.searchParams.set('state', state)
  return withCookies(redirectTo(url.href), cookies)
}
