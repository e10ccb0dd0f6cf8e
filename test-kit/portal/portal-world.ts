import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { startPortal, type RunningPortal } from '../../portal/server.ts'
import { makeCertificate } from '../browser/certificate.ts'
import { FIXTURE_PAGES } from './fixture-pages.ts'
import { SIGNING_KEY, signTermsRequest, STATE, type ClaimChanges } from './terms-link.ts'

/** What reached the login host. */
export interface Continued {
  readonly method: string
  readonly path: string
  readonly fields: Readonly<Record<string, string>>
}

export interface PortalWorld {
  readonly portal: RunningPortal
  readonly loginHost: string
  /** Address of the application that the login host sends the browser back to. */
  readonly callback: string
  readonly continued: Continued[]
  readonly linkTo: (changes?: ClaimChanges) => Promise<string>
  /** Ends the portal and starts another, which knows nothing of the first, at the same address. */
  readonly restartPortal: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Three origins: the portal, a login host that redirects, and an application over plain HTTP. */
export const startPortalWorld = async (
  options: { readonly termsFolder?: string } = {},
): Promise<PortalWorld> => {
  const tls = await makeCertificate()
  const continued: Continued[] = []
  const application = createHttpServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.end('<!doctype html><html lang="en"><title>Application</title><h1>Back</h1></html>')
  })
  const callback = `http://app.localhost:${await listen(application)}/callback`
  const login = createHttpsServer(tls, (request, response) => {
    void readFields(request).then((fields) => {
      continued.push({ method: request.method ?? '', path: request.url ?? '', fields })
      response.writeHead(302, { location: callback }).end()
    })
  })
  const loginHost = `login.localhost:${await listen(login)}`
  const start = (port: number): Promise<RunningPortal> =>
    startPortal({
      host: 'localhost',
      port,
      tls,
      config: { signingKey: SIGNING_KEY, loginHosts: [loginHost] },
      app: { log: () => undefined, ...FIXTURE_PAGES, ...options },
    })
  let portal = await start(0)
  const { url } = portal
  let links = 0

  return {
    get portal() {
      return portal
    },
    loginHost,
    callback,
    continued,
    linkTo: async (changes = {}) => {
      links += 1
      const nonce = `nonce-${links.toString().padStart(16, '0')}`
      const claims = { iss: loginHost, nonce, ...changes }
      const session_token = await signTermsRequest(claims, { now: Date.now() })
      const query = new URLSearchParams({ session_token, state: STATE })
      return `${url}/terms?${query.toString()}`
    },
    restartPortal: async () => {
      await portal.close()
      portal = await start(Number(new URL(url).port))
    },
    close: async () => {
      await portal.close()
      for (const server of [login, application]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return (server.address() as AddressInfo).port
}

const readFields = async (request: IncomingMessage): Promise<Record<string, string>> => {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return Object.fromEntries(new URLSearchParams(body))
}
