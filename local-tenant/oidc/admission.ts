/** Whether anybody can sign in at all, before it is asked who. */
import type { TenantContext } from '../context.ts'
import type { TenantState } from '../store.ts'
import type { OidcHandler } from './answer.ts'
import { problemPage } from './pages.ts'
import { findOwn } from '../lookup.ts'

/** RFC 6749 §4.1.2.1. */
export const UNAVAILABLE = 'temporarily_unavailable'

/**
 * Why nobody gets a token now, `undefined` while they can: a binding whose Action has nothing
 * deployed, which Auth0 never lets happen. The state was cut off or comes from elsewhere. A sign-in
 * that left such an Action out would pass unchecked.
 */
export const whyClosed = ({ store }: TenantContext): string | undefined => {
  const broken = (store.state.bindings['post-login'] ?? []).find(
    ({ action_id }) => !isDeployed(store.state, action_id),
  )
  return broken && `The Action ${broken.display_name} is bound and has no deployed version.`
}

const isDeployed = ({ actions }: TenantState, actionId: string): boolean => {
  const action = findOwn(actions, actionId)
  return action?.versions.some(({ id }) => id === action.deployed_version_id) ?? false
}

/** Keeps the pages of a sign-in back while nobody can finish one. */
export const onlyWhenOpen =
  (handler: OidcHandler): OidcHandler =>
  (request) => {
    const reason = whyClosed(request.context)
    return reason === undefined ? handler(request) : problemPage(503, UNAVAILABLE, reason)
  }
