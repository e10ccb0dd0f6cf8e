/**
 * A system that knows more of a customer than Auth0 does, as an example for look-ups:
 * `GET /customers/<customer_id>` with a bearer token answers `{ tier, account_manager }`.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** How it answers whoever has the token. */
export type Behaviour =
  | { kind: 'well' }
  /** After so many milliseconds. */
  | { kind: 'slow'; delayMs: number }
  /** Status 429, with `Retry-After` in seconds. */
  | { kind: 'busy'; retryAfter: number }
  /** Status 503. */
  | { kind: 'down' }
  /** Sends whoever asks to another address. */
  | { kind: 'moved'; to: string }

export interface CustomerService {
  /** What to put into the secret `CUSTOMER_URL`. */
  readonly customersUrl: string
  /** Paths that were asked for with the right token, in order. */
  readonly asked: readonly string[]
  behave(behaviour: Behaviour): void
  close(): Promise<void>
}

export interface CustomerServiceOptions {
  /** 0 takes a free one. */
  port: number
  /** PEM, as `loadCertificate` gives it. */
  certificate: { key: string; cert: string }
  token: string
}

/** What to put into the secret `CUSTOMER_URL`. */
export const customersUrlOn = (port: number): string => `https://localhost:${port}/customers`

/** Rejects with Node's error (`EADDRINUSE`, …) when it cannot listen. */
export const startCustomerService = async ({
  port,
  certificate,
  token,
}: CustomerServiceOptions): Promise<CustomerService> => {
  const asked: string[] = []
  let behaviour: Behaviour = { kind: 'well' }
  const server = createServer(
    { key: certificate.key, cert: certificate.cert },
    (request, response) => {
      request.resume()
      if (!isAuthorized(request, token)) {
        send(response, 401, { error: 'unauthorized' }, { 'www-authenticate': 'Bearer' })
        return
      }
      asked.push(request.url ?? '')
      const answer = (): void => answerCustomer(request, response)
      switch (behaviour.kind) {
        case 'well':
          answer()
          return
        case 'slow': {
          const timer = setTimeout(answer, behaviour.delayMs)
          response.once('close', () => clearTimeout(timer))
          return
        }
        case 'busy':
          send(response, 429, { error: 'busy' }, { 'retry-after': String(behaviour.retryAfter) })
          return
        case 'down':
          send(response, 503, { error: 'down' })
          return
        case 'moved':
          send(response, 302, {}, { location: behaviour.to })
      }
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    customersUrl: customersUrlOn((server.address() as AddressInfo).port),
    asked,
    behave(next) {
      behaviour = next
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const isAuthorized = ({ headers }: IncomingMessage, token: string): boolean =>
  timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`))

const TIERS = ['basic', 'silver', 'gold']
const MANAGERS = ['Mira Lindqvist', 'Tomás Ferreira', 'Ayşe Demir']

/** Everybody whose id enrich-profile made is a customer; which one, the id decides. */
const answerCustomer = (request: IncomingMessage, response: ServerResponse): void => {
  const [, id] = /^\/customers\/(cus_[0-9a-f]{24})$/.exec(request.url ?? '') ?? []
  if (request.method !== 'GET') {
    send(response, 405, { error: 'method_not_allowed' }, { allow: 'GET' })
  } else if (id === undefined) {
    send(response, 404, { error: 'no_such_customer' })
  } else {
    const bytes = digest(id)
    send(response, 200, {
      customer_id: id,
      tier: TIERS[bytes.readUInt8(0) % TIERS.length],
      account_manager: MANAGERS[bytes.readUInt8(1) % MANAGERS.length],
      // More than anybody asked for, as such systems do.
      invoices: bytes.readUInt8(2),
    })
  }
}

const send = (
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void => {
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...headers,
    })
    .end(JSON.stringify(body))
}
