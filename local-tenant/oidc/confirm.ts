/** The prompt before a callback that another program on the computer could receive. */
import type { OidcHandler, OidcRequest } from './answer.ts'
import { answerWithError } from './answer-application.ts'
import type { AuthorizationRequest } from './authorization-request.ts'
import { readLogin } from './login-pages.ts'
import type { Client } from '../store.ts'
import { page } from './pages.ts'
import { parseParameters } from './parameters.ts'
import { readSession } from './sessions.ts'
import { finishWithSession } from './sign-in.ts'

/**
 * Whether Auth0 asks the user before single sign-on: for callbacks on loopback or with a scheme of
 * their own, where the application is not set to skip it.
 * https://auth0.com/docs/secure/security-guidance/measures-against-app-impersonation
 */
export const needsConfirmation = (client: Client, { redirectUri }: AuthorizationRequest): boolean =>
  client['skip_non_verifiable_callback_uri_confirmation_prompt'] !== true &&
  !isVerifiable(new URL(redirectUri))

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

const isVerifiable = ({ protocol, hostname }: URL): boolean =>
  ['http:', 'https:'].includes(protocol) && !LOOPBACK.includes(hostname)

/** `GET /u/confirm` */
export const showConfirmation: OidcHandler = (request) => {
  const login = readLogin(request)
  if ('status' in login) return login
  const { client, state, transaction } = login
  const values = { title: `Continue to ${client.name}?`, application: client.name, state }
  return page('confirm', values, { formTarget: transaction.request.redirectUri })
}

/** `POST /u/confirm` */
export const acceptConfirmation: OidcHandler = async (request: OidcRequest) => {
  const login = readLogin(request)
  if ('status' in login) return login
  const { state, transaction } = login
  const asked = transaction.request
  const session = readSession(request)
  request.context.transactions.closeLogin(state)
  if (session === undefined) return answerWithError(asked, 'login_required', 'Login required')
  // Auth0's words for this are not documented.
  return parseParameters(request.body).values['answer'] === 'yes'
    ? finishWithSession(request, transaction, session)
    : answerWithError(asked, 'access_denied', 'The user did not confirm the sign-in')
}
