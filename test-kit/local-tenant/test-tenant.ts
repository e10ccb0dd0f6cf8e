/** A tenant of which only the Management API listens, on a free port of the loopback. */
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { generate } from 'selfsigned'
import type { TenantContext } from '../../local-tenant/context.ts'
import { mintManagementToken } from '../../local-tenant/management-token.ts'
import { createRequestLog, type RequestLog } from '../../local-tenant/management/request-log.ts'
import { managementRouter } from '../../local-tenant/management/router.ts'
import type { FlowEngine } from '../../local-tenant/runtime/flow.ts'
import { emptyState, openStore, type TenantState } from '../../local-tenant/store.ts'

export interface TestTenant {
  context: TenantContext
  log: RequestLog
  /** With the trailing slash. */
  url: string
  /** PEM of the self-signed certificate; empty over plain HTTP. */
  certificate: string
  token: (...scopes: string[]) => Promise<string>
  /** One request with JSON; all scopes unless some are named. */
  call: (asked: Call) => Promise<{ status: number; body: unknown; headers: Headers }>
  /** Makes the state what it was at the start. */
  reset: () => void
  close: () => Promise<void>
}

export interface Call {
  method?: string
  /** Below `/api/v2/`. */
  path: string
  body?: unknown
  scopes?: readonly string[]
  /** Instead of `scopes`; `null` sends no header. */
  authorization?: string | null
}

export interface TestTenantOptions {
  tls?: boolean
  now?: () => number
  engine?: Partial<FlowEngine>
}

/** All that the Management API can ask for here. */
export const ALL_SCOPES = [
  ...['read', 'create', 'update', 'delete'].flatMap((verb) => [
    `${verb}:actions`,
    `${verb}:users`,
    `${verb}:clients`,
    `${verb}:connections`,
    `${verb}:organization_connections`,
    `${verb}:organization_member_roles`,
    `${verb}:organization_members`,
    `${verb}:organizations`,
    `${verb}:roles`,
  ]),
  'create:user_tickets',
  'read:client_keys',
  'read:rules',
  'read:directory_provisionings',
  'read:resource_servers',
  'read:scim_config',
  'read:tenant_settings',
]

let signingKey: Promise<JWK> | undefined

/** One key for all tenants of a test file: making one takes a while. */
const testSigningKey = (): Promise<JWK> =>
  (signingKey ??= generateKeyPair('RS256', { extractable: true }).then(async ({ privateKey }) => ({
    ...(await exportJWK(privateKey)),
    kid: 'test-key',
    alg: 'RS256',
  })))

export const testState = async (): Promise<TenantState> => ({
  ...emptyState(await testSigningKey()),
  clients: {
    'web-app': {
      client_id: 'web-app',
      client_secret: 'secret-of-the-web-app',
      name: 'Web application',
      app_type: 'regular_web',
      callbacks: ['https://localhost/callback'],
      allowed_logout_urls: [],
      web_origins: [],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'client_secret_post',
      client_metadata: { team: 'one' },
      management_scopes: ['read:users'],
    },
    spa: {
      client_id: 'spa',
      name: 'Single-page application',
      app_type: 'spa',
      callbacks: [],
      allowed_logout_urls: [],
      web_origins: [],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'none',
      client_metadata: {},
    },
  },
  connections: Object.fromEntries(
    [
      ['con_db', 'Username-Password-Authentication', 'auth0'],
      ['con_google', 'google-oauth2', 'google-oauth2'],
      ['con_saml', 'acme-saml', 'samlp'],
    ].map(([id = '', name = '', strategy = '']) => [
      id,
      { id, name, strategy, enabled_clients: ['web-app'], options: {} },
    ]),
  ),
})

const noEngine: FlowEngine = {
  start: () => Promise.reject(new Error('no flow was expected')),
  resume: () => Promise.reject(new Error('no flow was expected')),
  close: () => Promise.resolve(),
}

export const startTestTenant = async (options: TestTenantOptions = {}): Promise<TestTenant> => {
  const app = express()
  const { server, certificate } = await serverOf(app, options.tls ?? false)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const host = `localhost:${(server.address() as AddressInfo).port}`
  const store = openStore(undefined, () => ({}) as TenantState)
  const initial = await testState()
  const reset = (): void => {
    Object.assign(store.state, structuredClone(initial))
  }
  reset()
  const context: TenantContext = {
    store: { ...store, touch: () => undefined },
    host,
    issuer: `https://${host}/`,
    engine: { ...noEngine, ...options.engine },
    now: options.now ?? Date.now,
  }
  const log = createRequestLog()
  app.use('/api/v2', managementRouter(context, log))
  const url = `${options.tls === true ? 'https' : 'http'}://${host}/`
  const token = (...scopes: string[]): Promise<string> =>
    mintManagementToken(context, 'test-client', scopes)
  return {
    context,
    log,
    url,
    certificate,
    token,
    reset,
    async call({ method = 'GET', path, body, scopes = ALL_SCOPES, authorization }) {
      const header =
        authorization === undefined ? `Bearer ${await token(...scopes)}` : authorization
      const response = await fetch(`${url}api/v2/${path}`, {
        method,
        headers: {
          'content-type': 'application/json',
          ...(header !== null && { authorization: header }),
        },
        ...(body !== undefined && {
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      })
      const text = await response.text()
      return {
        status: response.status,
        body: text === '' ? undefined : (JSON.parse(text) as unknown),
        headers: response.headers,
      }
    },
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections()
        server.close(() => closed())
      }),
  }
}

const serverOf = async (
  app: express.Express,
  tls: boolean,
): Promise<{ server: Server; certificate: string }> => {
  if (!tls) return { server: createHttpServer(app), certificate: '' }
  const altNames = [
    { type: 2 as const, value: 'localhost' },
    { type: 7 as const, ip: '127.0.0.1' },
  ]
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], {
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames },
    ],
  })
  const server = createHttpsServer({ key: pems.private, cert: pems.cert }, app)
  return { server, certificate: pems.cert }
}
