import { createServer as createHttpServer, type ServerOptions } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createPortal, type PortalOptions } from './app.ts'
import type { PortalConfig } from './config.ts'

export interface RunningPortal {
  /** Without a slash at the end. */
  readonly url: string
  /** Takes no new requests and ends when the running ones are answered, after 5 s at the latest. */
  readonly close: () => Promise<void>
}

const CLOSE_MILLISECONDS = 5000

/**
 * How long a client may take, in milliseconds: for the headers, and for the whole request. Node
 * looks every 30 s whether a connection is over time unless it is told otherwise.
 */
export const TIME_LIMITS: Readonly<
  Pick<ServerOptions, 'headersTimeout' | 'requestTimeout' | 'connectionsCheckingInterval'>
> = { headersTimeout: 10_000, requestTimeout: 20_000, connectionsCheckingInterval: 500 }

/**
 * Serves the portal. Rejects with Node's error (`EADDRINUSE`, `EACCES`, …) when it cannot listen.
 * @param options.port 0 takes a free one, told by `url`
 * @param options.tls PEM; without it the portal speaks plain HTTP, for a proxy that ends TLS
 */
export const startPortal = async (options: {
  readonly host: string
  readonly port: number
  readonly tls?: { readonly key: string; readonly cert: string }
  readonly config: PortalConfig
  readonly app?: PortalOptions
  /** Default: `TIME_LIMITS`. */
  readonly limits?: typeof TIME_LIMITS
}): Promise<RunningPortal> => {
  const { host, port, tls, config, limits = TIME_LIMITS } = options
  const app = createPortal(config, options.app)
  const server = tls ? createHttpsServer({ ...tls, ...limits }, app) : createHttpServer(limits, app)

  // Browsers open connections in advance, and Node would wait for a request on each of them.
  let running = 0
  let isClosing = false
  const closeWhenIdle = () => {
    if (isClosing && running === 0) server.closeAllConnections()
  }
  server.on('request', (_request, response) => {
    running += 1
    response.once('close', () => {
      running -= 1
      closeWhenIdle()
    })
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const bound = (server.address() as AddressInfo).port
  const close = () =>
    new Promise<void>((resolve) => {
      const force = setTimeout(() => server.closeAllConnections(), CLOSE_MILLISECONDS)
      server.close(() => {
        clearTimeout(force)
        resolve()
      })
      isClosing = true
      closeWhenIdle()
    })
  const urlHost = host.includes(':') ? `[${host}]` : host
  return { url: `${tls ? 'https' : 'http'}://${urlHost}:${bound}`, close }
}
