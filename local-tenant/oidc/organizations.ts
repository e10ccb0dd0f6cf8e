/** Signing in to an organization. */
import { findOwn } from '../lookup.ts'
import type { Client, Connection, Organization, TenantState, User } from '../store.ts'
import type { AuthorizationRequest } from './authorization-request.ts'

/** The connections that a user may choose from: those of the application and the organization. */
export const connectionsFor = (
  state: TenantState,
  client: Client,
  { connection: wanted, organization: id }: AuthorizationRequest,
): Connection[] => {
  const organization = findOwn(state.organizations, id)
  return Object.values(state.connections).filter(
    (connection) =>
      connection.enabled_clients.includes(client.client_id) &&
      (wanted === undefined || wanted === connection.name) &&
      (id === undefined || findEnabled(organization, connection) !== undefined),
  )
}

/**
 * Makes the user a member where the connection does so, and says why they may not sign in to the
 * organization, in Auth0's words.
 */
export const joinOrganization = (
  { organizations }: TenantState,
  id: string | undefined,
  { user_id: userId }: User,
  connection: Connection,
): string | undefined => {
  if (id === undefined) return undefined
  const organization = findOwn(organizations, id)
  if (findEnabled(organization, connection)?.assign_membership_on_login === true) {
    if (organization !== undefined) organization.members[userId] ??= []
  }
  return organization !== undefined && Object.hasOwn(organization.members, userId)
    ? undefined
    : `user ${userId} is not part of the ${id} organization`
}

const findEnabled = (organization: Organization | undefined, { id }: Connection) =>
  organization?.enabled_connections.find(({ connection_id }) => connection_id === id)
