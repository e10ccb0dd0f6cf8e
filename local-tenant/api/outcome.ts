import type { ApiResult } from './result.ts'

export type Outcome =
  | { kind: 'completed' }
  | { kind: 'redirected'; url: string }
  | { kind: 'denied'; reason: string }
  | { kind: 'failed'; reason: string }

/**
 * What the calls of one handler decide, apart from the profile update. In one Action a denial wins
 * over a redirect; Auth0 does not document this, and it is the safe choice.
 */
export const decideOutcome = (result: ApiResult): Outcome => {
  if (result.aborted !== undefined) return { kind: 'failed', reason: result.aborted }
  if (result.denied !== undefined) return { kind: 'denied', reason: result.denied.reason }
  if (result.validationError !== undefined) {
    return { kind: 'denied', reason: result.validationError.message }
  }
  if (result.form !== undefined) {
    return {
      kind: 'failed',
      reason: `The local tenant cannot show Forms (api.prompt.render of ${result.form.id}).`,
    }
  }
  if (result.redirect !== undefined) return { kind: 'redirected', url: result.redirect.url }
  return { kind: 'completed' }
}
