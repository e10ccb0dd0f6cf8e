/**
 * A user who may not use this application is told so before anything else happens, in their
 * language: an administrator withdrew the access, the application is for certain organizations or
 * roles, or a verified e-mail is asked for and theirs is not.
 */
import { applyDecision, failClosed } from '../shared/apply-decision.ts'
import type { Handler } from '../shared/event.ts'
import { decideAccess } from './decide.ts'
import { readAccessFacts } from './facts.ts'
import { SENTENCES } from './sentences.ts'
import { settings } from './settings.ts'

export const onExecutePostLogin: Handler = async (event, api) => {
  try {
    applyDecision(decideAccess(readAccessFacts(event), settings), SENTENCES, event, api)
  } catch (error) {
    failClosed(error, event, api)
  }
}
