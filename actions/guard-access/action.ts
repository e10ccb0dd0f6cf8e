/**
 * A user who may not use this application is told so before anything else happens, in their
 * language: an administrator withdrew the access, the application is for certain organizations or
 * roles, or a verified e-mail is asked for and theirs is not.
 */
import { applyDecision, failClosed } from '../shared/apply-decision.ts'
import { findPrimaryIdentity, type ActionEvent, type Handler } from '../shared/event.ts'
import { decideAccess, type AccessFacts } from './decide.ts'
import { settings } from './settings.ts'

export const onExecutePostLogin: Handler = async (event, api) => {
  try {
    applyDecision(decideAccess(readAccessFacts(event), settings), event, api)
  } catch (error) {
    failClosed(error, event, api)
  }
}

const readAccessFacts = (event: ActionEvent): AccessFacts => ({
  clientId: event.client.client_id,
  clientMetadata: event.client.metadata,
  connection: event.connection.name,
  primaryIdentity: findPrimaryIdentity(event),
  organization: event.organization,
  roles: event.authorization?.roles,
  emailVerified: event.user.email_verified,
  appMetadata: event.user.app_metadata,
})
