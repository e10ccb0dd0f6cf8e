/** Finds things by names from outside, which may be names of `Object.prototype`. */
import type { Client, Connection, ResourceServer, TenantState, User } from './store.ts'

export const findClient = (state: TenantState, clientId: string | undefined): Client | undefined =>
  findOwn(state.clients, clientId)

export const findUser = (state: TenantState, userId: string | undefined): User | undefined =>
  findOwn(state.users, userId)

/** By name, as the protocol names it; the keys of the state are ids. */
export const findConnection = (state: TenantState, name: string): Connection | undefined =>
  Object.values(state.connections).find((connection) => connection.name === name)

export const findResourceServer = (
  state: TenantState,
  identifier: string,
): ResourceServer | undefined =>
  Object.values(state.resource_servers).find((server) => server.identifier === identifier)

/** Whether the connection exists and the client may use it. */
export const isEnabled = (state: TenantState, connection: string, client: Client): boolean =>
  findConnection(state, connection)?.enabled_clients.includes(client.client_id) ?? false

export const findOwn = <Value>(
  record: Record<string, Value>,
  key: string | undefined,
): Value | undefined => (key !== undefined && Object.hasOwn(record, key) ? record[key] : undefined)
