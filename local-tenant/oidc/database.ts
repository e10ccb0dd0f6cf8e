import type { Connection, TenantState, User } from '../store.ts'
import { findOwn } from './lookup.ts'
import { verifyPassword } from './secrets.ts'

/** The user of a database connection with this e-mail address and password. */
export const findByPassword = (
  state: TenantState,
  connection: Connection,
  email: string,
  password: string,
): User | undefined => {
  const user = findByEmail(state, connection, email)
  const stored = findOwn(state.passwords, user?.user_id)
  return verifyPassword(password, stored) ? user : undefined
}

/** Auth0 keeps addresses of database users in lower case. */
const findByEmail = (
  state: TenantState,
  connection: Connection,
  email: string,
): User | undefined => {
  const wanted = email.trim().toLowerCase()
  return Object.values(state.users).find(
    (user) =>
      user.email?.toLowerCase() === wanted &&
      user.identities.some((identity) => identity.connection === connection.name),
  )
}
