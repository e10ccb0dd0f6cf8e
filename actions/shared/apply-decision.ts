import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { applyAllow, changeMetadata, errorName, log } from './apply-allow.ts'
import { deny, type Decision } from './decision.ts'
import { denySentence } from './deny-sentence.ts'
import type { ActionEvent } from './event.ts'
import { readLocales } from './locales.ts'
import { SESSION_TOKEN_PARAMETER } from './session-token.ts'

export { failOpen } from './apply-allow.ts'

/** Acts on a decision. The only code that calls `api` to change anything. */
export const applyDecision = (
  decision: Decision,
  event: ActionEvent<string>,
  api: PostLoginAPI,
): void => {
  switch (decision.kind) {
    case 'allow':
      applyAllow(decision, event, api)
      return
    case 'redirect': {
      for (const [key, value] of Object.entries(decision.remember)) {
        api.transaction.setMetadata(key, value)
      }
      const token = api.redirect.encodeToken({
        payload: { ...decision.payload },
        secret: event.secrets[decision.signedWith] ?? '',
        expiresInSeconds: decision.expiresInSeconds,
      })
      api.redirect.sendUserTo(decision.url, { query: { [SESSION_TOKEN_PARAMETER]: token } })
      return
    }
    case 'deny':
      if ('record' in decision) changeMetadata(decision.record, api)
      api.access.deny(`${decision.code}: ${denySentence(decision.code, readLocales(event))}`)
      log(decision, event)
  }
}

/** How an Action that decides access ends when it cannot decide: nobody gets in. */
export const failClosed = (error: unknown, event: ActionEvent, api: PostLoginAPI): void => {
  log({ code: 'error', target: errorName(error) }, event)
  applyDecision(deny('action_failed'), event, api)
}
