import type { TenantContext } from '../context.ts'
import { findClient, findOwn } from '../lookup.ts'
import type { Connection } from '../store.ts'
import { finding, invalidBody, noContent, ok, problem, type Endpoint } from './answer.ts'
import { selectFields } from './fields.ts'
import { isObject, unknownKey } from '../json.ts'
import { parseListQuery, withTotals } from './paging.ts'

/** https://auth0.com/docs/api/management/v2/connections */
export const connectionEndpoints = ({ store }: TenantContext): Endpoint[] => {
  const { state } = store

  const withConnection = finding((id) => findOwn(state.connections, id), NO_SUCH_CONNECTION)

  return [
    {
      method: 'get',
      path: '/connections',
      scopes: ['read:connections'],
      answer({ query }) {
        const paging = parseListQuery(query, ['name', 'strategy', 'take', 'from'])
        if ('status' in paging) return paging
        const { name, strategy, take } = query
        const strategies = strategy === undefined ? undefined : [strategy].flat()
        const found = Object.values(state.connections).filter(
          (connection) =>
            (name === undefined || connection.name === name) &&
            (strategies === undefined || strategies.includes(connection.strategy)),
        )
        const views = found.map((connection) => selectFields(connectionView(connection), query))
        // Paging by `take` and `from`: all fit on one page, so no `next` is given.
        if (take !== undefined) return ok({ connections: views })
        return ok(withTotals('connections', views, paging))
      },
    },
    {
      method: 'get',
      path: '/connections-directory-provisionings',
      scopes: ['read:directory_provisionings'],
      answer: () => ok({ directory_provisionings: [] }),
    },
    {
      method: 'get',
      path: '/connections/:id',
      scopes: ['read:connections'],
      answer: withConnection((connection, { query }) =>
        ok(selectFields(connectionView(connection), query)),
      ),
    },
    {
      method: 'patch',
      path: '/connections/:id',
      scopes: ['update:connections'],
      answer: withConnection((connection, { body }) => {
        if (!isObject(body)) return invalidBody('Expected type object')
        const unknown = unknownKey(body, ['options', 'enabled_clients', 'metadata'])
        if (unknown !== undefined) {
          return invalidBody(`Additional properties not allowed: ${unknown}`)
        }
        const { options, enabled_clients, metadata } = body
        if (options !== undefined && !isObject(options)) {
          return invalidBody('Expected type object for options')
        }
        if (metadata !== undefined && !isTexts(metadata)) {
          return invalidBody('Expected texts in metadata')
        }
        if (enabled_clients !== undefined && !areTexts(enabled_clients)) {
          return invalidBody('Expected texts in enabled_clients')
        }
        // Auth0 replaces `options` as a whole.
        if (options !== undefined) connection.options = options
        if (metadata !== undefined) connection.metadata = metadata
        if (enabled_clients !== undefined) connection.enabled_clients = enabled_clients
        store.touch()
        return ok(connectionView(connection))
      }),
    },
    {
      method: 'get',
      path: '/connections/:id/clients',
      scopes: ['read:connections'],
      answer: withConnection((connection) =>
        ok({ clients: connection.enabled_clients.map((client_id) => ({ client_id })) }),
      ),
    },
    {
      method: 'patch',
      path: '/connections/:id/clients',
      scopes: ['update:connections'],
      answer: withConnection((connection, { body }) => {
        if (!Array.isArray(body) || !body.every(isClientStatus)) {
          return invalidBody('Expected client_id and status in each entry')
        }
        const enabled = new Set(connection.enabled_clients)
        for (const { client_id, status } of body) {
          if (status && findClient(state, client_id) === undefined) {
            return problem(400, 'One of the clients does not exist.')
          }
          if (status) enabled.add(client_id)
          else enabled.delete(client_id)
        }
        connection.enabled_clients = [...enabled]
        store.touch()
        return noContent
      }),
    },
    {
      method: 'get',
      path: '/connections/:id/scim-configuration',
      scopes: ['read:scim_config'],
      answer: withConnection(() =>
        problem(404, 'There is no SCIM configuration for this connection.', 'not_found'),
      ),
    },
  ]
}

const NO_SUCH_CONNECTION = problem(404, 'The connection does not exist.', 'inexistent_connection')

const connectionView = (connection: Connection): Record<string, unknown> => ({
  ...connection,
  realms: [connection.name],
  is_domain_connection: false,
})

const areTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string')

const isTexts = (value: unknown): value is Record<string, string> =>
  isObject(value) && Object.values(value).every((entry) => typeof entry === 'string')

const isClientStatus = (value: unknown): value is { client_id: string; status: boolean } =>
  isObject(value) && typeof value['client_id'] === 'string' && typeof value['status'] === 'boolean'
