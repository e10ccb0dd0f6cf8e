import type { TenantContext } from '../context.ts'
import { randomToken } from '../secrets.ts'
import type { TenantState } from '../store.ts'

/** A request whose token and scope were checked; `query` values are untouched. */
export interface ManagementRequest {
  context: TenantContext
  params: Record<string, string>
  query: Record<string, unknown>
  /** Parsed JSON, or `undefined` when none was sent. */
  body: unknown
  /** Scopes of the token. */
  scopes: ReadonlySet<string>
}

/** What an endpoint answers; no `body` for 204. */
export interface Answer {
  status: number
  body?: unknown
}

export type Handler = (request: ManagementRequest) => Answer | Promise<Answer>

/**
 * Who may call what: the method and the Express path below `/api/v2`, the scopes of which any one
 * is enough, and what answers.
 */
export type Endpoints = Record<string, readonly [scopes: readonly string[], answer: Handler]>

/** Lets `answer` have what `:id` of the path names; `missing` is the answer when there is none. */
export const finding =
  <Entity>(
    find: (state: TenantState, id: string | undefined) => Entity | undefined,
    missing: Answer,
  ) =>
  (answer: (entity: Entity, request: ManagementRequest) => Answer | Promise<Answer>): Handler =>
  (request) => {
    const entity = find(request.context.store.state, request.params['id'])
    return entity === undefined ? missing : answer(entity, request)
  }

/** An id as Auth0 makes them: `rol_…`, `org_…`. */
export const newId = (kind: string): string =>
  `${kind}_${randomToken().replaceAll(/[_-]/g, '').slice(0, 16)}`

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const created = (body: unknown): Answer => ({ status: 201, body })
export const noContent: Answer = { status: 204 }

const ERROR_NAMES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Payload Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
}

/** An error as Auth0's Management API answers it; some have no `errorCode`. */
export const problem = (status: number, message: string, errorCode?: string): Answer => ({
  status,
  body: {
    statusCode: status,
    error: ERROR_NAMES[status] ?? 'Error',
    message,
    ...(errorCode !== undefined && { errorCode }),
  },
})

/** 400 `invalid_body`, in the Management API's words for a body that fails its schema. */
export const invalidBody = (what: string): Answer =>
  problem(400, `Payload validation error: '${what}'.`, 'invalid_body')

/** 400 `invalid_query_string`. */
export const invalidQuery = (what: string): Answer =>
  problem(400, `Query validation error: '${what}'.`, 'invalid_query_string')
