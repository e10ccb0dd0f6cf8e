/**
 * The user notices nothing. Sign-up fields become what they mean, a new user gets a customer id
 * once, and the profile tells on which day the user was last here.
 */
import { applyDecision, failOpen } from '../shared/apply-decision.ts'
import { readMetadata, type ActionEvent, type Handler } from '../shared/event.ts'
import { decideProfile, type ProfileFacts } from './decide.ts'
import { settings } from './settings.ts'

export const onExecutePostLogin: Handler = async (event, api) => {
  try {
    applyDecision(decideProfile(readProfileFacts(event), settings, new Date()), event, api)
  } catch (error) {
    failOpen(error, event)
  }
}

const readProfileFacts = (event: ActionEvent): ProfileFacts => ({
  userId: event.user.user_id,
  metadata: readMetadata(event),
})
