import {
  adoptActions,
  moveVersions,
  recordRun,
  refTo,
  type DeploymentRecord,
  type RecordedAction,
  type RecordedBindings,
  type RecordedChange,
} from './deployment-record.ts'
import type { Done, DoneAction } from './done.ts'
import { changeOfOurs, findAction, sameVersion, type Plan } from './plan-deployment.ts'
import type { Runner } from './record-file.ts'
import type { Repository } from './repository.ts'
import type { Tenant } from './tenant.ts'

export interface Deployed {
  plan: Plan
  repository: Repository
  done: Done
  /** Read directly before the first write. */
  before: Tenant
  runner: Runner
}

/** The record after a deploy. What the plan left as it is and nobody recorded yet, is adopted. */
export const recordDeploy = (
  record: DeploymentRecord | undefined,
  deployed: Deployed,
): DeploymentRecord => {
  const { plan, done, before, runner } = deployed
  const unchanged = plan.actions.filter(({ change }) => change === 'unchanged')
  const adopted = adoptActions(
    record,
    before,
    unchanged.map(({ name }) => name),
  )
  const entries = done.actions.flatMap((action) => entryOf(deployed, action))
  const run = {
    ...runner,
    kind: 'deploy' as const,
    actions: [...entries.map(({ change }) => change), ...deletionsOf(deployed)],
    bindings: done.bindings.map((bindings) => oursIn(plan, bindings)),
  }
  if (run.actions.length + run.bindings.length === 0) return adopted
  return recordRun(adopted, plan.domain, run, entries)
}

/** The record after a deploy that was undone: what was live before is live under new numbers. */
export const recordUndo = (
  record: DeploymentRecord,
  names: readonly string[],
  before: Tenant,
  after: Tenant,
): DeploymentRecord =>
  moveVersions(
    record,
    names.flatMap((name) => {
      const from = findAction(before, name)?.deployed
      const to = findAction(after, name)?.deployed
      return from !== undefined && to !== undefined && from.id !== to.id && sameVersion(from, to)
        ? [{ from: refTo(from), to: refTo(to) }]
        : []
    }),
  )

/** `undefined` for a version that may be somebody else's: the next deploy sends ours again. */
const entryOf = (
  { plan, repository }: Deployed,
  { name, id, created, before, made }: DoneAction,
): { name: string; action: RecordedAction; change: RecordedChange }[] => {
  const wanted = repository.actions.find((action) => action.name === name)
  const planned = plan.actions.find((action) => action.name === name)
  if (made === undefined || made.maybeOthers || wanted === undefined || planned === undefined) {
    return []
  }
  return [
    {
      name,
      action: {
        id,
        version: refTo(made),
        hash: planned.hash,
        trigger: wanted.triggers[0] ?? { id: '', version: '' },
        modules: wanted.modules,
        secretsSetAt: made.secretsSetAt,
      },
      change: {
        name,
        id,
        ...(before !== undefined && { before: refTo(before) }),
        after: refTo(made),
        created,
      },
    },
  ]
}

const deletionsOf = ({ plan, done, before }: Deployed): RecordedChange[] =>
  plan.deletions
    .filter(({ name }) => done.deleted.includes(name))
    .map(({ name, id }) => {
      const old = findAction(before, name)?.deployed
      return { name, id, ...(old !== undefined && { before: refTo(old) }), created: false }
    })

/** A rollback leaves alone what others bound. */
const oursIn = (
  plan: Plan,
  { trigger, before, after }: Done['bindings'][number],
): RecordedBindings => {
  const planned = plan.bindings.find((bindings) => bindings.trigger === trigger)
  const ours = planned === undefined ? { before: [], after: [] } : changeOfOurs(planned)
  const names = [...ours.before, ...ours.after].map(({ actionName }) => actionName)
  const only = (list: typeof before): typeof before =>
    list.filter(({ actionName }) => names.includes(actionName))
  return { trigger, before: only(before), after: only(after) }
}
