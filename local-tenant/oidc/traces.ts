import type { Store } from '../store.ts'
import type { FlowTrace } from '../trace.ts'
import type { OidcHandler } from './answer.ts'
import { parseParameters } from './parameters.ts'

const MAX_TRACES = 200

/** Keeps the newest 200. A flow that goes on after a redirect replaces its earlier trace. */
export const rememberTrace = (store: Store, trace: FlowTrace): void => {
  const { traces } = store.state
  const known = traces.findIndex(({ id }) => id === trace.id)
  if (known === -1) traces.push(trace)
  else traces[known] = trace
  traces.splice(0, traces.length - MAX_TRACES)
  store.touch()
}

/**
 * `/local/traces`: what the last flows did, the newest first (`?user_id=`, `?limit=`, default
 * 20). No other origin may read it.
 */
export const listTraces: OidcHandler = ({ context, query }) => {
  const { user_id: userId, limit = '' } = parseParameters(query).values
  const count = /^[1-9]\d{0,2}$/.test(limit) ? Number(limit) : 20
  const traces = context.store.state.traces.filter(
    ({ user_id }) => userId === undefined || user_id === userId,
  )
  return { status: 200, body: traces.slice(-count).reverse() }
}

export const showTrace: OidcHandler = ({ context, params }) => {
  const trace = context.store.state.traces.find(({ id }) => id === params['id'])
  return trace === undefined
    ? { status: 404, body: { error: 'not_found' } }
    : { status: 200, body: trace }
}
