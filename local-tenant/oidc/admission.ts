/** Whether anybody can sign in at all. */
import type { TenantContext } from '../context.ts'
import type { TenantState } from '../store.ts'
import type { OidcHandler } from './answer.ts'
import { problemPage } from './pages.ts'
import { findOwn } from '../lookup.ts'

/** RFC 6749 §4.1.2.1. */
export const UNAVAILABLE = 'temporarily_unavailable'

/**
 * Why nobody gets a token now; `undefined` when they can. An Action may be bound and not deployed
 * if the state was damaged or comes from elsewhere; Auth0 does not let that happen. A sign-in
 * without that Action would be unchecked.
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

/** Shows the reason instead of the page while nobody can finish a sign-in. */
export const onlyWhenOpen =
  (handler: OidcHandler): OidcHandler =>
  (request) => {
    const reason = whyClosed(request.context)
    return reason === undefined ? handler(request) : problemPage(503, UNAVAILABLE, reason)
  }
