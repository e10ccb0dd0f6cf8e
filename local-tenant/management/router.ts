import express, {
  type ErrorRequestHandler,
  type RequestHandler,
  type Response,
  type Router,
} from 'express'
import type { TenantContext } from '../context.ts'
import { findOwn } from '../lookup.ts'
import { actionEndpoints } from './actions.ts'
import {
  problem,
  type Answer,
  type Endpoints,
  type Handler,
  type ManagementRequest,
} from './answer.ts'
import { authenticate } from './authenticate.ts'
import { bindingEndpoints } from './bindings.ts'
import { clientEndpoints } from './clients.ts'
import { connectionEndpoints } from './connections.ts'
import { identityEndpoints } from './identities.ts'
import { jobEndpoints } from './jobs-and-tickets.ts'
import { operations } from './operations.ts'
import { createRequestLog, type RequestLog } from './request-log.ts'
import { organizationEndpoints } from './organizations.ts'
import { roleEndpoints } from './roles.ts'
import { tenantEndpoints } from './tenant-endpoints.ts'
import { userEndpoints } from './users.ts'

/** Told to clients and never enforced, because nobody shares this tenant. */
const REQUESTS_PER_SECOND = 100

const ENDPOINTS: Endpoints = {
  ...actionEndpoints,
  ...bindingEndpoints,
  ...userEndpoints,
  ...clientEndpoints,
  ...connectionEndpoints,
  ...tenantEndpoints,
  ...identityEndpoints,
  ...jobEndpoints,
  ...roleEndpoints,
  ...organizationEndpoints,
}

/**
 * The Management API of the local tenant, to be mounted at `/api/v2`. Every answer is
 * noted in `log`.
 * https://auth0.com/docs/api/management/v2
 */
export const managementRouter = (
  context: TenantContext,
  log: RequestLog = createRequestLog(),
): Router => {
  const router = express.Router({ caseSensitive: true })
  const parseJson = express.json({ limit: '1mb' })

  router.use((_request, response, next) => {
    response.set({
      'Cache-Control': 'no-store',
      'X-RateLimit-Limit': String(REQUESTS_PER_SECOND),
      'X-RateLimit-Remaining': String(REQUESTS_PER_SECOND - 1),
      'X-RateLimit-Reset': String(Math.ceil(context.now() / 1000) + 1),
    })
    next()
  })

  for (const { method, path, endpoint } of routes()) {
    router[method.toLowerCase() as 'get'](
      path,
      (_request, response, next) => {
        response.on('finish', () => log.record({ method, path, status: response.statusCode }))
        next()
      },
      ...(endpoint === undefined
        ? [refuseUnimplemented(`${method} /api/v2${path}`)]
        : [admit(context, endpoint[0]), parseJson, answerWith(context, endpoint[1])]),
    )
  }

  router.use((request, response) => {
    log.record({ method: request.method, path: '*', status: 404 })
    send(response, problem(404, 'Not Found'))
  })
  router.use(refuse)
  return router
}

interface Route {
  method: string
  path: string
  /** Absent for what Auth0 has and this tenant has not. */
  endpoint?: Endpoints[string]
}

/** All routes, those without parameters first, so that `/users/:id` does not hide `/users/me`. */
const routes = (): Route[] => {
  const withoutNames = (name: string): string => name.replaceAll(/:\w+/g, ':')
  const implemented = new Set(Object.keys(ENDPOINTS).map(withoutNames))
  const others = operations.filter((name) => !implemented.has(withoutNames(name)))
  return [...Object.keys(ENDPOINTS), ...others]
    .toSorted((one, other) => (one.replaceAll(':', '~') < other.replaceAll(':', '~') ? -1 : 1))
    .map((name) => {
      const [method = '', path = ''] = name.split(' ')
      const endpoint = findOwn(ENDPOINTS, name)
      return { method, path, ...(endpoint !== undefined && { endpoint }) }
    })
}

const refuseUnimplemented =
  (name: string): RequestHandler =>
  (_request, response) => {
    send(response, problem(501, `The local tenant does not implement ${name}.`, 'not_implemented'))
  }

const answerWith =
  (context: TenantContext, answer: Handler): RequestHandler =>
  async (request, response) => {
    const { params, query, body } = request as Pick<ManagementRequest, 'params' | 'query' | 'body'>
    const { scopes } = response.locals as Admitted
    send(response, await answer({ context, params, query, body, scopes }))
  }

/** What `admit` leaves in `response.locals`. */
interface Admitted {
  scopes: ReadonlySet<string>
}

/** Comes before the body is parsed: nothing is read from an unknown caller. */
const admit =
  (context: TenantContext, scopes: readonly string[]): RequestHandler =>
  async (request, response, next) => {
    const caller = await authenticate(context, request.get('authorization'), scopes)
    if (!caller.admitted) {
      send(response, caller.answer)
      return
    }
    response.locals = { scopes: caller.scopes } satisfies Admitted
    next()
  }

const send = (response: Response, { status, body }: Answer): void => {
  response.status(status)
  if (body === undefined) response.end()
  else response.json(body)
}

/** A body or a path that cannot be read is the caller's fault; anything else is ours. */
const refuse: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error)
    return
  }
  const status = (error as { status?: unknown }).status
  if (status === 413) send(response, problem(413, 'The payload is too large.'))
  else if (typeof status === 'number' && status >= 400 && status < 500) {
    send(response, problem(400, 'The path or the JSON of the request cannot be read.'))
  } else {
    console.error('management_api_failed', error instanceof Error ? error.stack : 'unknown')
    send(response, problem(500, 'An internal server error occurred'))
  }
}
