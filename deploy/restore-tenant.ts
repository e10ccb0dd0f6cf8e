import { messageOf } from '../cli/failure.ts'
import type { Done, DoneAction } from './done.ts'
import { changeBindings } from './merge-bindings.ts'
import type { ManagementApi } from './management-api.ts'
import { decideAgain } from './patiently.ts'
import { changeOfOurs, findAction, sameContent, type Plan } from './plan-deployment.ts'
import type { Repository } from './repository.ts'
import type { ActionContent, DeployedVersion, Tenant, TenantAction } from './tenant.ts'
import { writeBindings } from './write-bindings.ts'

/** What became of the undoing, a sentence each. */
export interface Restored {
  done: string[]
  /** What this run did not make, or cannot know that it made, and why it stays. */
  left: string[]
  failed: string[]
}

/** What undoes the change of one Action. */
export interface Undo {
  steps: UndoStep[]
  left?: string
}

export type UndoStep =
  /** `isDraftOurs`: nobody saved another draft since, so it may go back as well. */
  | { kind: 'version'; id: string; number: number; isDraftOurs: boolean }
  /** Values of secrets in a draft cannot be brought back. */
  | { kind: 'draft'; draft: ActionContent }
  | { kind: 'delete' }

/** An Action as it is when it is to be undone. */
export interface Found {
  action: TenantAction | undefined
  versions: readonly DeployedVersion[]
}

/**
 * Decides how to take back what a run did to an Action. Only a version that the run made is taken
 * back, and only while it is live; a draft only while it is the one the run wrote; and an Action that
 * it created is deleted only when nobody else made a version of it.
 */
export const planUndo = (
  { name, created, draftBefore, before, made }: DoneAction,
  wanted: ActionContent,
  { action, versions }: Found,
): Undo => {
  if (action === undefined) return { steps: [], left: `${name}: somebody deleted it` }
  const live = action.deployed
  const isDraftOurs = sameContent(action.draft, wanted)
  const leave = (why: string): Undo => ({ steps: [], left: `${name}: ${why}` })
  const othersDraft = isDraftOurs ? undefined : 'somebody saved another draft of it'

  if (made === undefined) {
    if (live?.id !== before?.id) {
      return leave(
        `version ${live?.number ?? 'none'} is live, and this run does not know that it made it`,
      )
    }
    if (othersDraft !== undefined) return leave(othersDraft)
    if (created) return { steps: [{ kind: 'delete' }] }
    return draftBefore === undefined
      ? leave('somebody else made it while this run deployed, and its draft is ours')
      : { steps: draftSteps(draftBefore, wanted) }
  }
  const old = versions.find(({ id }) => id === before?.id)
  if (live?.id !== made.id) {
    // An earlier attempt undid it, or a person did.
    return live !== undefined && old !== undefined && sameContent(live, old)
      ? {
          steps:
            isDraftOurs || sameContent(action.draft, old)
              ? draftSteps(draftBefore, action.draft)
              : [],
        }
      : leave(`version ${live?.number ?? 'none'} is live, which this run did not make`)
  }
  if (made.maybeOthers) {
    return leave(
      `version ${made.number} stays live: the answer to our deploy was lost, so another run may have made it`,
    )
  }
  if (before !== undefined) {
    const step = { kind: 'version', id: before.id, number: before.number, isDraftOurs } as const
    return othersDraft === undefined
      ? { steps: [step, ...draftSteps(draftBefore, old ?? wanted)] }
      : { steps: [step], left: `${name}: ${othersDraft}; it stays as it is` }
  }
  if (!created) {
    return leave(`version ${made.number} stays live: there is no earlier one to go back to`)
  }
  if (versions.some(({ id }) => id !== made.id)) return leave('somebody else deployed it as well')
  return othersDraft === undefined ? { steps: [{ kind: 'delete' }] } : leave(othersDraft)
}

const draftSteps = (draft: ActionContent | undefined, current: ActionContent): UndoStep[] =>
  draft === undefined || sameContent(draft, current) ? [] : [{ kind: 'draft', draft }]

