import type { TenantContext } from '../context.ts'
import type { BoundAction, EventData } from '../runtime/flow.ts'
import { TEST_RUN_USER_ID } from '../profiles.ts'
import type { ActionVersion, StoredAction, TenantState } from '../store.ts'
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
  type Endpoints,
  type Handler,
  type ManagementRequest,
} from './answer.ts'
import { createAction, deployVersion, updateDraft } from './change-action.ts'
import { findOwn } from '../lookup.ts'
import { isObject, unknownKey } from '../json.ts'
import { actionsPage, parseFlag, parsePaging } from './paging.ts'
import { LIMITS, parseAction, type SentSecret } from './parse-action.ts'
import { TRIGGERS } from './triggers.ts'

export const NO_SUCH_ACTION = problem(404, 'That action does not exist.')

const withAction = finding((state, id) => findOwn(state.actions, id), NO_SUCH_ACTION)

const NAME_TAKEN = problem(409, 'An action with this name already exists.')

const isNameTaken = ({ actions }: TenantState, name: string | undefined, except?: string) =>
  Object.values(actions).some((action) => action.name === name && action.id !== except)

const listActions: Handler = ({ context: { store, now }, query }) => {
  const paging = parsePaging(query)
  if ('status' in paging) return paging
  const selected = selectActions(Object.values(store.state.actions), query)
  if ('status' in selected) return selected
  const views = selected.map((action) => actionView(action, now()))
  return ok(actionsPage('actions', views, paging))
}

const postAction: Handler = ({ context: { store, now }, body }) => {
  const { state } = store
  const sent = parseAction(body, 'post')
  if (typeof sent === 'string') return invalidBody(sent)
  const { name, supported_triggers } = sent
  if (name === undefined || supported_triggers === undefined) return invalidBody('name')
  if (hasNewSecretWithoutValue(sent.secrets, undefined)) return invalidBody(VALUE_MISSING)
  if (isNameTaken(state, name)) return NAME_TAKEN
  if (Object.keys(state.actions).length >= LIMITS.actions) {
    return problem(400, `A tenant holds at most ${LIMITS.actions} actions.`)
  }
  const action = createAction({ ...sent, name, supported_triggers }, now())
  if (sent.deploy === true) deployVersion(action, action, now())
  state.actions[action.id] = action
  store.touch()
  return created(actionView(action, now()))
}

const patchAction = withAction((action, { context: { store, now }, body }) => {
  const sent = parseAction(body, 'patch')
  if (typeof sent === 'string') return invalidBody(sent)
  if (hasNewSecretWithoutValue(sent.secrets, action)) return invalidBody(VALUE_MISSING)
  if (isNameTaken(store.state, sent.name, action.id)) return NAME_TAKEN
  updateDraft(action, sent, now())
  store.touch()
  return ok(actionView(action, now()))
})

const deleteAction = withAction((action, { context: { store }, query }) => {
  const { bindings, actions } = store.state
  const force = parseFlag(query['force'])
  if (force === 'neither') return invalidQuery('Expected true or false for force')
  const isBound = Object.values(bindings)
    .flat()
    .some(({ action_id }) => action_id === action.id)
  if (isBound && force !== true) {
    return problem(409, 'Unable to delete an action bound to a trigger.')
  }
  for (const [triggerId, bound] of Object.entries(bindings)) {
    bindings[triggerId] = bound.filter(({ action_id }) => action_id !== action.id)
  }
  delete actions[action.id]
  store.touch()
  return noContent
})

const deployDraft = withAction((action, { context: { store, now } }) => {
  if (buildStatus(action, now()) !== 'built') {
    // The Deploy CLI waits and tries again when it reads these words.
    return problem(400, "A draft must be in the 'built' state before it can be deployed.")
  }
  const version = deployVersion(action, action, now())
  store.touch()
  return ok(newVersionView(action, version))
})

const listVersions = withAction((action, { context: { now }, query }) => {
  const paging = parsePaging(query)
  if ('status' in paging) return paging
  const views = action.versions.toReversed().map((version) => versionView(action, version, now()))
  return ok(actionsPage('versions', views, paging))
})

