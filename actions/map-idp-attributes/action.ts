/**
 * The user notices nothing. What their identity provider said at this sign-in (department, groups)
 * is kept in metadata, where applications and the later Actions find it under one name.
 */
import { applyDecision, failOpen } from '../shared/apply-decision.ts'
import { isRefreshExchange, readMetadata, type ActionEvent, type Handler } from '../shared/event.ts'
import { decideIdpAttributes, type IdpFacts } from './decide.ts'
import { settings } from './settings.ts'

export const onExecutePostLogin: Handler = async (event, api) => {
  try {
    applyDecision(decideIdpAttributes(readIdpFacts(event), settings), event, api)
  } catch (error) {
    failOpen(error, event)
  }
}

const readIdpFacts = (event: ActionEvent): IdpFacts => ({
  isRefreshExchange: isRefreshExchange(event),
  strategy: event.connection.strategy,
  connection: event.connection.name,
  profile: event.user,
  metadata: readMetadata(event),
})
