import { findOwn, findResourceServer } from '../lookup.ts'
import { finding, ok, problem, type Endpoints, type Handler } from './answer.ts'
import { listAnswer, parsePaging, withTotals } from './paging.ts'

const NO_SUCH_SERVER = problem(
  404,
  'The resource server does not exist.',
  'inexistent_resource_server',
)

const withResourceServer = finding(
  (state, id = '') => findOwn(state.resource_servers, id) ?? findResourceServer(state, id),
  NO_SUCH_SERVER,
)

const listResourceServers: Handler = ({ context, query }) => {
  const paging = parsePaging(query)
  if ('status' in paging) return paging
  const { resource_servers } = context.store.state
  return ok(withTotals('resource_servers', Object.values(resource_servers), paging))
}

const SETTINGS = {
  friendly_name: 'Local tenant',
  enabled_locales: ['en'],
  flags: {},
  sandbox_version: '22',
  sandbox_versions_available: ['22'],
}

/** What the Deploy CLI and the SDK read of a tenant beside Actions, users and clients. */
export const tenantEndpoints: Endpoints = {
  'GET /resource-servers': [['read:resource_servers'], listResourceServers],
  'GET /resource-servers/:id': [['read:resource_servers'], withResourceServer(ok)],
  // Auth0 has removed rules; a full export of the Deploy CLI asks for them.
  'GET /rules': [['read:rules'], ({ query }) => listAnswer('rules', [], query, ['enabled'])],
  'GET /tenants/settings': [['read:tenant_settings'], () => ok(SETTINGS)],
}
