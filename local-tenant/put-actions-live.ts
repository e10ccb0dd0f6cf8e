import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { createAction, deployVersion, updateDraft } from './management/change-action.ts'
import type { Dependency, StoredAction, TenantState } from './store.ts'

export interface LiveAction {
  name: string
  code: string
  /** Default: none. */
  dependencies?: readonly Dependency[]
  /** Values by name. Default: none. */
  secrets?: Readonly<Record<string, string>>
}

const TRIGGER = { id: 'post-login', version: 'v3' }

/**
 * Deploys post-login Actions straight into the state, as the Management API would. An Action that is
 * live already gets no new version; the answer names the others.
 */
export const putActionsLive = (
  state: TenantState,
  actions: readonly LiveAction[],
  now: number,
): string[] => {
  const changed = actions.filter((action) => !isLive(findAction(state, action.name), action))
  for (const { name, code, dependencies = [], secrets = {} } of changed) {
    const sent = {
      name,
      code,
      runtime: 'node22',
      dependencies: [...dependencies],
      secrets: Object.entries(secrets).map(([secret, value]) => ({ name: secret, value })),
      supported_triggers: [TRIGGER],
    }
    const known = findAction(state, name)
    if (known !== undefined) updateDraft(known, sent, now)
    const action = known ?? createAction(sent, now)
    state.actions[action.id] = action
    deployVersion(action, action, now)
  }
  return changed.map(({ name }) => name)
}

/** Binds these Actions, in this order and no others, to post-login. */
export const bindPostLogin = (
  state: TenantState,
  bindings: readonly { actionName: string; displayName: string }[],
  now: number,
): void => {
  const at = new Date(now).toISOString()
  const known = state.bindings['post-login'] ?? []
  state.bindings['post-login'] = bindings.map(({ actionName, displayName }) => {
    const action = findAction(state, actionName)
    if (action === undefined) throw new Error(`There is no Action ${actionName} to bind.`)
    const old = known.find(({ action_id }) => action_id === action.id)
    return {
      id: old?.id ?? randomUUID(),
      trigger_id: 'post-login',
      action_id: action.id,
      display_name: displayName,
      created_at: old?.created_at ?? at,
      updated_at: old?.updated_at ?? at,
    }
  })
}

const findAction = (state: TenantState, name: string): StoredAction | undefined =>
  Object.values(state.actions).find((action) => action.name === name)

const isLive = (
  stored: StoredAction | undefined,
  { code, dependencies = [], secrets = {} }: LiveAction,
): boolean => {
  const live = stored?.versions.find(({ id }) => id === stored.deployed_version_id)
  const values = live?.secrets.map(({ name, value }) => [name, value]) ?? []
  return (
    live?.code === code &&
    isDeepStrictEqual(live.dependencies, dependencies) &&
    isDeepStrictEqual(Object.fromEntries(values), secrets)
  )
}
