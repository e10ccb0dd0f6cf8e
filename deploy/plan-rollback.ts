import type { Problem } from '../actions/shared/problem.ts'
import {
  timeOf,
  type DeploymentRecord,
  type RecordedChange,
  type VersionRef,
} from './deployment-record.ts'
import { addBindings, changeBindings } from './merge-bindings.ts'
import { findAction, sameBindings, sameContent, sameVersion } from './plan-deployment.ts'
import type { DeployedVersion, Tenant, TenantAction, TenantBinding } from './tenant.ts'

export interface RollbackOptions {
  only?: readonly string[]
  /** A version number; needs exactly one name in `only`. */
  to?: number
}

/** What a rollback looks at. */
export interface RollbackFacts {
  /** Of the Actions that are ours. */
  names: readonly string[]
  tenant: Tenant
  /** Newest first, by name of the Action. */
  versions: Readonly<Record<string, readonly DeployedVersion[]>>
  record: DeploymentRecord | undefined
}

export interface RollbackStep {
  action: string
  id: string
  from: VersionRef
  to: DeployedVersion
  /** The draft is what is live, so it goes back as well; any other draft stays. */
  updateDraft: boolean
  /** Secrets that get a value back which is older than the live one. */
  revived: { name: string; from: string; to: string }[]
}

export interface RollbackPlan {
  steps: RollbackStep[]
  /** Our bindings as the last run left them, and as they were before it. */
  bindings: { trigger: string; from: TenantBinding[]; to: TenantBinding[] }[]
  /** Actions that the last run created. */
  deletions: { action: string; id: string; version: VersionRef }[]
  /** What stays as it is, and why. */
  left: { action: string; why: string }[]
  problems: Problem[]
  /** Versions to choose from, where the record does not tell what the last run did. */
  choices: { action: string; live: number | undefined; versions: DeployedVersion[] }[]
}

/**
 * How to take back what the last deploy or rollback on record did, and nothing else. A second
 * rollback takes back the first. With `to` one Action goes to that version, whatever the record says.
 */
export const planRollback = (
  facts: RollbackFacts,
  { only = [], to }: RollbackOptions = {},
): RollbackPlan => {
  const plan: RollbackPlan = {
    steps: [],
    bindings: [],
    deletions: [],
    left: [],
    problems: [],
    choices: [],
  }
  const { names, tenant, record } = facts
  const run = record?.lastRun
  if (to !== undefined) {
    for (const name of only) goTo(plan, facts, name, to)
    return plan
  }
  const isAsked = (name: string): boolean => only.length === 0 || only.includes(name)
  const changes = (run?.actions ?? []).filter(({ name }) => isAsked(name))
  const part = (list: readonly TenantBinding[]): TenantBinding[] =>
    list.filter(({ actionName }) => isAsked(actionName))
  const bindings = (run?.bindings ?? [])
    .map(({ trigger, before, after }) => ({ trigger, from: part(after), to: part(before) }))
    .filter(({ from, to }) => !sameBindings(from, to))
  if (changes.length + bindings.length === 0) {
    plan.problems.push({
      path: 'The record',
      message:
        run === undefined
          ? 'has no deploy, so what the last one did cannot be known'
          : `says that the ${run.kind} of ${run.at} changed none of them`,
      code: 'nothing_on_record',
    })
    plan.choices = names.filter(isAsked).map((action) => ({
      action,
      live: findAction(tenant, action)?.deployed?.number,
      versions: [...(facts.versions[action] ?? [])],
    }))
    return plan
  }
  const shared: string[] = []
  for (const change of changes) {
    const { step, deletion, left, isShared } = takeBack(facts, change)
    if (step !== undefined) plan.steps.push(step)
    if (deletion !== undefined) plan.deletions.push(deletion)
    if (left !== undefined) plan.left.push({ action: change.name, why: left })
    if (isShared === true) shared.push(change.name)
  }
  for (const change of bindings) bindAsBefore(plan, tenant, change, shared)
  return plan
}

