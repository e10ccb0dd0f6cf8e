import type { NextFunction, Request, Response } from 'express'
import type { TenantContext } from '../context.ts'

/** Lets scripts read the answer on pages of a client's `web_origins` only. */
export const allowWebOrigins =
  (context: TenantContext) => (request: Request, response: Response, next: NextFunction) => {
    const { origin } = request.headers
    response.vary('origin')
    const isAllowed =
      origin !== undefined &&
      Object.values(context.store.state.clients).some((client) =>
        client.web_origins.includes(origin),
      )
    if (isAllowed) response.set('access-control-allow-origin', origin)
    if (request.method !== 'OPTIONS') {
      next()
      return
    }
    if (isAllowed) {
      response.set({
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'authorization, content-type, auth0-client',
        'access-control-max-age': '600',
      })
    }
    response.status(204).end()
  }
