/** The local tenant as one HTTPS server on loopback. */
import { createServer } from 'node:https'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import type { TenantContext } from './context.ts'
import { closeServer, listenOnLoopback } from './loopback-server.ts'
import { createRequestLog, type RequestLog } from './management/request-log.ts'
import { managementRouter } from './management/router.ts'
import { problemPage } from './oidc/pages.ts'
import { oidcRouter, sendAnswer } from './oidc/router.ts'
import { makeSigningKey } from './oidc/signing-key.ts'
import { createProfileStore } from './profiles.ts'
import { createFlowEngine, type FlowEngineOptions } from './runtime/flow-engine.ts'
import { emptyState, openStore, type Store, type TenantState } from './store.ts'

export interface TenantOptions {
  /** 0 takes a free one. */
  port: number
  /** PEM, as `loadCertificate` gives it. Actions trust the authority too. */
  certificate: { key: string; cert: string; caPem?: string }
  /** Where the state persists; in memory only without it. */
  stateFile?: string
  /** Fills the tenant. It runs at each start, so it must not replace what is there. */
  seed?: (state: TenantState, now: number) => void
  /** Milliseconds since the epoch. */
  now?: () => number
  limits?: FlowEngineOptions['limits']
}

export interface Tenant {
  /** `https://localhost:<port>`, without a slash at the end. */
  readonly url: string
  /** `localhost:<port>`: what Auth0 calls the domain. */
  readonly host: string
  readonly port: number
  readonly store: Store
  /** Requests to the Management API since the start. */
  readonly managementLog: RequestLog
  /** Ends connections and workers and writes the state. */
  close(): Promise<void>
}

/**
 * Starts the tenant. Rejects with one sentence when the port is in use, and with that of
 * `openStore` when the state cannot be read.
 */
export const startTenant = async (options: TenantOptions): Promise<Tenant> => {
  const now = options.now ?? Date.now
  const server = createServer(options.certificate)
  // Before the state is touched: the file belongs to the tenant that holds the port.
  const port = await listenOnLoopback(server, options.port)
  let store: Store
  try {
    store = openStore(options.stateFile, () => emptyState(makeSigningKey()))
  } catch (error) {
    await closeServer(server)
    throw error
  }
  options.seed?.(store.state, now())
  store.touch()

  const host = `localhost:${port}`
  const engine = createFlowEngine({
    profiles: createProfileStore(store, now),
    now,
    trustedCa: options.certificate.caPem,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  })
  const issuer = `https://${host}/`
  const context: TenantContext = { store, host, issuer, engine, now }
  const managementLog = createRequestLog()
  server.on('request', createApp(context, managementLog))

  let closing: Promise<void> | undefined
  return {
    url: `https://${host}`,
    host,
    port,
    store,
    managementLog,
    close: () =>
      (closing ??= (async () => {
        await closeServer(server)
        await engine.close()
        store.flush()
      })()),
  }
}

const createApp = (context: TenantContext, managementLog: RequestLog): Express => {
  const app = express()
  app.disable('x-powered-by')
  app.use(onlyThisHost(context.host))
  app.use((_request, response, next) => {
    response.set('x-content-type-options', 'nosniff')
    next()
  })
  app.use('/api/v2', managementRouter(context, managementLog))
  app.use(oidcRouter(context))
  app.use((_request, response) => {
    sendAnswer(response, problemPage(404, 'not_found', 'The local tenant has no such page.'))
  })
  app.use(answerFailure)
  return app
}

/** Refuses other host names, which a site could point at this computer (DNS rebinding). */
const onlyThisHost = (host: string): RequestHandler => {
  const port = host.slice(host.indexOf(':'))
  const hosts = [host, `127.0.0.1${port}`]
  return (request, response, next) => {
    if (hosts.includes(request.headers.host ?? '')) next()
    else response.status(421).type('text').send(`This is ${host}.\n`)
  }
}

/** A body that cannot be read is the caller's fault. Anything else is ours, and is logged. */
const answerFailure: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) {
    next(error)
    return
  }
  const status = (error as { status?: unknown }).status
  const isTheirs = typeof status === 'number' && status >= 400 && status < 500
  if (!isTheirs) console.error('tenant_failed', (error as { stack?: unknown }).stack)
  const [code, name, text] = isTheirs
    ? [400, 'invalid_request', 'The request cannot be read.']
    : [500, 'server_error', 'The local tenant failed; its console says where.']
  const answer = request.path.startsWith('/oauth/')
    ? { status: code, body: { error: name, error_description: text } }
    : problemPage(code, name, text)
  sendAnswer(response, answer)
}
