import type { Connection, TenantState, User } from '../store.ts'
import { findByEmail, passwordKey } from './identities.ts'
import { findOwn } from '../lookup.ts'
import { verifyPassword } from '../secrets.ts'

/**
 * The user of a database connection with this e-mail address and password: those of the identity
 * there, which may be a linked one. Auth0 keeps addresses of database users in lower case.
 */
export const findByPassword = (
  state: TenantState,
  connection: Connection,
  email: string,
  password: string,
): User | undefined => {
  const found = findByEmail(state.users, connection.name, email.trim())
  const stored = findOwn(state.passwords, found && passwordKey(found.identity))
  return verifyPassword(password, stored) ? found?.user : undefined
}
