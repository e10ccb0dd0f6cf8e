import type { TenantContext } from '../context.ts'
import { findOwn, findResourceServer } from '../lookup.ts'
import { ok, problem, type Endpoint } from './answer.ts'
import { parsePaging, withTotals } from './paging.ts'

/** What the Deploy CLI and the SDK read of a tenant beside Actions, users and clients. */
export const tenantEndpoints = ({ store }: TenantContext): Endpoint[] => {
  const { state } = store
  return [
    {
      method: 'get',
      path: '/resource-servers',
      scopes: ['read:resource_servers'],
      answer({ query }) {
        const paging = parsePaging(query)
        if ('status' in paging) return paging
        return ok(withTotals('resource_servers', Object.values(state.resource_servers), paging))
      },
    },
    {
      method: 'get',
      path: '/resource-servers/:id',
      scopes: ['read:resource_servers'],
      answer({ params }) {
        const id = params['id'] ?? ''
        const found = findOwn(state.resource_servers, id) ?? findResourceServer(state, id)
        return found === undefined
          ? problem(404, 'The resource server does not exist.', 'inexistent_resource_server')
          : ok(found)
      },
    },
    {
      method: 'get',
      path: '/tenants/settings',
      scopes: ['read:tenant_settings'],
      answer: () =>
        ok({
          friendly_name: 'Local tenant',
          enabled_locales: ['en'],
          flags: {},
          sandbox_version: '22',
          sandbox_versions_available: ['22'],
        }),
    },
    {
      method: 'get',
      path: '/roles',
      scopes: ['read:roles'],
      answer({ query }) {
        const paging = parsePaging(query)
        return 'status' in paging ? paging : ok(withTotals('roles', [], paging))
      },
    },
  ]
}
