/** Roles of users, and the organizations that users belong to. */
import { findOwn } from './lookup.ts'
import type { Organization, Role, TenantState } from './store.ts'

/** The roles that a user has in the organization or, without one, in the tenant. */
export const rolesOf = (
  state: TenantState,
  userId: string,
  organization: Organization | undefined,
): Role[] =>
  organization === undefined
    ? Object.values(state.roles).filter(({ users }) => users.includes(userId))
    : (findOwn(organization.members, userId) ?? []).flatMap((id) => findOwn(state.roles, id) ?? [])

export const organizationsOf = (state: TenantState, userId: string): Organization[] =>
  Object.values(state.organizations).filter(({ members }) => Object.hasOwn(members, userId))

/** A deleted user is in no organization and has no role. */
export const forgetMember = (state: TenantState, userId: string): void => {
  for (const role of Object.values(state.roles)) {
    role.users = role.users.filter((id) => id !== userId)
  }
  for (const { members } of Object.values(state.organizations)) delete members[userId]
}
