import type { DoneAction } from './done.ts'
import { sameContent } from './plan-deployment.ts'
import type { Repository } from './repository.ts'
import { oneLine } from '../cli/safe-text.ts'
import type { Tenant } from './tenant.ts'

export interface Verification {
  /** What is not as planned, a sentence each; empty when all is. */
  problems: string[]
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
  for (const { name, id, made } of done) {
    const wanted = repository.actions.find((action) => action.name === name)
    if (made === undefined || wanted === undefined) continue
    const found = tenant.actions.find((action) => action.id === id)
    const live = found?.deployed
    if (found === undefined) left.push(`${name}: somebody deleted it`)
    else if (live === undefined || live.number < made.number) {
      verification.isUnsettled = true
      problems.push(
        `${name}: version ${made.number} was made, and ${live === undefined ? 'none' : `version ${live.number}`} is live`,
      )
    } else if (live.id !== made.id) {
      left.push(
        `${name}: somebody deployed version ${live.number} after our version ${made.number}`,
      )
    } else if (!sameContent(live, wanted)) {
      problems.push(`${name}: what is live is not what was deployed`)
    } else if (live.status === 'failed') {
      const errors = oneLine(found.buildErrors.join('; ')) || 'the tenant gives no reason'
      problems.push(`${name}: its build failed: ${errors}`)
    } else if (live.status === 'building') {
      verification.isUnsettled = true
      problems.push(`${name}: it is still being built`)
    }
  }
  return verification
}
