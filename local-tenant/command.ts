/** `local-tenant`: see `USAGE`. */
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { loadCertificate } from './certificate.ts'
import { TenantFailure } from './failure.ts'
import { randomToken } from './secrets.ts'
import type { Client, TenantState } from './store.ts'
import { startTenant } from './tenant.ts'

const USAGE = `local-tenant [--port NUMBER] [--folder FOLDER]
  --port NUMBER    where it listens, on this computer only (default 4401)
  --folder FOLDER  keeps certificate and state (default .local-tenant)

Starts an Auth0 tenant with a database connection and one application for the
Management API, whose credentials it prints. All else comes by that API: users,
applications, Actions, bindings.`

const SCOPES = ['actions', 'clients', 'client_keys', 'connections', 'users', 'users_app_metadata']
  .flatMap((what) => ['create', 'read', 'update', 'delete'].map((may) => `${may}:${what}`))
  .concat('read:resource_servers', 'read:roles', 'read:tenant_settings')

const MANAGER: Client = {
  client_id: 'management',
  client_secret: randomToken(),
  name: 'Management',
  app_type: 'non_interactive',
  callbacks: [],
  allowed_logout_urls: [],
  web_origins: [],
  grant_types: ['client_credentials'],
  token_endpoint_auth_method: 'client_secret_post',
  client_metadata: {},
  management_scopes: SCOPES,
}

const seed = (state: TenantState): void => {
  state.clients[MANAGER.client_id] ??= MANAGER
  state.connections['con_database'] ??= {
    id: 'con_database',
    name: 'Username-Password-Authentication',
    strategy: 'auth0',
    enabled_clients: [],
    options: {},
  }
}

const start = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      port: { type: 'string', default: '4401' },
      folder: { type: 'string', default: '.local-tenant' },
    },
  })
  if (values.help === true) {
    console.log(USAGE)
    return
  }
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new TypeError('--port takes a number from 0, which takes a free one, to 65535.')
  }
  const folder = resolve(values.folder)
  const certificate = await loadCertificate(join(folder, 'certificate'), Date.now())
  const tenant = await startTenant({
    port,
    certificate,
    stateFile: join(folder, 'tenant.json'),
    seed,
  })
  tenant.store.flush()
  const { client_secret: secret = '' } = tenant.store.state.clients[MANAGER.client_id] ?? MANAGER
  console.log(
    [
      `AUTH0_DOMAIN=${tenant.host}`,
      `AUTH0_CLIENT_ID=${MANAGER.client_id}`,
      `AUTH0_CLIENT_SECRET=${secret}`,
      `NODE_EXTRA_CA_CERTS=${certificate.caFile}`,
    ].join('\n'),
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void tenant.close())
  }
}

/** One line for an expected failure; `parseArgs` throws a `TypeError`. */
const explain = (error: unknown): unknown => {
  if (error instanceof TenantFailure) return `${error.message} [${error.code}]`
  return error instanceof TypeError ? `${error.message}\n\n${USAGE} [arguments_wrong]` : error
}

try {
  await start()
} catch (error) {
  console.error(explain(error))
  process.exitCode = 1
}