const bindAsBefore = (
  plan: RollbackPlan,
  tenant: Tenant,
  { trigger, from, to }: RollbackPlan['bindings'][number],
  shared: readonly string[],
): void => {
  const isDeployed = ({ actionName }: TenantBinding): boolean =>
    findAction(tenant, actionName)?.deployed !== undefined
  const wanted = addBindings(to.filter(isDeployed), from, shared)
  const current = tenant.bindings[trigger] ?? []
  const changed = changeBindings(current, from, wanted)
  if (!sameBindings(current, changed.bindings)) plan.bindings.push({ trigger, from, to: wanted })
  plan.left.push(
    ...changed.left.unbound.map((action) => ({
      action,
      why: `was unbound from ${trigger} since; it stays unbound`,
    })),
    ...(changed.left.isReordered
      ? [{ action: trigger, why: 'was put in another order since; the order stays' }]
      : []),
  )
}

const goTo = (
  plan: RollbackPlan,
  { tenant, versions }: RollbackFacts,
  action: string,
  to: number,
): void => {
  const found = findAction(tenant, action)
  const kept = versions[action] ?? []
  const target = kept.find(({ number }) => number === to)
  if (found?.deployed === undefined) {
    plan.problems.push({ path: action, message: 'is not deployed', code: 'version_missing' })
  } else if (target === undefined) {
    const numbers = kept.map(({ number }) => number).join(', ')
    const message = `has no version ${to}; it has ${numbers}`
    plan.problems.push({ path: action, message, code: 'version_missing' })
  } else if (sameVersion(target, found.deployed)) {
    const why = `version ${found.deployed.number} has the content of version ${to}`
    plan.left.push({ action, why })
  } else plan.steps.push(stepTo(found, found.deployed, target))
}

interface TakenBack {
  step?: RollbackStep
  deletion?: RollbackPlan['deletions'][number]
  /** Why it stays. */
  left?: string
  /** Somebody else deployed it as well, so it stays bound too. */
  isShared?: boolean
}

const takeBack = (
  { tenant, versions }: RollbackFacts,
  { name, id, before, after, created }: RecordedChange,
): TakenBack => {
  if (after === undefined) return { left: 'was deleted; deploy the commit before to have it again' }
  const found = tenant.actions.find((action) => action.id === id)
  const live = found?.deployed
  if (found === undefined || live === undefined) return { left: 'is gone' }
  if (live.id !== after.id) {
    const left = `version ${live.number} is live, which the last run did not make`
    return { left, isShared: true }
  }
  const kept = versions[name] ?? []
  if (before !== undefined) {
    const target = kept.find((version) => version.id === before.id)
    return target === undefined
      ? { left: `version ${before.number} is no longer kept` }
      : { step: stepTo(found, live, target) }
  }
  if (!created) return { left: 'had no version before this one' }
  if (kept.some((version) => version.id !== after.id)) {
    return { left: 'has versions that the last run did not make', isShared: true }
  }
  return isDraftLive(found, live)
    ? { deletion: { action: name, id, version: after } }
    : { left: 'is not deleted: it holds an undeployed draft of somebody' }
}

const stepTo = (found: TenantAction, live: DeployedVersion, to: DeployedVersion): RollbackStep => ({
  action: found.name,
  id: found.id,
  from: { id: live.id, number: live.number },
  to,
  updateDraft: isDraftLive(found, live),
  revived: Object.entries(to.secretsSetAt).flatMap(([name, at]) => {
    const now = live.secretsSetAt[name]
    return now !== undefined && timeOf(at) < timeOf(now) ? [{ name, from: now, to: at }] : []
  }),
})

const isDraftLive = (found: TenantAction, live: DeployedVersion): boolean =>
  found.allChangesDeployed ||
  (sameContent(found.draft, live) &&
    Object.entries(found.secretsSetAt).every(([name, at]) => live.secretsSetAt[name] === at))
