import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { applyAllow, changeMetadata, errorName, log } from './apply-allow.ts'
import { deny, type Allow, type Declined, type Deny } from './decision.ts'
import { denySentence, FAILURE_SENTENCES, type Sentences } from './deny-sentence.ts'
import type { ActionEvent } from './event.ts'
import { readLocales } from './locales.ts'

export { failOpen } from './apply-allow.ts'

/** Acts on a decision. Nothing but this, `applyAllow` and `applyRedirect` calls `api` to change anything. */
export const applyDecision = <Code extends string>(
  decision: Allow | Deny<Code> | Declined,
  sentences: Sentences<Code>,
  event: ActionEvent<string>,
  api: PostLoginAPI,
): void => {
  if (decision.kind === 'allow') {
    applyAllow(decision, event, api)
    return
  }
  if ('record' in decision) changeMetadata(decision.record, api)
  api.access.deny(`${decision.code}: ${denySentence(sentences, decision.code, readLocales(event))}`)
  log(decision, event)
}

/** How an Action that decides access ends when it cannot decide: nobody gets in. */
export const failClosed = (error: unknown, event: ActionEvent, api: PostLoginAPI): void => {
  log({ code: 'error', target: errorName(error) }, event)
  applyDecision(deny('action_failed'), FAILURE_SENTENCES, event, api)
}
