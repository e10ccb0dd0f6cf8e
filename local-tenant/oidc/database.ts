import type { Connection, TenantState, User } from '../store.ts'
import { findByEmail, passwordKey } from './identities.ts'
import { findOwn } from '../lookup.ts'
import { verifyPassword } from '../secrets.ts'

/**
 * The user whose identity at this database connection has this e-mail address and password. It may
 * be a linked identity. Auth0 keeps addresses of database users in lower case.
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
