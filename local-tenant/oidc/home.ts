import { whyClosed } from './admission.ts'
import type { OidcHandler } from './answer.ts'
import { page } from './pages.ts'

/** `GET /`: what this is, whether one can sign in, and the applications where one begins. */
export const showHome: OidcHandler = ({ context }) => {
  const origins = Object.values(context.store.state.clients).flatMap((client) => client.web_origins)
  return page('home', {
    title: 'The local tenant',
    closedBecause: whyClosed(context),
    applications: [...new Set(origins)].filter((origin) => /^https?:\/\//.test(origin)),
  })
}
