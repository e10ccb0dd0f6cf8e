/**
 * Auth0's post-login trigger, version 3: the two arguments of a handler, `event` and `api`.
 *
 * Types only: `import type` is the one way in, a value import finds nothing.
 * @see https://auth0.com/docs/customize/actions/explore-triggers/post-login
 */

/** The names that the official `@auth0/actions/post-login/v3` exports too. */
export type { Configuration, Event, Secrets } from './event.js'
export type {
  PostLoginAction,
  PostLoginAPI,
  PromptAPI,
  RefreshTokenAPI,
  SessionAPI,
  TransactionAPI,
} from './api.js'

/**
 * Ours alone. Every other part is reached by its place, as in `Event['user']` or
 * `PostLoginAPI['redirect']`, which also holds on the official package.
 */
export type { Protocol } from './event.js'
export type { JsonValue } from './api.js'
