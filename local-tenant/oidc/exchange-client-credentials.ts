import {
  managementAudience,
  MANAGEMENT_TOKEN_SECONDS,
  mintManagementToken,
} from '../management-token.ts'
import { findResourceServer } from '../lookup.ts'
import { readWords } from './parameters.ts'
import { oauthError, refusal, serviceNotFound, type OidcAnswer } from './answer.ts'
import type { Grant } from './token-request.ts'

/** `client_credentials`: RFC 6749 §4.4, here for the Management API only. No Action runs. */
export const exchangeClientCredentials: Grant = async ({ context, client, values }) => {
  const { audience } = values
  if (audience === undefined) return oauthError('invalid_request', 'audience is missing')
  if (audience !== managementAudience(context)) {
    return findResourceServer(context.store.state, audience) === undefined
      ? serviceNotFound(audience)
      : notAuthorized(audience)
  }
  const allowed = client.management_scopes ?? []
  if (allowed.length === 0) return notAuthorized(audience)
  const asked = values['scope'] === undefined ? allowed : readWords(values['scope'])
  const excess = asked.filter((scope) => !allowed.includes(scope))
  if (excess.length > 0) {
    return refusal('access_denied', `Client has not been granted scopes: ${excess.join(', ')}`)
  }
  return {
    status: 200,
    body: {
      access_token: await mintManagementToken(context, client.client_id, asked),
      token_type: 'Bearer',
      expires_in: MANAGEMENT_TOKEN_SECONDS,
      scope: asked.join(' '),
    },
  }
}

const notAuthorized = (audience: string): OidcAnswer =>
  refusal('access_denied', `Client is not authorized to access "${audience}".`)
