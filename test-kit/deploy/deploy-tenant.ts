/** A tenant to deploy to: the Management API and a token endpoint, counted, and broken on demand. */
import { createServer } from 'node:https'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express, { type Request, type Response } from 'express'
import { jwtVerify, type CryptoKey } from 'jose'
import { loadCertificate, type LocalCertificate } from '../../local-tenant/certificate.ts'
import type { TenantContext } from '../../local-tenant/context.ts'
import { createLocalFetch } from '../../playground/local-fetch.ts'
import { createAction, deployVersion } from '../../local-tenant/management/change-action.ts'
import { mintManagementToken } from '../../local-tenant/management-token.ts'
import { managementRouter } from '../../local-tenant/management/router.ts'
import { openStore, type StoredAction, type TenantState } from '../../local-tenant/store.ts'
import { testState } from '../local-tenant/test-tenant.ts'

export const CLIENT_ID = 'deployer'
export const CLIENT_SECRET = 'the-secret-of-the-deployer'

export const DEPLOY_SCOPES = ['read:actions', 'create:actions', 'update:actions', 'delete:actions']

/** What stands between a request and the tenant. */
export type Fault = (request: SeenRequest, exchange: Exchange) => boolean

export interface SeenRequest {
  /** From 0, in the order of arrival. */
  index: number
  method: string
  /** Ids are replaced by `:id`. */
  path: string
  /** Made by the Deploy CLI. */
  byCli: boolean
  /** 0 until it is answered. */
  status: number
}

export interface Exchange {
  request: Request
  response: Response
  /** Lets the tenant answer, for a fault that answered true to wait with it. */
  goOn: () => void
  /** Lets the tenant do it, and answers nothing: `done` runs instead. */
  doSilently(done: () => void): void
}

export interface DeployTenant {
  domain: string
  context: TenantContext
  state: TenantState
  certificate: LocalCertificate
  fetch: typeof fetch
  /** Credentials and where the tenant is; no secrets of Actions. */
  env: Record<string, string>
  seen: SeenRequest[]
  /** Requests that asked for a change and were not refused, in words. */
  writes(): string[]
  /** Answers true when it dealt with the request itself. */
  setFault(fault: Fault | undefined): void
  /** Takes an assertion signed by the private half instead of the client secret. */
  acceptKey(key: CryptoKey | undefined): void
  scopes: string[]
  /** Somebody else's Action, deployed. */
  addForeign(name: string, code?: string): StoredAction
  bind(...names: string[]): void
  bound(): string[]
  action(name: string): StoredAction | undefined
  close(): Promise<void>
}

export interface SharedCertificate {
  certificate: LocalCertificate
  remove: () => void
}

export const makeCertificate = async (): Promise<SharedCertificate> => {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-certificate-'))
  return {
    certificate: await loadCertificate(folder, Date.now()),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export const startDeployTenant = async (
  certificate: LocalCertificate,
  now: () => number = Date.now,
): Promise<DeployTenant> => {
  const app = express()
  const server = createServer({ key: certificate.key, cert: certificate.cert }, app)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const domain = `localhost:${(server.address() as AddressInfo).port}`
  const store = openStore(undefined, () => ({}) as TenantState)
  const { state } = store
  Object.assign(state, await testState())
  const context: TenantContext = {
    store: { ...store, touch: () => undefined },
    host: domain,
    issuer: `https://${domain}/`,
    engine: {
      start: () => Promise.reject(new Error('no flow was expected')),
      resume: () => Promise.reject(new Error('no flow was expected')),
      close: () => Promise.resolve(),
    },
    now,
  }
  const seen: SeenRequest[] = []
  let fault: Fault | undefined
  let assertionKey: CryptoKey | undefined
  const scopes = [...DEPLOY_SCOPES]

  app.use((request, response, next) => {
    const entry: SeenRequest = {
      index: seen.length,
      method: request.method,
      path: request.path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id'),
      byCli: (request.get('user-agent') ?? '').startsWith('deploy-cli/'),
      status: 0,
    }
    response.on('finish', () => {
      entry.status = response.statusCode
    })
    seen.push(entry)
    const exchange: Exchange = {
      request,
      response,
      goOn: next,
      doSilently(done) {
        response.end = (() => {
          done()
          return response
        }) as Response['end']
        next()
      },
    }
    if (fault?.(entry, exchange) !== true) next()
  })
  app.post(
    '/oauth/token',
    express.urlencoded({ extended: false }),
    async (request: Request, response) => {
      const body = request.body as Record<string, string>
      const admitted =
        body['client_id'] === CLIENT_ID &&
        (assertionKey === undefined
          ? body['client_secret'] === CLIENT_SECRET
          : await jwtVerify(body['client_assertion'] ?? '', assertionKey, {
              audience: `https://${domain}/`,
              issuer: CLIENT_ID,
              subject: CLIENT_ID,
            }).then(
              () => true,
              () => false,
            ))
      if (!admitted || body['audience'] !== `https://${domain}/api/v2/`) {
        response.status(401).json({ error: 'access_denied', error_description: 'Unauthorized' })
        return
      }
      response.json({
        access_token: await mintManagementToken(context, CLIENT_ID, scopes),
        token_type: 'Bearer',
        expires_in: 86_400,
      })
    },
  )
  app.use('/api/v2', managementRouter(context))

  const idOf = (name: string): string =>
    Object.values(state.actions).find((action) => action.name === name)?.id ?? ''

  return {
    domain,
    context,
    state,
    certificate,
    fetch: createLocalFetch(certificate.caPem) as typeof fetch,
    env: {
      PATH: process.env['PATH'] ?? '',
      AUTH0_DOMAIN: domain,
      AUTH0_CLIENT_ID: CLIENT_ID,
      AUTH0_CLIENT_SECRET: CLIENT_SECRET,
      NODE_EXTRA_CA_CERTS: certificate.caFile,
    },
    seen,
    writes: () =>
      seen
        .filter(
          ({ method, path, status }) => method !== 'GET' && path !== '/oauth/token' && status < 400,
        )
        .map(({ method, path }) => `${method} ${path.replace('/api/v2', '')}`),
    setFault(next) {
      fault = next
    },
    acceptKey(key) {
      assertionKey = key
    },
    scopes,
    addForeign(name, code = `exports.onExecutePostLogin = async () => {} // ${name}`) {
      const at = now() - 3_600_000
      const action = createAction(
        { name, code, supported_triggers: [{ id: 'post-login', version: 'v3' }] },
        at,
      )
      deployVersion(action, action, at)
      state.actions[action.id] = action
      return action
    },
    bind(...names) {
      state.bindings['post-login'] = names.map((name) => ({
        id: `binding-${name}`,
        trigger_id: 'post-login',
        action_id: idOf(name),
        display_name: name,
        created_at: '2026-01-01T00:00:00.000Z',
        updated_at: '2026-01-01T00:00:00.000Z',
      }))
    },
    bound: () =>
      (state.bindings['post-login'] ?? []).map(
        ({ action_id }) => state.actions[action_id]?.name ?? '?',
      ),
    action: (name) => state.actions[idOf(name)],
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections()
        server.close(() => closed())
      }),
  }
}
