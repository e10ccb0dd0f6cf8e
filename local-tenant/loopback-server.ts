import type { Server as HttpsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { TenantFailure } from './failure.ts'

/**
 * Listens on loopback, on a free port when `port` is 0, and answers the port. Rejects with one
 * sentence when it is in use.
 */
export const listenOnLoopback = async (server: Server, port: number): Promise<number> => {
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      fail(error.code === 'EADDRINUSE' ? portInUse(port) : error)
    })
    server.listen(port, '127.0.0.1', done)
  })
  return (server.address() as AddressInfo).port
}

const portInUse = (port: number): TenantFailure =>
  new TenantFailure('port_in_use', `Port ${port} is in use.`)

/** Ends the server and every connection it still has. */
export const closeServer = async (server: Server | HttpsServer): Promise<void> => {
  const closed = new Promise((done) => server.close(done))
  if ('closeAllConnections' in server) server.closeAllConnections()
  await closed
}
