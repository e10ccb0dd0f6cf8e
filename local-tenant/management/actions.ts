import type { TenantContext } from '../context.ts'
import type { BoundAction, EventData } from '../runtime/flow.ts'
import { TEST_RUN_USER_ID } from '../profiles.ts'
import type { Store, StoredAction } from '../store.ts'
import { actionView, buildStatus, newVersionView, versionView } from './action-view.ts'
import {
  created,
  finding,
  invalidBody,
  invalidQuery,
  noContent,
  ok,
  problem,
  type Answer,
  type Endpoint,
} from './answer.ts'
import { createAction, deployVersion, updateDraft } from './change-action.ts'
import { findOwn } from '../lookup.ts'
import { isObject, unknownKey } from '../json.ts'
import { actionsPage, parseFlag, parsePaging } from './paging.ts'
import { LIMITS, parseAction, type SentSecret } from './parse-action.ts'
import { TRIGGERS } from './triggers.ts'

export const NO_SUCH_ACTION = problem(404, 'That action does not exist.')

/** https://auth0.com/docs/api/management/v2/actions/get-actions and the pages beside it. */
export const actionEndpoints = (context: TenantContext): Endpoint[] => [
  ...draftEndpoints(context),
  ...versionEndpoints(context),
  ...restEndpoints(context),
]

const findingAction = ({ state }: Store) =>
  finding((id) => findOwn(state.actions, id), NO_SUCH_ACTION)

const draftEndpoints = ({ store, now }: TenantContext): Endpoint[] => {
  const { state } = store
  const withAction = findingAction(store)
  const nameTaken = (name: string | undefined, except?: string): boolean =>
    Object.values(state.actions).some((action) => action.name === name && action.id !== except)
  return [
    {
      method: 'get',
      path: '/actions/actions',
      scopes: ['read:actions'],
      answer({ query }) {
        const paging = parsePaging(query)
        if ('status' in paging) return paging
        const selected = selectActions(Object.values(state.actions), query)
        if ('status' in selected) return selected
        const views = selected.map((action) => actionView(action, now()))
        return ok(actionsPage('actions', views, paging))
      },
    },
    {
      method: 'post',
      path: '/actions/actions',
      scopes: ['create:actions'],
      answer({ body }) {
        const sent = parseAction(body, 'post')
        if (typeof sent === 'string') return invalidBody(sent)
        const { name, supported_triggers } = sent
        if (name === undefined || supported_triggers === undefined) return invalidBody('name')
        if (hasNewSecretWithoutValue(sent.secrets, undefined)) return invalidBody(VALUE_MISSING)
        if (nameTaken(name)) return problem(409, 'An action with this name already exists.')
        if (Object.keys(state.actions).length >= LIMITS.actions) {
          return problem(400, `A tenant holds at most ${LIMITS.actions} actions.`)
        }
        const action = createAction({ ...sent, name, supported_triggers }, now())
        if (sent.deploy === true) deployVersion(action, action, now())
        state.actions[action.id] = action
        store.touch()
        return created(actionView(action, now()))
      },
    },
    {
      method: 'get',
      path: '/actions/actions/:id',
      scopes: ['read:actions'],
      answer: withAction((action) => ok(actionView(action, now()))),
    },
    {
      method: 'patch',
      path: '/actions/actions/:id',
      scopes: ['update:actions'],
      answer: withAction((action, { body }) => {
        const sent = parseAction(body, 'patch')
        if (typeof sent === 'string') return invalidBody(sent)
        if (hasNewSecretWithoutValue(sent.secrets, action)) return invalidBody(VALUE_MISSING)
        if (nameTaken(sent.name, action.id)) {
          return problem(409, 'An action with this name already exists.')
        }
        updateDraft(action, sent, now())
        store.touch()
        return ok(actionView(action, now()))
      }),
    },
    {
      method: 'delete',
      path: '/actions/actions/:id',
      scopes: ['delete:actions'],
      answer: withAction((action, { query }) => {
        const force = parseFlag(query['force'])
        if (force === 'neither') return invalidQuery('Expected true or false for force')
        const bound = Object.values(state.bindings).some((bindings) =>
          bindings.some((binding) => binding.action_id === action.id),
        )
        if (bound && force !== true) {
          return problem(409, 'Unable to delete an action bound to a trigger.')
        }
        for (const [triggerId, bindings] of Object.entries(state.bindings)) {
          state.bindings[triggerId] = bindings.filter(({ action_id }) => action_id !== action.id)
        }
        delete state.actions[action.id]
        store.touch()
        return noContent
      }),
    },
  ]
}

