import { randomUUID } from 'node:crypto'
import type { TenantContext } from '../context.ts'
import type { Binding, StoredAction, TenantState } from '../store.ts'
import { boundActionView } from './action-view.ts'
import { NO_SUCH_ACTION } from './actions.ts'
import { finding, invalidBody, ok, problem, type Answer, type Endpoints } from './answer.ts'
import { findOwn } from '../lookup.ts'
import { isObject, unknownKey } from '../json.ts'
import { actionsPage, pageOf, parsePaging } from './paging.ts'
import { LIMITS } from './parse-action.ts'
import { isTriggerId } from './triggers.ts'

const NO_SUCH_TRIGGER = problem(400, 'That trigger does not exist.')

const viewBindings = ({ store, now }: TenantContext, triggerId: string): unknown[] =>
  (findOwn(store.state.bindings, triggerId) ?? []).flatMap((binding) => {
    const action = findOwn(store.state.actions, binding.action_id)
    return action === undefined ? [] : [bindingView(binding, action, now())]
  })

const withTrigger = finding(
  (_state, id) => (id !== undefined && isTriggerId(id) ? id : undefined),
  NO_SUCH_TRIGGER,
)

const listBindings = withTrigger((triggerId, { context, query }) => {
  const paging = parsePaging(query)
  if ('status' in paging) return paging
  const views = viewBindings(context, triggerId)
  const isPastEnd = pageOf(views, paging).length === 0
  return ok(actionsPage('bindings', isPastEnd ? [] : views, paging))
})

const replaceBindings = withTrigger((triggerId, { context, body }) => {
  const { store, now } = context
  const planned = planBindings(store.state, triggerId, body, new Date(now()).toISOString())
  if ('status' in planned) return planned
  store.state.bindings[triggerId] = planned
  store.touch()
  return ok({ bindings: viewBindings(context, triggerId) })
})

/** https://auth0.com/docs/api/management/v2/actions/patch-bindings */
export const bindingEndpoints: Endpoints = {
  'GET /actions/triggers/:id/bindings': [['read:actions'], listBindings],
  'PATCH /actions/triggers/:id/bindings': [['update:actions'], replaceBindings],
}

const NOT_DEPLOYED = problem(
  400,
  'Trying to create a binding for an action that has not been deployed yet',
)

/** The list that replaces the trigger's bindings; nothing is bound when one entry is refused. */
const planBindings = (
  state: TenantState,
  triggerId: string,
  body: unknown,
  at: string,
): Binding[] | Answer => {
  const sent = isObject(body) ? body['bindings'] : undefined
  if (!Array.isArray(sent)) return invalidBody('Missing required property: bindings')
  if (sent.length > LIMITS.bindingsPerTrigger) {
    return problem(400, `A trigger takes at most ${LIMITS.bindingsPerTrigger} actions.`)
  }
  const existing = findOwn(state.bindings, triggerId) ?? []
  const planned: Binding[] = []
  for (const entry of sent as unknown[]) {
    const parsed = parseBinding(entry)
    if (typeof parsed === 'string') return invalidBody(parsed)
    const action = Object.values(state.actions).find(
      (candidate) => candidate[parsed.by] === parsed.value,
    )
    if (action === undefined) return NO_SUCH_ACTION
    if (!action.supported_triggers.some(({ id }) => id === triggerId)) {
      return problem(400, 'The action does not support this trigger.')
    }
    if (action.deployed_version_id === undefined) return NOT_DEPLOYED
    const old = existing.find(
      ({ id, action_id }) => action_id === action.id && planned.every((other) => other.id !== id),
    )
    planned.push({
      id: old?.id ?? randomUUID(),
      trigger_id: triggerId,
      action_id: action.id,
      display_name: parsed.displayName ?? action.name,
      created_at: old?.created_at ?? at,
      updated_at: at,
    })
  }
  return planned
}

interface SentBinding {
  by: 'id' | 'name'
  value: string
  displayName: string | undefined
}

const REF_TYPES = new Map<unknown, SentBinding['by']>([
  ['action_id', 'id'],
  ['action_name', 'name'],
])

const parseBinding = (entry: unknown): SentBinding | string => {
  if (!isObject(entry)) return 'Expected type object in bindings'
  const unknown = unknownKey(entry, ['ref', 'display_name', 'secrets'])
  if (unknown !== undefined) return `Additional properties not allowed: ${unknown}`
  const { ref, display_name, secrets } = entry
  if (secrets !== undefined && !(Array.isArray(secrets) && secrets.length === 0)) {
    return 'Secrets of a binding are not kept here: give them to the action'
  }
  if (display_name !== undefined && typeof display_name !== 'string') {
    return 'Expected type string for display_name'
  }
  if (!isObject(ref) || typeof ref['value'] !== 'string') return 'Missing required property: ref'
  const by = REF_TYPES.get(ref['type'])
  if (by === undefined) return 'No enum match for ref.type: action_id or action_name'
  return { by, value: ref['value'], displayName: display_name }
}

const bindingView = (binding: Binding, action: StoredAction, now: number): unknown => ({
  id: binding.id,
  trigger_id: binding.trigger_id,
  action: boundActionView(action, now),
  created_at: binding.created_at,
  updated_at: binding.updated_at,
  display_name: binding.display_name,
})
