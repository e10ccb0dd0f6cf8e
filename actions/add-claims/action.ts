/**
 * The user notices nothing. The application finds the metadata it is meant to see in the tokens, or
 * in the SAML assertion, as it stands after the Actions before this one.
 */
import { applyAllow, failOpen } from '../shared/apply-allow.ts'
import {
  isRefreshExchange,
  memberOf,
  readMetadata,
  type ActionEvent,
  type Handler,
} from '../shared/event.ts'
import { decideClaims, type ClaimFacts } from './decide.ts'
import { settings } from './settings.ts'

export const onExecutePostLogin: Handler = async (event, api) => {
  try {
    applyAllow(decideClaims(readClaimFacts(event), settings), event, api)
  } catch (error) {
    failOpen(error, event)
  }
}

const readClaimFacts = (event: ActionEvent): ClaimFacts => ({
  clientId: event.client.client_id,
  scopes: readScopes(event),
  audience: event.resource_server?.identifier,
  isSaml: ['samlp', 'wsfed'].includes(event.transaction?.protocol ?? ''),
  metadata: readMetadata(event),
  profile: event.user,
})

/**
 * The scopes asked for. In a refresh-token exchange Auth0 need not tell them; then it is what the
 * application asks for in this exchange, and if it asks for nothing, which by RFC 6749 §6 means all
 * it was granted, the scopes of its refresh token, which Auth0 tells Enterprise customers. Where
 * nobody knows a scope, its gate stays shut.
 */
const readScopes = (event: ActionEvent): string[] => {
  const requested = event.transaction?.requested_scopes ?? []
  if (requested.length > 0 || !isRefreshExchange(event)) return requested
  const asked = memberOf(event.request.body, 'scope')
  const granted = event.refresh_token?.resource_servers ?? []
  const texts =
    typeof asked === 'string' && asked !== '' ? [asked] : granted.map(({ scopes }) => scopes)
  return texts.flatMap((text) => text.split(/\s+/))
}
