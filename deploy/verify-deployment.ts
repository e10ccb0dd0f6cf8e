import { findAction, sameContent, type Plan } from './plan-deployment.ts'
import type { Repository } from './repository.ts'
import type { Tenant, TenantBinding } from './tenant.ts'

export interface Verification {
  /** What is not as planned, a sentence each; empty when all is. */
  problems: string[]
  /** Something is still being built: reading again later may give another answer. */
  isBuilding: boolean
}

/**
 * Holds a tenant that was read back to the plan: each Action of it live in a new version with exactly the code,
 * runtime, dependencies and secret names of the repository, built, nothing left undeployed; ours
 * bound in our order; every foreign binding of `before` still there, in its order. Foreign bindings
 * that came since are fine.
 */
export const verifyDeployment = (
  plan: Plan,
  repository: Repository,
  tenant: Tenant,
): Verification => {
  const problems: string[] = []
  let isBuilding = false
  for (const planned of plan.actions) {
    const wanted = repository.actions.find(({ name }) => name === planned.name)
    const found = findAction(tenant, planned.name)
    if (wanted === undefined || planned.change === 'unchanged') continue
    if (found === undefined) {
      problems.push(`${planned.name} does not exist`)
      continue
    }
    if (found.status === 'failed') {
      const errors =
        found.buildErrors.length > 0 ? found.buildErrors : ['the tenant gives no reason']
      problems.push(`${planned.name}: its build failed: ${errors.join('; ')}`)
    } else if (found.status === 'building') {
      isBuilding = true
      problems.push(`${planned.name} is still being built`)
    }
    if (found.deployed === undefined) problems.push(`${planned.name} is not deployed`)
    else if (found.deployed.number <= (planned.liveVersion ?? 0)) {
      problems.push(`${planned.name}: version ${found.deployed.number} is live as before`)
    } else if (!sameContent(found.deployed, wanted)) {
      problems.push(`${planned.name}: what is live is not what was deployed`)
    } else if (!found.allChangesDeployed) {
      problems.push(`${planned.name}: its draft is not deployed`)
    }
  }
  for (const { trigger, changed, before, after } of plan.bindings) {
    if (!changed) continue
    const bound = tenant.bindings[trigger] ?? []
    const ours = after.filter((binding) => binding.ours)
    if (!holdsInOrder(bound, after)) {
      const missing = after.filter(
        ({ actionName }) => !bound.some((binding) => binding.actionName === actionName),
      )
      problems.push(
        missing.length > 0
          ? `${trigger} lacks ${missing.map(({ actionName }) => actionName).join(', ')}`
          : `${trigger} runs its Actions in another order: ${namesOf(bound).join(', ')}`,
      )
    }
    const wantedTwice = ours.filter(
      ({ actionName }) => namesOf(bound).filter((name) => name === actionName).length > 1,
    )
    problems.push(...wantedTwice.map(({ actionName }) => `${trigger} runs ${actionName} twice`))
    const gone = before.filter(
      ({ actionName }) =>
        !after.some((binding) => binding.actionName === actionName) &&
        bound.some((binding) => binding.actionName === actionName),
    )
    problems.push(...gone.map(({ actionName }) => `${trigger} still runs ${actionName}`))
  }
  return { problems, isBuilding }
}

/** Whether `bound` holds all of `expected` in that order, with anything in between. */
const holdsInOrder = (
  bound: readonly TenantBinding[],
  expected: readonly TenantBinding[],
): boolean => {
  const rest = namesOf(bound)
  for (const { actionName } of expected) {
    const at = rest.indexOf(actionName)
    if (at === -1) return false
    rest.splice(0, at + 1)
  }
  return true
}

const namesOf = (bindings: readonly TenantBinding[]): string[] =>
  bindings.map(({ actionName }) => actionName)
