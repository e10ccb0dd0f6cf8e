import type { OidcHandler } from './answer.ts'
import { BROWSER_COOKIE, readCookie } from './cookies.ts'
import { problemPage } from './pages.ts'
import { parseParameters } from './parameters.ts'
import { finishContinued } from './sign-in.ts'

/**
 * `/continue`, by GET or POST: once, within the hour, and in the browser that was sent away.
 * https://auth0.com/docs/customize/actions/redirect-with-actions
 */
export const continueLogin: OidcHandler = (request) => {
  const query = parseParameters(request.query)
  const body = parseParameters(request.body)
  const states = new Set(
    [query.values['state'], body.values['state']].filter((state) => state !== undefined),
  )
  const [state] = states
  const isClear =
    states.size === 1 && !query.malformed.includes('state') && !body.malformed.includes('state')
  const suspended = isClear
    ? request.context.transactions.takeSuspended(state, readCookie(request, BROWSER_COOKIE))
    : undefined
  return suspended === undefined
    ? problemPage(
        400,
        'invalid_request',
        'The state is missing, unknown, used, expired, or belongs to another browser.',
      )
    : finishContinued(request, suspended)
}
