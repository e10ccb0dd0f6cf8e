import { Router } from 'express'
import type { TenantContext } from '../context.ts'
import type { FlowTrace } from '../trace.ts'
import type { Store } from '../store.ts'

const MAX_TRACES = 200

/** Keeps the newest 200; a flow that went on after a redirect replaces what was known of it. */
export const rememberTrace = (store: Store, trace: FlowTrace): void => {
  const { traces } = store.state
  const known = traces.findIndex(({ id }) => id === trace.id)
  if (known === -1) traces.push(trace)
  else traces[known] = trace
  traces.splice(0, traces.length - MAX_TRACES)
  store.touch()
}

/**
 * What Auth0 does not have, under `/local/`: whether the tenant is up, and what its last flows did,
 * the newest first (`?user_id=`, `?limit=`, 20 when not said). No other origin may read it.
 */
export const localRouter = (context: TenantContext): Router => {
  const router = Router()
  router.get('/local/health', (_request, response) => {
    response.json({ status: 'up', issuer: context.issuer })
  })
  router.get('/local/traces', (request, response) => {
    const { user_id: userId, limit } = request.query
    const count = typeof limit === 'string' && /^[1-9]\d{0,2}$/.test(limit) ? Number(limit) : 20
    response.json(
      context.store.state.traces
        .filter((trace) => userId === undefined || trace.user_id === userId)
        .slice(-count)
        .reverse(),
    )
  })
  router.get('/local/traces/:id', (request, response) => {
    const trace = context.store.state.traces.find(({ id }) => id === request.params.id)
    if (trace === undefined) response.status(404).json({ error: 'not_found' })
    else response.json(trace)
  })
  return router
}
