import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from '../actions/shared/problem.ts'
import { loadTenantFile, type TenantEntry } from '../build/tenant-file.ts'
import { parseSecrets } from '../deploy/environment.ts'
import { mergeBindings } from '../deploy/merge-bindings.ts'
import { bindPostLogin, putActionsLive, type LiveAction } from '../local-tenant/put-actions-live.ts'
import type { TenantState } from '../local-tenant/store.ts'

/** What `tenant.yaml` wants live, with the code as it was built. */
export interface LocalDeployment {
  actions: LiveAction[]
  bindings: { actionName: string; displayName: string }[]
}

/** Fails with each secret of `tenant.yaml` that `values` lacks or that would not do. */
export const planLocalDeployment = async (
  root: string,
  values: Readonly<Record<string, string>>,
): Promise<Result<LocalDeployment>> => {
  const tenant = await loadTenantFile(root)
  const secrets = parseSecrets(
    values,
    tenant.actions.flatMap((action) => (action.secrets ?? []).map(({ name }) => name)),
  )
  if (!secrets.ok) return secrets
  return {
    ok: true,
    value: {
      actions: tenant.actions.map((entry) => liveAction(root, entry, secrets.value)),
      bindings: (tenant.triggers['post-login'] ?? []).map((binding) => ({
        actionName: binding.action_name,
        displayName: binding.display_name,
      })),
    },
  }
}

const liveAction = (
  root: string,
  { name, code, dependencies = [], secrets = [] }: TenantEntry,
  values: Readonly<Record<string, string>>,
): LiveAction => ({
  name,
  code: readFileSync(join(root, code), 'utf8'),
  dependencies,
  secrets: Object.fromEntries(secrets.map((secret) => [secret.name, values[secret.name] ?? ''])),
})

/**
 * Puts the Actions into a tenant's state and binds them among those of others, as a deploy does.
 * Answers the names of those that changed.
 */
export const deployToStore = (
  state: TenantState,
  { actions, bindings }: LocalDeployment,
  now: number,
): string[] => {
  const changed = putActionsLive(state, actions, now)
  const bound = (state.bindings['post-login'] ?? []).flatMap(({ action_id, display_name }) => {
    const actionName = state.actions[action_id]?.name
    return actionName === undefined ? [] : [{ actionName, displayName: display_name }]
  })
  bindPostLogin(state, mergeBindings(bound, bindings), now)
  return changed
}