const versionEndpoints = ({ store, now }: TenantContext): Endpoint[] => {
  const withAction = findingAction(store)
  return [
    {
      method: 'post',
      path: '/actions/actions/:id/deploy',
      scopes: ['create:actions'],
      answer: withAction((action) => {
        if (buildStatus(action, now()) !== 'built') {
          // The Deploy CLI waits and tries again when it reads these words.
          return problem(400, "A draft must be in the 'built' state before it can be deployed.")
        }
        const version = deployVersion(action, action, now())
        store.touch()
        return ok(newVersionView(action, version))
      }),
    },
    {
      method: 'get',
      path: '/actions/actions/:id/versions',
      scopes: ['read:actions'],
      answer: withAction((action, { query }) => {
        const paging = parsePaging(query)
        if ('status' in paging) return paging
        const views = action.versions
          .toReversed()
          .map((version) => versionView(action, version, now()))
        return ok(actionsPage('versions', views, paging))
      }),
    },
    {
      method: 'get',
      path: '/actions/actions/:id/versions/:versionId',
      scopes: ['read:actions'],
      answer: withAction((action, { params }) => {
        const version = action.versions.find(({ id }) => id === params['versionId'])
        return version === undefined ? NO_SUCH_VERSION : ok(versionView(action, version, now()))
      }),
    },
    {
      method: 'post',
      path: '/actions/actions/:id/versions/:versionId/deploy',
      scopes: ['create:actions'],
      answer: withAction((action, { params, body = {} }) => {
        const old = action.versions.find(({ id }) => id === params['versionId'])
        if (old === undefined) return NO_SUCH_VERSION
        if (!isObject(body)) return invalidBody('Expected type object')
        if (body['update_draft'] === true) {
          const { code, runtime, dependencies, secrets, supported_triggers } = old
          updateDraft(action, { code, runtime, dependencies, secrets, supported_triggers }, now())
        }
        const version = deployVersion(action, old, now())
        store.touch()
        return ok(newVersionView(action, version))
      }),
    },
  ]
}

const restEndpoints = (context: TenantContext): Endpoint[] => {
  const withAction = findingAction(context.store)
  return [
    {
      method: 'post',
      path: '/actions/actions/:id/test',
      scopes: ['create:actions'],
      answer: withAction((action, { body }) => {
        const payload = isObject(body) ? body['payload'] : undefined
        if (!isObject(payload)) return invalidBody('Missing required property: payload')
        return testRun(context, action, payload['event'])
      }),
    },
    {
      method: 'get',
      path: '/actions/modules',
      scopes: ['read:actions'],
      answer({ query }) {
        const paging = parsePaging(query)
        if ('status' in paging) return paging
        return ok({ modules: [], total: 0, page: paging.page, per_page: paging.perPage })
      },
    },
    {
      method: 'get',
      path: '/actions/triggers',
      scopes: ['read:actions'],
      answer: () => ok({ triggers: TRIGGERS }),
    },
    {
      method: 'get',
      path: '/actions/executions/:id',
      scopes: ['read:actions'],
      // Flows leave a trace in the tenant instead.
      answer: () => problem(404, 'That execution does not exist.'),
    },
  ]
}

const NO_SUCH_VERSION = problem(404, 'That version does not exist.')

const VALUE_MISSING = 'Missing required property: value in secrets'

const hasNewSecretWithoutValue = (
  sent: readonly SentSecret[] | undefined,
  action: StoredAction | undefined,
): boolean =>
  (sent ?? []).some(
    ({ name, value }) =>
      value === undefined && action?.secrets.some((secret) => secret.name === name) !== true,
  )

const selectActions = (
  actions: StoredAction[],
  query: Record<string, unknown>,
): StoredAction[] | Answer => {
  const filters = ['actionName', 'triggerId', 'deployed', 'installed']
  const unknown = unknownKey(query, ['page', 'per_page', ...filters])
  if (unknown !== undefined) return invalidQuery(`Additional properties not allowed: ${unknown}`)
  const { actionName, triggerId } = query
  const deployed = parseFlag(query['deployed'])
  const installed = parseFlag(query['installed'])
  if (deployed === 'neither' || installed === 'neither') {
    return invalidQuery('Expected true or false')
  }
  // Actions of the marketplace cannot be installed here.
  if (installed === true) return []
  return actions.filter(
    (action) =>
      (actionName === undefined || action.name === actionName) &&
      (triggerId === undefined || action.supported_triggers.some(({ id }) => id === triggerId)) &&
      (deployed === undefined || (action.deployed_version_id !== undefined) === deployed),
  )
}

/** Runs the draft over the event that was sent; nobody's profile is touched. */
const testRun = async (
  { engine, now }: TenantContext,
  action: StoredAction,
  event: unknown,
): Promise<Answer> => {
  const begun = now()
  const answer = (outcome: Record<string, unknown>, actionMs: number): Answer => {
    const total = Math.max(0, now() - begun)
    return ok({
      payload: {
        ...outcome,
        stats: {
          total_request_duration_ms: total,
          total_runtime_execution_duration_ms: total,
          runtime_processing_duration_ms: 0,
          action_duration_ms: actionMs,
          runtime_external_call_duration_ms: 0,
          boot_duration_ms: Math.max(0, total - actionMs),
          network_duration_ms: 0,
        },
      },
    })
  }
  const failure = (name: string, message: string): Record<string, unknown> => ({
    error: { message, name, stack: `${name}: ${message}` },
  })
  const missing = ['user', 'client', 'request'].find(
    (key) => !isObject(event) || !isObject(event[key]),
  )
  if (!isObject(event) || missing !== undefined) {
    return answer(failure('TypeError', `The event lacks ${missing ?? 'everything'}`), 0)
  }
  const testEvent = event as EventData
  const user = { ...testEvent.user, user_id: TEST_RUN_USER_ID }
  const bound: BoundAction = {
    versionId: `draft:${action.id}:${action.updated_at}`,
    name: action.name,
    code: action.code,
    secrets: Object.fromEntries(action.secrets.map(({ name, value }) => [name, value])),
    dependencies: action.dependencies,
  }
  const result = await engine.start([bound], { ...testEvent, user })
  const run = result.trace.actions[0]
  const outcome = { logs: run?.logs ?? [], commands: run?.commands ?? [] }
  if (run?.outcome === 'failed') {
    return answer({ ...outcome, ...failure('Error', run.reason ?? '') }, run.durationMs)
  }
  return answer(outcome, run?.durationMs ?? 0)
}
