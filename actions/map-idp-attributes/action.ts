/**
 * The user notices nothing. What their identity provider said at this sign-in (department, groups)
 * is kept in metadata, where applications and the later Actions find it under one name.
 */
import { applyAllow, failOpen } from '../shared/apply-allow.ts'
import type { Handler } from '../shared/event.ts'
import { decideIdpAttributes } from './decide.ts'
import { readIdpFacts } from './facts.ts'
import { settings } from './settings.ts'

export const onExecutePostLogin: Handler = async (event, api) => {
  try {
    applyAllow(decideIdpAttributes(readIdpFacts(event), settings), event, api)
  } catch (error) {
    failOpen(error, event)
  }
}
