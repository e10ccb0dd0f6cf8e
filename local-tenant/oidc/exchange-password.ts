import { answerForUser } from './answer-tokens.ts'
import { completeSignIn, describeTransaction, runBackChannel } from './back-channel-flow.ts'
import { findByPassword } from './database.ts'
import { readRequest } from './event.ts'
import { PASSWORD_REALM_GRANT } from './grant-types.ts'
import { findConnection, findResourceServer } from '../lookup.ts'
import { readWords } from './parameters.ts'
import { issueRefreshToken } from './refresh-tokens.ts'
import { grantScopes } from './scopes.ts'
import { countLogin } from './sign-in.ts'
import { oauthError, refusal, serviceNotFound, USER_BLOCKED } from './answer.ts'
import type { Grant } from './token-request.ts'

/** Auth0's default directory, for `grant_type=password`, which names no connection. */
const DEFAULT_DIRECTORY = 'Username-Password-Authentication'

/** `password` (RFC 6749 §4.3) and Auth0's variant of it that names a connection as `realm`. */
export const exchangePassword: Grant = async ({ context, client, values, request }) => {
  const { state } = context.store
  const { username, password, realm, audience } = values
  if (username === undefined || password === undefined) {
    return oauthError('invalid_request', 'username and password are required')
  }
  const isRealmGrant = values['grant_type'] === PASSWORD_REALM_GRANT
  if (isRealmGrant && realm === undefined) return oauthError('invalid_request', 'realm is missing')
  const connection = findConnection(state, (isRealmGrant ? realm : undefined) ?? DEFAULT_DIRECTORY)
  if (connection?.strategy !== 'auth0' || !connection.enabled_clients.includes(client.client_id)) {
    return oauthError('invalid_request', 'the realm is not a database this client may use')
  }
  const resourceServer = audience === undefined ? undefined : findResourceServer(state, audience)
  if (audience !== undefined && resourceServer === undefined) return serviceNotFound(audience)
  const user = findByPassword(state, connection, username, password)
  if (user === undefined) return refusal('invalid_grant', 'Wrong email or password.')
  if (user.blocked === true) return USER_BLOCKED
  const scopes = readWords(values['scope'])
  countLogin(request, user)
  const flow = await runBackChannel(context, {
    user,
    client,
    connection,
    methods: [{ name: 'pwd', timestamp: new Date(context.now()).toISOString() }],
    request: readRequest(request),
    transaction: describeTransaction('oauth2-password', scopes),
    audience,
  })
  if (flow.kind === 'refused') return flow.answer
  const signedIn = completeSignIn(flow.result, {
    userId: user.user_id,
    clientId: client.client_id,
    connection: connection.name,
    scopes: grantScopes(scopes, client, resourceServer),
    audience,
    gty: 'password',
  })
  return answerForUser(
    context,
    signedIn,
    signedIn.scopes.includes('offline_access')
      ? issueRefreshToken(context, signedIn).token
      : undefined,
  )
}
