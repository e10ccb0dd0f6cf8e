/** A small application that signs people in and shows what came of it. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import { createLocalFetch } from '../local-fetch.ts'
import { closeServer, listenOnLoopback } from '../../local-tenant/loopback-server.ts'
import { people } from '../seed/people.ts'
import type { Client, Organization } from '../../local-tenant/store.ts'
import { renderDemoProblem, renderHome, renderResult } from './demo-pages.ts'
import {
  createDemoSessions,
  rememberPending,
  type DemoSession,
  type DemoSessions,
} from './demo-sessions.ts'
import { createTenantClient, type TenantClient } from './tenant-client.ts'

export interface DemoOptions {
  /** 0 takes a free one; the tenant must know `https://localhost:<port>/callback`. */
  port: number
  /** PEM, as `loadCertificate` gives it. */
  certificate: { key: string; cert: string; caPem: string }
  /** Without a slash at the end. */
  tenantUrl: string
  /** `state.clients` of the tenant: secrets are made there, at the first start. */
  clients: Readonly<Record<string, Client>>
  /** `state.organizations` of the tenant. */
  organizations: Readonly<Record<string, Organization>>
}

export interface Demo {
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

/** Rejects with one sentence when the port is in use. */
export const startDemo = async (options: DemoOptions): Promise<Demo> => {
  const { key, cert, caPem } = options.certificate
  const server = createServer({ key, cert })
  const port = await listenOnLoopback(server, options.port)
  const url = `https://localhost:${port}`
  const tenant = createTenantClient({
    tenantUrl: options.tenantUrl,
    fetch: createLocalFetch(caPem),
    redirectUri: `${url}/callback`,
    clients: options.clients,
    organizationId: (name) =>
      Object.values(options.organizations).find((one) => one.name === name)?.id ?? name,
  })
  server.on('request', createDemoApp({ url, ...options, tenant }))
  return {
    url,
    port,
    close: () => closeServer(server),
  }
}

interface DemoAppOptions {
  url: string
  tenantUrl: string
  clients: Readonly<Record<string, Client>>
  tenant: TenantClient
}

const SESSION_COOKIE = '__Host-demo-session'

const createDemoApp = (options: DemoAppOptions): Express => {
  const app = express()
  const demo: DemoApp = { ...options, sessions: createDemoSessions() }
  app.disable('x-powered-by')
  app.use(protectPages(options.tenantUrl))
  app.get('/style.css', sendStylesheet())
  app.get('/', (_request, response) => {
    response.type('html').send(renderHome(options.clients))
  })
  app.get('/sign-in', beginSignIn(demo))
  app.get('/callback', finishSignIn(demo))
  app.get('/result', showResult(demo))
  app.post('/sign-out', signOut(demo))
  app.use((_request, response) => {
    sendProblem(response, 404, 'There is no such page.')
  })
  app.use(showFailure)
  return app
}

interface DemoApp extends DemoAppOptions {
  sessions: DemoSessions
}

const protectPages =
  (tenantUrl: string): RequestHandler =>
  (_request, response, next) => {
    response.set({
      'content-security-policy': `default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self' ${tenantUrl}; frame-ancestors 'none'`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    next()
  }

const sendStylesheet = (): RequestHandler => {
  const file = new URL('../../local-tenant/views/style.css', import.meta.url)
  const stylesheet = readFileSync(file, 'utf8')
  return (_request, response) => {
    response.type('css').send(stylesheet)
  }
}

const beginSignIn =
  ({ sessions, tenant }: DemoApp): RequestHandler =>
  async (request, response) => {
    const person = people.find(({ email }) => email === request.query['email'])
    if (person === undefined) {
      sendProblem(response, 404, 'There is no such person here.')
      return
    }
    const session = openSession(sessions, request, response)
    const isFresh = request.query['again'] === undefined
    const begun = await tenant.beginSignIn({ ...person, isFresh }, Date.now())
    rememberPending(session, begun.state, begun.pending)
    response.redirect(302, begun.url.href)
  }

const finishSignIn =
  ({ sessions, tenant, url }: DemoApp): RequestHandler =>
  async (request, response) => {
    const session = sessions.find(readSessionCookie(request))
    const state = typeof request.query['state'] === 'string' ? request.query['state'] : ''
    const pending = session?.pending.get(state)
    if (session === undefined || pending === undefined) {
      sendProblem(response, 400, 'This browser has no sign-in on its way. Begin again.')
      return
    }
    session.pending.delete(state)
    session.result = await tenant.finishSignIn(new URL(request.url, url), state, pending)
    // Away from the address that has the code in it.
    response.redirect(302, '/result')
  }

const showResult =
  ({ sessions, clients }: DemoApp): RequestHandler =>
  (request, response) => {
    const result = sessions.find(readSessionCookie(request))?.result
    if (result === undefined) response.redirect(302, '/')
    else response.type('html').send(renderResult(result, clients))
  }

const signOut =
  ({ sessions, tenant, url }: DemoApp): RequestHandler =>
  async (request, response) => {
    const session = sessions.find(readSessionCookie(request))
    const result = session?.result
    delete session?.result
    const next = result === undefined ? '/' : (await tenant.signOutUrl(result, `${url}/`)).href
    response.redirect(303, next)
  }

const showFailure: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) {
    next(error)
    return
  }
  console.error('demo_failed', (error as { stack?: unknown }).stack)
  sendProblem(response, 500, 'The demo application failed; its console says where.')
}

const sendProblem = (response: Response, status: number, problem: string): void => {
  response.status(status).type('html').send(renderDemoProblem(problem))
}

const openSession = (sessions: DemoSessions, request: Request, response: Response): DemoSession => {
  const known = sessions.find(readSessionCookie(request))
  if (known !== undefined) return known
  const { id, session } = sessions.begin()
  response.cookie(SESSION_COOKIE, id, {
    secure: true,
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
  })
  return session
}

const readSessionCookie = (request: Request): string | undefined =>
  new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([A-Za-z0-9_-]+)`).exec(
    request.headers.cookie ?? '',
  )?.[1]
