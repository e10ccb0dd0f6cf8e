import type { DoneAction } from './done.ts'
import { sameContent } from './plan-deployment.ts'
import type { Repository } from './repository.ts'
import type { Problem } from '../actions/shared/problem.ts'
import { oneLine } from '../cli/safe-text.ts'
import type { Tenant } from './tenant.ts'

export interface Verification {
  /** What is not as planned; the path is the Action. */
  problems: Problem[]
  /** What somebody else did since, a sentence each. */
  left: string[]
  /** Reading again later may give another answer. */
  isUnsettled: boolean
}

/**
 * Holds a tenant that was read back to what a run put live: the version that the run made is live,
 * built, and has exactly the code, runtime, dependencies and secret names of the repository.
 */
export const verifyDeployment = (
  done: readonly DoneAction[],
  repository: Repository,
  tenant: Tenant,
): Verification => {
  const verification: Verification = { problems: [], left: [], isUnsettled: false }
  const { problems, left } = verification
  const refuse = (path: string, message: string, code: string) =>
    problems.push({ path, message, code })
  for (const { name, id, made } of done) {
    const wanted = repository.actions.find((action) => action.name === name)
    if (made === undefined || wanted === undefined) continue
    const found = tenant.actions.find((action) => action.id === id)
    const live = found?.deployed
    if (found === undefined) left.push(`${name}: somebody deleted it`)
    else if (live === undefined || live.number < made.number) {
      verification.isUnsettled = true
      const isLive = live === undefined ? 'none is live' : `version ${live.number} is live`
      refuse(name, `has version ${made.number}, which this run made, and ${isLive}`, 'not_live')
    } else if (live.id !== made.id) {
      left.push(
        `${name}: somebody deployed version ${live.number} after our version ${made.number}`,
      )
    } else if (!sameContent(live, wanted)) {
      refuse(name, 'has something live that was not deployed', 'not_live')
    } else if (live.status === 'failed') {
      const errors = oneLine(found.buildErrors.join('; ')) || 'the tenant gives no reason'
      refuse(name, `could not be built: ${errors}`, 'build_failed')
    } else if (live.status === 'building') {
      verification.isUnsettled = true
      refuse(name, 'is still being built', 'not_live')
    }
  }
  return verification
}
