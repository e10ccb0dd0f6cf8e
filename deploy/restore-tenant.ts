import type { ManagementApi } from './management-api.ts'
import { addBindings } from './merge-bindings.ts'
import { findAction, sameBindings, sameContent, type Plan } from './plan-deployment.ts'
import type { ActionContent, Tenant, TenantAction, TenantBinding } from './tenant.ts'

/** One thing to undo. In this order nothing is bound that is not deployed. */
export type RestoreStep =
  | { kind: 'bindings'; trigger: string; bindings: TenantBinding[] }
  | { kind: 'version'; action: string; id: string; versionId: string; number: number }
  | { kind: 'draft'; action: string; id: string; draft: ActionContent }
  | { kind: 'delete'; action: string; id: string }

/**
 * What brings a tenant back to how `before` shows it, as far as the plan touched it: the bindings
 * (others' that came since stay), the deployed version of each updated Action, then drafts, then
 * the Actions that were created. Values of secrets in a draft cannot be brought back.
 */
export const planRestore = (plan: Plan, before: Tenant, now: Tenant): RestoreStep[] => {
  const bindings = plan.bindings.flatMap(({ trigger }): RestoreStep[] => {
    const old = before.bindings[trigger] ?? []
    const current = now.bindings[trigger] ?? []
    const created = plan.actions.flatMap(({ name, change }) => (change === 'create' ? [name] : []))
    const known = [...namesOf(old), ...created, ...oursIn(plan, trigger)]
    const since = namesOf(current).filter((name) => !known.includes(name))
    const wanted = addBindings(old, current, since)
    return sameBindings(current, wanted) ? [] : [{ kind: 'bindings', trigger, bindings: wanted }]
  })
  const updated = plan.actions.flatMap(({ name, change }): RestoreStep[] => {
    const old = findAction(before, name)
    const current = findAction(now, name)
    return change === 'update' && old !== undefined && current !== undefined
      ? restoreAction(old, current)
      : []
  })
  const deletions = plan.actions.flatMap(({ name, change }): RestoreStep[] => {
    const made = findAction(now, name)
    return change === 'create' && made !== undefined && findAction(before, name) === undefined
      ? [{ kind: 'delete', action: name, id: made.id }]
      : []
  })
  return [...bindings, ...updated, ...deletions]
}

const restoreAction = (old: TenantAction, current: TenantAction): RestoreStep[] => {
  const { id, name: action, deployed, draft } = old
  if (deployed === undefined || current.deployed?.id === deployed.id) {
    return sameContent(current.draft, draft) ? [] : [{ kind: 'draft', action, id, draft }]
  }
  return [
    { kind: 'version', action, id, versionId: deployed.id, number: deployed.number },
    // Deploying a version makes it the draft; somebody had another one there.
    ...(sameContent(deployed, draft) ? [] : [{ kind: 'draft' as const, action, id, draft }]),
  ]
}

/** Does the steps and goes on after one that fails. Answers a sentence for each, and what failed. */
export const restoreTenant = async (
  api: ManagementApi,
  steps: readonly RestoreStep[],
): Promise<{ done: string[]; failed: string[] }> => {
  const done: string[] = []
  const failed: string[] = []
  for (const step of steps) {
    try {
      await applyStep(api, step)
      done.push(describeStep(step))
    } catch (error) {
      failed.push(
        `${describeStep(step)}: failed: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
  return { done, failed }
}

const applyStep = async (api: ManagementApi, step: RestoreStep): Promise<void> => {
  switch (step.kind) {
    case 'bindings':
      return api.replaceBindings(step.trigger, step.bindings)
    case 'version':
      return api.deployVersion(step.id, step.versionId)
    case 'draft':
      return api.updateDraft(step.id, step.draft)
    case 'delete':
      return api.deleteAction(step.id)
  }
}

const describeStep = (step: RestoreStep): string => {
  switch (step.kind) {
    case 'bindings':
      return `${step.trigger} bound as before: ${namesOf(step.bindings).join(', ') || 'nothing'}`
    case 'version':
      return `${step.action}: version ${step.number} deployed again`
    case 'draft':
      return `${step.action}: draft put back (values of secrets cannot be)`
    case 'delete':
      return `${step.action}: deleted, it was not there before`
  }
}

const oursIn = (plan: Plan, trigger: string): string[] =>
  plan.bindings
    .filter((bindings) => bindings.trigger === trigger)
    .flatMap(({ after }) => after.filter(({ ours }) => ours))
    .map(({ actionName }) => actionName)

const namesOf = (bindings: readonly TenantBinding[]): string[] =>
  bindings.map(({ actionName }) => actionName)
