/**
 * The user notices nothing. The application finds the metadata it is meant to see in the tokens,
 * as it stands after the Actions before this one.
 */
import { applyDecision, failOpen } from '../shared/apply-decision.ts'
import { readMetadata, type ActionEvent, type Handler } from '../shared/event.ts'
import { decideClaims, type ClaimFacts } from './decide.ts'
import { settings } from './settings.ts'

export const onExecutePostLogin: Handler = async (event, api) => {
  try {
    applyDecision(decideClaims(readClaimFacts(event), settings), event, api)
  } catch (error) {
    failOpen(error, event)
  }
}

const readClaimFacts = (event: ActionEvent): ClaimFacts => ({
  clientId: event.client.client_id,
  scopes: event.transaction?.requested_scopes ?? [],
  metadata: readMetadata(event),
})
