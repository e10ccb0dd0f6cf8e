/**
 * The user notices nothing. The application finds the metadata it is meant to see in the tokens, or
 * in the SAML assertion, as it stands after the Actions before this one.
 */
import { applyAllow, failOpen } from '../shared/apply-allow.ts'
import type { Handler } from '../shared/event.ts'
import { decideClaims } from './decide.ts'
import { readClaimFacts } from './facts.ts'
import { settings } from './settings.ts'

export const onExecutePostLogin: Handler = async (event, api) => {
  try {
    applyAllow(decideClaims(readClaimFacts(event), settings), event, api)
  } catch (error) {
    failOpen(error, event)
  }
}
