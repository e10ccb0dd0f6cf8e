import { renderProblem } from '../cli/problems.ts'
import { deployDrafts } from './deploy-drafts.ts'
import { nothingDone, type Done } from './done.ts'
import { explainFailure } from './explain-failure.ts'
import { DeployFailure } from './failure.ts'
import type { ManagementApi } from './management-api.ts'
import { changeBindings } from './merge-bindings.ts'
import { readUntil } from './patiently.ts'
import { changeOfOurs, findAction, type PlannedBindings } from './plan-deployment.ts'
import type { Outcome } from './render-outcome.ts'
import { describeLeft, restoreTenant } from './restore-tenant.ts'
import { verifyDeployment } from './verify-deployment.ts'
import { writeBindings } from './write-bindings.ts'
import { writeDrafts, type DraftOptions } from './write-drafts.ts'

export interface ApplyOptions extends Omit<DraftOptions, 'showDetail'> {
  api: ManagementApi
  progress: <Result>(
    text: string,
    work: (showDetail: (detail: string) => void) => Promise<Result>,
  ) => Promise<Result>
  tell: (text: string) => void
}

/** How long to read again while a version is built, or while the tenant is behind what it said. */
const SETTLE_WAIT_MS = 120_000
const BINDINGS_WAIT_MS = 5000

/**
 * Does what a plan says, in an order in which a failure leaves the least behind: the Deploy CLI
 * writes drafts; when all are built they are put live; then bindings; then what `--prune` names is
 * deleted. What fails before the bindings are right is undone.
 */
export const applyPlan = async (options: ApplyOptions): Promise<Outcome> => {
  const { plan, progress, tell } = options
  const done = nothingDone()
  const startedAt = performance.now()
  try {
    const warning = await putLive(options, done)
    const left = [
      ...(await verify(options, done)),
      ...(await bind(options, done)),
      ...(await deleteActions(options, done)),
    ]
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    return {
      kind: 'deployed',
      plan,
      done,
      left,
      seconds,
      ...(warning !== undefined && { warning }),
    }
  } catch (error) {
    const { code, message } = explainFailure(error, plan.domain)
    tell(message)
    const restored = await progress(`Bringing ${plan.domain} back to how it was`, () =>
      restoreTenant(options.api, { ...options, done }),
    )
    return { kind: 'restored', plan, code, reason: message.split('\n'), done, restored }
  }
}

/** Answers what the Deploy CLI complained about although it wrote every draft. */
const putLive = async (options: ApplyOptions, done: Done): Promise<string | undefined> => {
  const { plan, repository, api, progress } = options
  const planned = plan.actions.filter(({ change }) => change !== 'unchanged')
  if (planned.length === 0) return undefined
  const { written, failure } = await progress(
    `Writing to ${plan.domain} with the Deploy CLI`,
    (showDetail) => writeDrafts({ ...options, showDetail }),
  )
  done.actions.push(...written)
  const missing = planned.filter(({ name }) => !written.some((action) => action.name === name))
  if (missing.length > 0) {
    throw (
      failure ??
      new DeployFailure(
        'deploy_cli_failed',
        `The Deploy CLI did not write ${missing.map(({ name }) => name).join(', ')}, and gave no reason.`,
      )
    )
  }
  const drafts = done.actions.flatMap((action) => {
    const wanted = repository.actions.find(({ name }) => name === action.name)
    return wanted === undefined ? [] : [{ done: action, wanted }]
  })
  await progress(`Putting ${drafts.length} Actions live`, () => deployDrafts(api, drafts))
  return failure?.message
}

/** Merges each planned change of ours into what is bound by now. Answers what it left alone. */
const bind = async ({ plan, api }: ApplyOptions, done: Done): Promise<string[]> => {
  const left: string[] = []
  for (const planned of plan.bindings) {
    const { trigger } = planned
    const ours = changeOfOurs(planned)
    let found: string[] = []
    const others = done.bindings
    const written = await writeBindings(
      api,
      trigger,
      (current) => {
        const changed = changeBindings(current, ours.before, ours.after)
        found = describeLeft(trigger, changed.left)
        return changed.bindings
      },
      (sent) => {
        done.bindings = [...others, sent]
      },
    )
    left.push(...found)
    if (written === undefined) continue
    left.push(...(await readBindingsBack(api, planned, written)))
  }
  return left
}

const readBindingsBack = async (
  api: ManagementApi,
  planned: PlannedBindings,
  { trigger, after }: Done['bindings'][number],
): Promise<string[]> => {
  const names = changeOfOurs(planned).after.map(({ actionName }) => actionName)
  const ours = after.filter(({ actionName }) => names.includes(actionName))
  return readUntil(
    async () => {
      const { left } = changeBindings(await api.readBindings(trigger), ours, ours)
      return describeLeft(trigger, left)
    },
    (left) => left.length === 0,
    () => BINDINGS_WAIT_MS,
  )
}

const verify = async (
  { api, plan, repository, progress }: ApplyOptions,
  { actions }: Done,
): Promise<string[]> => {
  if (actions.length === 0) return []
  const { problems, left } = await progress(`Reading ${plan.domain} back`, () =>
    readUntil(
      async () => verifyDeployment(actions, repository, await api.fetchTenant([])),
      (read) => read.problems.length === 0,
      (read) => (read.isUnsettled ? SETTLE_WAIT_MS : 0),
    ),
  )
  if (problems.length > 0)
    throw new DeployFailure('rolled_back', problems.map(renderProblem).join('\n'))
  return left
}

/** An Action that somebody changed or bound since the plan is left alone. */
const deleteActions = async (
  { api, plan, before, tell }: ApplyOptions,
  done: Done,
): Promise<string[]> => {
  const left: string[] = []
  for (const { name, id } of plan.deletions) {
    try {
      const found = findAction(before, name)
      const current = await api.readAction(id)
      if (current !== undefined && current.deployed?.id !== found?.deployed?.id) {
        left.push(
          `${name}: somebody deployed version ${current.deployed?.number}; it is not deleted`,
        )
        continue
      }
      await api.deleteAction(id)
      tell(`Deleted ${name}.`)
      done.deleted.push(name)
    } catch (error) {
      left.push(`${name}: not deleted: ${explainFailure(error, plan.domain).message}`)
    }
  }
  return left
}
