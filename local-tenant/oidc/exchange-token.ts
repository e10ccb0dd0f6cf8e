/** `/oauth/token`: https://auth0.com/docs/api/authentication/login/get-token */
import { UNAVAILABLE, whyClosed } from './admission.ts'
import {
  notImplemented,
  oauthError,
  refusal,
  type OidcAnswer,
  type OidcHandler,
  type OidcRequest,
} from './answer.ts'
import { authenticateClient } from './client-authentication.ts'
import { exchangeClientCredentials } from './exchange-client-credentials.ts'
import { exchangeCode } from './exchange-code.ts'
import { exchangePassword } from './exchange-password.ts'
import { exchangeRefreshToken } from './exchange-refresh-token.ts'
import { PASSWORD_REALM_GRANT, UNIMPLEMENTED_GRANTS } from './grant-types.ts'
import { findOwn } from '../lookup.ts'
import { parseParameters } from './parameters.ts'
import type { Grant } from './token-request.ts'

/** No cache keeps its answers. */
export const exchangeToken: OidcHandler = async (request) => {
  const answer = await decideTokens(request)
  const headers = { 'cache-control': 'no-store', pragma: 'no-cache', ...answer.headers }
  return { ...answer, headers }
}

const decideTokens = async (request: OidcRequest): Promise<OidcAnswer> => {
  const { context, headers, body } = request
  const parameters = parseParameters(body)
  const found = authenticateClient(headers.authorization, parameters, context.store.state)
  if (found.kind === 'refused') return found.answer
  const { client } = found
  const grantType = parameters.values['grant_type']
  if (grantType === undefined) return oauthError('invalid_request', 'grant_type is missing')
  if (UNIMPLEMENTED_GRANTS.has(grantType)) return notImplemented(`grant_type=${grantType}`)
  const grant = findOwn(GRANTS, grantType)
  if (grant === undefined) {
    return oauthError('unsupported_grant_type', `Unsupported grant type: ${grantType}`)
  }
  if (!client.grant_types.includes(grantType)) {
    return oauthError(
      'unauthorized_client',
      `Grant type '${grantType}' not allowed for the client.`,
    )
  }
  // Client credentials sign no user in, and the Deploy CLI needs them to bring the Actions.
  const closed = grant === exchangeClientCredentials ? undefined : whyClosed(context)
  if (closed !== undefined) return refusal(UNAVAILABLE, closed)
  return grant({ context, client, values: parameters.values, request })
}

const GRANTS: Record<string, Grant> = {
  authorization_code: exchangeCode,
  refresh_token: exchangeRefreshToken,
  password: exchangePassword,
  [PASSWORD_REALM_GRANT]: exchangePassword,
  client_credentials: exchangeClientCredentials,
}
