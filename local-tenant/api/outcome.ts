import type { ApiResult } from './result.ts'

export type Outcome =
  | { kind: 'completed' }
  | { kind: 'redirected'; url: string }
  | { kind: 'denied'; reason: string }
  | { kind: 'failed'; reason: string }

/**
 * What the calls of one handler come to, the profile update aside. A denial wins over a redirect in
 * the same Action, which Auth0 does not document: nobody gets in by it.
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
