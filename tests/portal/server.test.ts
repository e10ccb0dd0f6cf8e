import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { Agent, request as send } from 'undici'
import { startPortal } from '../../portal/server.ts'
import { makeCertificate } from '../browser/certificate.ts'
import { SIGNING_KEY } from './terms-link.ts'

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
