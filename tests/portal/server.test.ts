import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { Agent, request as send } from 'undici'
import { startPortal, TIME_LIMITS } from '../../portal/server.ts'
import { makeCertificate } from '../../test-kit/browser/certificate.ts'
import { SIGNING_KEY } from '../../test-kit/portal/terms-link.ts'

const config = { signingKey: SIGNING_KEY, loginHosts: ['login.example.com'] }
const loopback = { host: '127.0.0.1', port: 0, config }

test('the portal serves plain HTTP for a proxy until it is closed', async () => {
  const portal = await startPortal(loopback)
  expect(portal.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const answer = await send(`${portal.url}/health`)
  expect(await answer.body.json()).toEqual({ status: 'ok' })
  await portal.close()
  await expect(send(`${portal.url}/health`)).rejects.toThrow('ECONNREFUSED')
})

test('the portal serves HTTPS, and no HSTS on loopback', async () => {
  const portal = await startPortal({ ...loopback, tls: await makeCertificate() })
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } })
  const local = await send(`${portal.url}/health`, { dispatcher })
  const headers = { host: 'terms.example.com' }
  const published = await send(`${portal.url}/health`, { dispatcher, headers })
  await Promise.all([local.body.dump(), published.body.dump()])
  await dispatcher.close()
  await portal.close()
  expect(portal.url).toMatch(/^https:/)
  expect(local.headers).not.toHaveProperty('strict-transport-security')
  expect(published.headers).toMatchObject({ 'strict-transport-security': 'max-age=31536000' })
})

test('a connection is kept for the next request', async () => {
  const portal = await startPortal(loopback)
  const { host, hostname, port } = new URL(portal.url)
  const kept = connect(Number(port), hostname)
  let said = ''
  kept.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const health = (more: string): string => `GET /health HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`
  kept.write(health(''))
  await Promise.race([once(kept, 'data'), once(kept, 'close')])
  kept.write(health('Connection: close\r\n'))
  await once(kept, 'close').catch(() => undefined)
  await portal.close()
  expect(said.match(/HTTP\/1.1 200 /g)).toHaveLength(2)
})

test('closing finishes the requests that run and takes no others', async () => {
  const portal = await startPortal({ ...loopback, app: { log: () => undefined } })
  const { host, hostname, port } = new URL(portal.url)
  const form = 'session_token=none&state=x'
  // The form is sent in two halves, and the portal closed in between.
  const slow = connect(Number(port), hostname)
  await once(slow, 'connect')
  slow.write(
    `POST /terms HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
      `Content-Length: ${form.length}\r\nExpect: 100-continue\r\n\r\n${form.slice(0, 9)}`,
  )
  const [goOn] = (await once(slow, 'data')) as [Buffer]
  expect(goOn.toString()).toMatch(/^HTTP\/1.1 100 /)
  const closed = portal.close()
  await expect(send(`${portal.url}/health`)).rejects.toThrow('ECONNREFUSED')
  slow.write(form.slice(9))
  const [answer] = (await once(slow, 'data')) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1.1 403 /)
  await closed
})

test.each([
  ['headers', 'GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: '],
  [
    'a body',
    'POST /terms HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n' +
      'Content-Length: 100\r\n\r\na=',
  ],
])('a client that sends %s too slowly is cut off at the limit', async (_what, beginning) => {
  const limits = { headersTimeout: 50, requestTimeout: 100, connectionsCheckingInterval: 10 }
  const portal = await startPortal({ ...loopback, app: { log: () => undefined }, limits })
  const { hostname, port } = new URL(portal.url)
  const slow = connect(Number(port), hostname)
  await once(slow, 'connect')
  slow.write(beginning)
  // A byte now and then must not put the end off.
  const drip = setInterval(() => slow.write('x'), 20)
  let said = ''
  slow.on('data', (chunk: Buffer) => (said += chunk.toString()))
  slow.on('error', () => undefined)
  await once(slow, 'close')
  clearInterval(drip)
  expect(said).toMatch(/^HTTP\/1.1 408 /)
  await portal.close()
})

test('the limits are 10 s for headers and 20 s in all, looked at each half second', () => {
  expect(TIME_LIMITS).toEqual({
    headersTimeout: 10_000,
    requestTimeout: 20_000,
    connectionsCheckingInterval: 500,
  })
})

test('closing does not wait for a connection that was opened in advance', async () => {
  const portal = await startPortal(loopback)
  const { hostname, port } = new URL(portal.url)
  const idle = connect(Number(port), hostname)
  await once(idle, 'connect')
  // Node accepts in order: after this answer the portal knows of the connection before it.
  await (await send(`${portal.url}/health`)).body.dump()
  const before = Date.now()
  await portal.close()
  expect(Date.now() - before).toBeLessThan(2000)
  idle.destroy()
})

test('a port in use is told with the error of Node', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  try {
    await expect(startPortal({ ...loopback, port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  } finally {
    await new Promise((resolve) => other.close(resolve))
  }
})
