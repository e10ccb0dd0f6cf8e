import type { TenantContext } from '../context.ts'
import type {
  BoundAction,
  EventData,
  FlowCompleted,
  FlowResult,
  SuspendedFlow,
} from '../runtime/flow.ts'
import type { TenantState } from '../store.ts'
import { findOwn } from '../lookup.ts'
import { rememberTrace } from './traces.ts'

/** Runs the Actions that are bound to post-login and keeps the trace. */
export const startPostLogin = async (
  context: TenantContext,
  event: EventData,
): Promise<FlowResult> =>
  keepTrace(context, await context.engine.start(readBoundActions(context.store.state), event))

/** Goes on where an Action sent the user away. */
export const resumePostLogin = async (
  context: TenantContext,
  suspended: SuspendedFlow,
  request: object,
): Promise<FlowResult> => keepTrace(context, await context.engine.resume(suspended, { ...request }))

/** Whom the tokens are for: the primary user that an Action set, else the one who signed in. */
export const readTokenUserId = (userId: string, result: FlowCompleted): string =>
  result.primaryUserId ?? userId

/** The deployed version of each bound Action, in order. */
const readBoundActions = (state: TenantState): BoundAction[] =>
  (state.bindings['post-login'] ?? []).flatMap((binding) => {
    const action = findOwn(state.actions, binding.action_id)
    const version = action?.versions.find(({ id }) => id === action.deployed_version_id)
    if (action === undefined || version === undefined) return []
    return {
      versionId: version.id,
      name: action.name,
      code: version.code,
      secrets: Object.fromEntries(version.secrets.map(({ name, value }) => [name, value])),
      dependencies: version.dependencies.map(({ name, version: range }) => ({
        name,
        version: range,
      })),
    }
  })

const keepTrace = (context: TenantContext, result: FlowResult): FlowResult => {
  rememberTrace(context.store, result.trace)
  return result
}
