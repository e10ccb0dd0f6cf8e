import { findClient, findOwn } from '../lookup.ts'
import type { Connection } from '../store.ts'
import {
  finding,
  invalidBody,
  noContent,
  ok,
  problem,
  type Endpoints,
  type Handler,
} from './answer.ts'
import { selectFields } from './fields.ts'
import { areStrings, isObject, unknownKey } from '../json.ts'
import { parseListQuery, withTotals } from './paging.ts'

const NO_SUCH_CONNECTION = problem(404, 'The connection does not exist.', 'inexistent_connection')

const withConnection = finding((state, id) => findOwn(state.connections, id), NO_SUCH_CONNECTION)

const listConnections: Handler = ({ context, query }) => {
  const paging = parseListQuery(query, ['name', 'strategy', 'take', 'from'])
  if ('status' in paging) return paging
  const { name, strategy, take } = query
  const strategies = strategy === undefined ? undefined : [strategy].flat()
  const found = Object.values(context.store.state.connections).filter(
    (connection) =>
      (name === undefined || connection.name === name) &&
      (strategies === undefined || strategies.includes(connection.strategy)),
  )
  const views = found.map((connection) => selectFields(connectionView(connection), query))
  // Paging by `take` and `from`: all fit on one page, so no `next` is given.
  if (take !== undefined) return ok({ connections: views })
  return ok(withTotals('connections', views, paging))
}

const updateConnection = withConnection((connection, { context, body }) => {
  if (!isObject(body)) return invalidBody('Expected type object')
  const unknown = unknownKey(body, ['options', 'enabled_clients', 'metadata'])
  if (unknown !== undefined) return invalidBody(`Additional properties not allowed: ${unknown}`)
  const { options, enabled_clients, metadata } = body
  if (options !== undefined && !isObject(options)) {
    return invalidBody('Expected type object for options')
  }
  if (metadata !== undefined && !isMetadata(metadata)) {
    return invalidBody('Expected strings in metadata')
  }
  if (enabled_clients !== undefined && !areStrings(enabled_clients)) {
    return invalidBody('Expected strings in enabled_clients')
  }
  // Auth0 replaces `options` as a whole.
  if (options !== undefined) connection.options = options
  if (metadata !== undefined) connection.metadata = metadata
  if (enabled_clients !== undefined) connection.enabled_clients = enabled_clients
  context.store.touch()
  return ok(connectionView(connection))
})

const enableClients = withConnection((connection, { context: { store }, body }) => {
  if (!Array.isArray(body) || !body.every(isClientStatus)) {
    return invalidBody('Expected client_id and status in each entry')
  }
  const enabled = new Set(connection.enabled_clients)
  for (const { client_id, status } of body) {
    if (status && findClient(store.state, client_id) === undefined) {
      return problem(400, 'One of the clients does not exist.')
    }
    if (status) enabled.add(client_id)
    else enabled.delete(client_id)
  }
  connection.enabled_clients = [...enabled]
  store.touch()
  return noContent
})

const READ = ['read:connections']

/** https://auth0.com/docs/api/management/v2/connections */
export const connectionEndpoints: Endpoints = {
  'GET /connections': [READ, listConnections],
  'GET /connections/:id': [
    READ,
    withConnection((connection, { query }) => ok(selectFields(connectionView(connection), query))),
  ],
  'PATCH /connections/:id': [['update:connections'], updateConnection],
  'GET /connections/:id/clients': [
    READ,
    withConnection(({ enabled_clients }) =>
      ok({ clients: enabled_clients.map((client_id) => ({ client_id })) }),
    ),
  ],
  'PATCH /connections/:id/clients': [['update:connections'], enableClients],
  'GET /connections/:id/scim-configuration': [
    ['read:scim_config'],
    withConnection(() =>
      problem(404, 'There is no SCIM configuration for this connection.', 'not_found'),
    ),
  ],
  'GET /connections-directory-provisionings': [
    ['read:directory_provisionings'],
    () => ok({ directory_provisionings: [] }),
  ],
}

const connectionView = (connection: Connection): Record<string, unknown> => ({
  ...connection,
  realms: [connection.name],
  is_domain_connection: false,
})

const isMetadata = (value: unknown): value is Record<string, string> =>
  isObject(value) && areStrings(Object.values(value))

const isClientStatus = (value: unknown): value is { client_id: string; status: boolean } =>
  isObject(value) && typeof value['client_id'] === 'string' && typeof value['status'] === 'boolean'
