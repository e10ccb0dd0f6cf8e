import { isDeepStrictEqual } from 'node:util'
import { findAction, sameContent } from './plan-deployment.ts'
import type { DeployedVersion, Tenant } from './tenant.ts'

/** Versions this close together were made by one deploy. */
const ONE_DEPLOY_MS = 5 * 60_000

export interface RollbackOptions {
  only?: readonly string[]
  /** A version number; needs exactly one name in `only`. */
  to?: number
}

export interface RollbackPlan {
  steps: { action: string; id: string; from: number; to: DeployedVersion }[]
  /** Actions that stay as they are, and why. */
  left: { action: string; why: string }[]
  problems: string[]
}

/**
 * Which earlier version of each Action of ours to deploy again: of all that the last deploy put
 * live, the newest version before it whose content
 * or secrets are others. Actions that were live before that
 * deploy stay: going back further would undo an older deploy. A second rollback undoes the first.
 */
export const planRollback = (
  names: readonly string[],
  tenant: Tenant,
  /** Newest first, by name of the Action. */
  versions: Readonly<Record<string, readonly DeployedVersion[]>>,
  { only = [], to }: RollbackOptions = {},
): RollbackPlan => {
  const plan: RollbackPlan = { steps: [], left: [], problems: [] }
  const unknown = only.filter((name) => !names.includes(name))
  plan.problems.push(
    ...unknown.map((name) => `--only ${name}: there is no such Action in tenant.yaml`),
  )
  if (to !== undefined && only.length !== 1) {
    plan.problems.push('--to NUMBER goes with one --only NAME: each Action counts its own versions')
  }
  if (plan.problems.length > 0) return plan

  const times = names.map((name) => Date.parse(findAction(tenant, name)?.deployed?.createdAt ?? ''))
  const lastDeploy = Math.max(...times.filter((time) => !Number.isNaN(time)))
  for (const action of names) {
    if (only.length > 0 && !only.includes(action)) continue
    const found = findAction(tenant, action)
    const live = found?.deployed
    if (found === undefined || live === undefined) {
      plan.left.push({ action, why: 'is not deployed' })
      continue
    }
    if (only.length === 0 && lastDeploy - Date.parse(live.createdAt) > ONE_DEPLOY_MS) {
      plan.left.push({
        action,
        why: `version ${live.number} is older than the last deploy; to go back further: --only ${action}`,
      })
      continue
    }
    const known = versions[action] ?? []
    if (to !== undefined) {
      const target = known.find(({ number }) => number === to)
      if (target === undefined) {
        const numbers = known.map(({ number }) => number).join(', ')
        plan.problems.push(`${action} has no version ${to}; it has ${numbers}`)
      } else if (sameVersion(target, live)) {
        plan.left.push({ action, why: `version ${live.number} has the content of version ${to}` })
      } else {
        plan.steps.push({ action, id: found.id, from: live.number, to: target })
      }
      continue
    }
    const target = known.find(
      (version) => version.number < live.number && !sameVersion(version, live),
    )
    if (target === undefined) plan.left.push({ action, why: 'has no earlier version' })
    else plan.steps.push({ action, id: found.id, from: live.number, to: target })
  }
  return plan
}

const sameVersion = (one: DeployedVersion, other: DeployedVersion): boolean =>
  sameContent(one, other) && isDeepStrictEqual(one.secretsSetAt, other.secretsSetAt)