const withVersion = (
  answer: (action: StoredAction, version: ActionVersion, request: ManagementRequest) => Answer,
): Handler =>
  withAction((action, request) => {
    const version = action.versions.find(({ id }) => id === request.params['versionId'])
    return version === undefined
      ? problem(404, 'That version does not exist.')
      : answer(action, version, request)
  })

const deployOldVersion = withVersion((action, old, { context: { store, now }, body = {} }) => {
  if (!isObject(body)) return invalidBody('Expected type object')
  if (body['update_draft'] === true) {
    const { code, runtime, dependencies, secrets, supported_triggers } = old
    updateDraft(action, { code, runtime, dependencies, secrets, supported_triggers }, now())
  }
  const version = deployVersion(action, old, now())
  store.touch()
  return ok(newVersionView(action, version))
})

const testDraft = withAction((action, { context, body }) => {
  const payload = isObject(body) ? body['payload'] : undefined
  if (!isObject(payload)) return invalidBody('Missing required property: payload')
  return testRun(context, action, payload['event'])
})

const listModules: Handler = ({ query }) => {
  const paging = parsePaging(query)
  if ('status' in paging) return paging
  return ok({ modules: [], total: 0, page: paging.page, per_page: paging.perPage })
}

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
  const answer = (outcome: Record<string, unknown>, actionMs: number): Answer =>
    ok({ payload: { ...outcome, stats: durations(Math.max(0, now() - begun), actionMs) } })
  const missing = ['user', 'client', 'request'].find(
    (key) => !isObject(event) || !isObject(event[key]),
  )
  if (!isObject(event) || missing !== undefined) {
    return answer(failure('TypeError', `The event lacks ${missing ?? 'everything'}`), 0)
  }
  const testEvent = event as EventData
  const user = { ...testEvent.user, user_id: TEST_RUN_USER_ID }
  const result = await engine.start([boundDraft(action)], { ...testEvent, user })
  const [run] = result.trace.actions
  const outcome = { logs: run?.logs ?? [], commands: run?.commands ?? [] }
  return run?.outcome === 'failed'
    ? answer({ ...outcome, ...failure('Error', run.reason ?? '') }, run.durationMs)
    : answer(outcome, run?.durationMs ?? 0)
}

const boundDraft = (action: StoredAction): BoundAction => ({
  versionId: `draft:${action.id}:${action.updated_at}`,
  name: action.name,
  code: action.code,
  secrets: Object.fromEntries(action.secrets.map(({ name, value }) => [name, value])),
  dependencies: action.dependencies,
})

const failure = (name: string, message: string): Record<string, unknown> => ({
  error: { message, name, stack: `${name}: ${message}` },
})

const durations = (total: number, ofAction: number): Record<string, number> => ({
  total_request_duration_ms: total,
  total_runtime_execution_duration_ms: total,
  runtime_processing_duration_ms: 0,
  action_duration_ms: ofAction,
  runtime_external_call_duration_ms: 0,
  boot_duration_ms: Math.max(0, total - ofAction),
  network_duration_ms: 0,
})

const READ = ['read:actions']
const CREATE = ['create:actions']

/** https://auth0.com/docs/api/management/v2/actions/get-actions and the pages beside it. */
export const actionEndpoints: Endpoints = {
  'GET /actions/actions': [READ, listActions],
  'POST /actions/actions': [CREATE, postAction],
  'GET /actions/actions/:id': [
    READ,
    withAction((action, { context }) => ok(actionView(action, context.now()))),
  ],
  'PATCH /actions/actions/:id': [['update:actions'], patchAction],
  'DELETE /actions/actions/:id': [['delete:actions'], deleteAction],
  'POST /actions/actions/:id/deploy': [CREATE, deployDraft],
  'POST /actions/actions/:id/test': [CREATE, testDraft],
  'GET /actions/actions/:id/versions': [READ, listVersions],
  'GET /actions/actions/:id/versions/:versionId': [
    READ,
    withVersion((action, version, { context }) => ok(versionView(action, version, context.now()))),
  ],
  'POST /actions/actions/:id/versions/:versionId/deploy': [CREATE, deployOldVersion],
  'GET /actions/modules': [READ, listModules],
  'GET /actions/triggers': [READ, () => ok({ triggers: TRIGGERS })],
  // Flows leave a trace in the tenant instead.
  'GET /actions/executions/:id': [READ, () => problem(404, 'That execution does not exist.')],
}
