import { answerForUser } from './answer-tokens.ts'
import { completeSignIn, describeTransaction, runBackChannel } from './back-channel-flow.ts'
import { readRequest } from './event.ts'
import { findConnection, findUser } from '../lookup.ts'
import { joinOrganization } from './organizations.ts'
import { readWords } from './parameters.ts'
import { findRefreshToken, rotateRefreshToken } from './refresh-tokens.ts'
import { oauthError, refusal, USER_BLOCKED } from './answer.ts'
import type { Grant } from './token-request.ts'

/**
 * `refresh_token`: RFC 6749 §6, with rotation. Actions run again; only when they agree is the old
 * token used up.
 */
export const exchangeRefreshToken: Grant = async ({ context, client, values, request }) => {
  const { state } = context.store
  const { refresh_token: token, scope } = values
  if (token === undefined) return oauthError('invalid_request', 'refresh_token is missing')
  const family = findRefreshToken(context, token, client.client_id)
  const user = findUser(state, family?.user_id)
  const connection = findConnection(state, family?.connection ?? '')
  if (family === undefined || user === undefined || connection === undefined) return UNKNOWN_REFRESH
  if (user.blocked === true) return USER_BLOCKED
  const { organization } = family
  if (joinOrganization(state, organization, user, connection) !== undefined) return UNKNOWN_REFRESH
  const granted = readWords(family.scope)
  const asked = scope === undefined ? granted : readWords(scope)
  if (asked.some((word) => !granted.includes(word))) {
    return oauthError('invalid_scope', 'more than was granted with this refresh token')
  }
  const flow = await runBackChannel(context, {
    user,
    client,
    connection,
    request: readRequest(request),
    transaction: describeTransaction('oauth2-refresh-token', asked),
    audience: family.audience,
    organization,
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
    organization,
  })
  return answerForUser(context, signedIn, refreshToken)
}

const UNKNOWN_REFRESH = refusal('invalid_grant', 'Unknown or invalid refresh token.')