/** Takes back what a run did: bindings first, so that nothing is bound that is not deployed. */
export const restoreTenant = async (
  api: ManagementApi,
  { plan, repository, before, done }: RestoreOptions,
): Promise<Restored> => {
  const restored: Restored = { done: [], left: [], failed: [] }
  const attempt = async (name: string, work: () => Promise<Undone>): Promise<void> => {
    try {
      const undone = await decideAgain(work)
      restored.done.push(...undone.done)
      restored.left.push(...undone.left)
    } catch (error) {
      const reason = messageOf(error)
      restored.failed.push(`${name}: ${reason}`)
    }
  }
  for (const bindings of done.bindings.toReversed()) {
    await attempt(bindings.trigger, () => restoreBindings(api, plan, bindings))
  }
  for (const action of done.actions.toReversed()) {
    const wanted = repository.actions.find(({ name }) => name === action.name)
    if (wanted !== undefined) await attempt(action.name, () => restoreAction(api, action, wanted))
  }
  await attempt(plan.domain, async () => ({
    done: [],
    left: unansweredIn({ plan, repository, before, done }, await api.fetchTenant([])),
  }))
  return restored
}

export interface RestoreOptions {
  plan: Plan
  repository: Repository
  /** The tenant that the plan was made for. */
  before: Tenant
  done: Done
}

type Undone = Pick<Restored, 'done' | 'left'>

const restoreBindings = async (
  api: ManagementApi,
  plan: Plan,
  { trigger, before, after }: Done['bindings'][number],
): Promise<Undone> => {
  const planned = plan.bindings.find((bindings) => bindings.trigger === trigger)
  if (planned === undefined) return { done: [], left: [] }
  const { before: from, after: to } = changeOfOurs(planned)
  const names = [...from, ...to].map(({ actionName }) => actionName)
  const ours = (list: typeof before): typeof before =>
    list.filter(({ actionName }) => names.includes(actionName))
  const left: string[] = []
  const written = await writeBindings(api, trigger, (current) => {
    const undone = changeBindings(current, ours(after), ours(before))
    left.splice(0, left.length, ...describeLeft(trigger, undone.left))
    return undone.bindings
  })
  return { done: written === undefined ? [] : [`${trigger}: ours bound as before`], left }
}

/** What somebody else did to our bindings. It stays. */
export const describeLeft = (
  trigger: string,
  { unbound, isReordered }: ReturnType<typeof changeBindings>['left'],
): string[] => [
  ...unbound.map((name) => `${trigger}: somebody unbound ${name}; it stays unbound`),
  ...(isReordered ? [`${trigger}: somebody changed the order of ours; it stays as it is`] : []),
]

const restoreAction = async (
  api: ManagementApi,
  done: DoneAction,
  wanted: ActionContent,
): Promise<Undone> => {
  const versions = done.made === undefined ? [] : await api.readVersions(done.id)
  const action = await api.readAction(done.id)
  const { steps, left } = planUndo(done, wanted, { action, versions })
  for (const step of steps) await applyStep(api, done.id, step)
  return {
    done: steps.map((step) => `${done.name}: ${describeStep(step)}`),
    left: left === undefined ? [] : [left],
  }
}

const applyStep = (api: ManagementApi, id: string, step: UndoStep): Promise<void> => {
  switch (step.kind) {
    case 'version':
      return api.deployVersion(id, step.id, step.isDraftOurs)
    case 'draft':
      return api.updateDraft(id, step.draft)
    case 'delete':
      return api.deleteAction(id)
  }
}

const describeStep = (step: UndoStep): string => {
  switch (step.kind) {
    case 'version':
      return `version ${step.number} deployed again`
    case 'draft':
      return 'draft put back (values of secrets cannot be)'
    case 'delete':
      return 'deleted, it was not there before'
  }
}

/** Drafts like ours of which the Deploy CLI did not say that it wrote them: its answer may be lost. */
export const unansweredIn = (
  { plan, repository, before, done }: RestoreOptions,
  now: Tenant,
): string[] =>
  plan.actions.flatMap(({ name, change }) => {
    const wanted = repository.actions.find((action) => action.name === name)
    const draft = findAction(now, name)?.draft
    const old = findAction(before, name)?.draft
    if (change === 'unchanged' || done.actions.some((action) => action.name === name)) return []
    if (wanted === undefined || draft === undefined || !sameContent(draft, wanted)) return []
    return old !== undefined && sameContent(old, wanted)
      ? []
      : [`${name}: its draft is like ours; this run does not know whether it wrote it`]
  })
