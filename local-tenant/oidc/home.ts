import type { Request, Response } from 'express'
import { whyClosed } from './admission.ts'
import type { OidcContext } from './oidc-context.ts'
import { renderPage, sendPage } from './pages.ts'

/** `GET /`: what this is, whether one can sign in, and the applications where one begins. */
export const showHome = (context: OidcContext) => (_request: Request, response: Response) => {
  const origins = Object.values(context.store.state.clients).flatMap((client) => client.web_origins)
  const html = renderPage('home', {
    title: 'The local tenant',
    closedBecause: whyClosed(context),
    applications: [...new Set(origins)].filter((origin) => /^https?:\/\//.test(origin)),
  })
  sendPage(response, 200, html)
}
