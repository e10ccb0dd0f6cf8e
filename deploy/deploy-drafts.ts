import { isDeepStrictEqual } from 'node:util'
import { factsOf, type DoneAction } from './done.ts'
import { DeployFailure } from './failure.ts'
import type { ManagementApi } from './management-api.ts'
import { readUntil, decideAgain } from './patiently.ts'
import { sameContent } from './plan-deployment.ts'
import { oneLine } from '../cli/safe-text.ts'
import type { ActionContent, TenantAction } from './tenant.ts'

const BUILD_WAIT_MS = 120_000

/** A draft that this run wrote, and what is in it. */
export interface Draft {
  done: DoneAction
  wanted: ActionContent
}

/**
 * Puts the drafts of a run live, all of them after the last one is built. Looks at each Action one
 * request before: what somebody else deployed or saved since the plan is never deployed over. Notes
 * each version in its `done`, also when a later one fails.
 */
export const deployDrafts = async (api: ManagementApi, drafts: readonly Draft[]): Promise<void> => {
  const built = await awaitBuilds(api, drafts)
  for (const draft of drafts) {
    const secretsSetAt = built.find(({ id }) => id === draft.done.id)?.secretsSetAt
    await decideAgain(() => deployDraft(api, draft, secretsSetAt))
  }
}

const awaitBuilds = async (
  api: ManagementApi,
  drafts: readonly Draft[],
): Promise<TenantAction[]> => {
  const actions = await readUntil(
    async () => {
      const tenant = await api.fetchTenant([])
      return tenant.actions.filter(({ id }) => drafts.some(({ done }) => done.id === id))
    },
    (read) => !read.some(({ status }) => status === 'building') || failedIn(read) !== undefined,
    () => BUILD_WAIT_MS,
  )
  const failed = failedIn(actions)
  if (failed !== undefined) {
    const reason = oneLine(failed.buildErrors.join('; ')) || 'it gives no reason'
    throw new DeployFailure('build_failed', `The tenant could not build ${failed.name}: ${reason}`)
  }
  const building = actions.filter(({ status }) => status === 'building')
  if (building.length > 0) {
    throw new DeployFailure(
      'build_failed',
      `The tenant did not finish building ${building.map(({ name }) => name).join(', ')} within two minutes.`,
    )
  }
  return actions
}

const failedIn = (actions: readonly TenantAction[]): TenantAction | undefined =>
  actions.find(({ status }) => status === 'failed')

const deployDraft = async (
  api: ManagementApi,
  { done, wanted }: Draft,
  secretsSetAt: TenantAction['secretsSetAt'] | undefined,
): Promise<void> => {
  const current = await api.readAction(done.id)
  const change = changeOf(done, wanted, secretsSetAt, current)
  if (change !== undefined) throw changed(done.name, change)
  try {
    const made = await api.deployDraft(done.id)
    done.made = { ...factsOf(made), maybeOthers: false }
    if (!sameContent(made, wanted)) throw changed(done.name, SAVED)
  } catch (error) {
    if (done.made !== undefined) throw error
    // The tenant may have done it and only its answer was lost.
    const live = (await api.readAction(done.id))?.deployed
    if (live === undefined || live.id === done.before?.id || !sameContent(live, wanted)) throw error
    done.made = { ...factsOf(live), maybeOthers: true }
  }
}

const SAVED = 'somebody saved another draft of it'

const changeOf = (
  { before }: DoneAction,
  wanted: ActionContent,
  secretsSetAt: TenantAction['secretsSetAt'] | undefined,
  current: TenantAction | undefined,
): string | undefined => {
  if (current === undefined) return 'somebody deleted it'
  const live = current.deployed
  if (live?.id !== before?.id) return `somebody deployed version ${live?.number ?? 'none'} of it`
  const isOurs =
    sameContent(current.draft, wanted) && isDeepStrictEqual(current.secretsSetAt, secretsSetAt)
  return isOurs ? undefined : SAVED
}

const changed = (name: string, what: string): DeployFailure =>
  new DeployFailure('tenant_changed', `${name}: ${what} while this run deployed. Run again.`)
