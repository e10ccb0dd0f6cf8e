import { randomBytes } from 'node:crypto'
import type { TenantContext } from './context.ts'
import { generatedProfile } from './generated-profile.ts'
import { findUser } from './lookup.ts'
import { findByEmail } from './oidc/identities.ts'
import { hashPassword } from './secrets.ts'
import type { Connection, User } from './store.ts'

export interface NewDatabaseUser {
  email: string
  password: string
  /** Attributes of the root; `null` counts as not given. */
  attributes: Record<string, unknown>
  metadata: { app_metadata?: unknown; user_metadata?: unknown }
  /** Without the strategy in front; else one is made. */
  userId?: string | undefined
}

/** Adds a user to a database connection; `undefined` when the id or the address is taken. */
export const addDatabaseUser = (
  { store, now }: TenantContext,
  connection: Connection,
  { email, password, attributes, metadata, userId }: NewDatabaseUser,
): User | undefined => {
  const { state } = store
  const id = userId ?? randomBytes(12).toString('hex')
  const user_id = `auth0|${id}`
  const isTaken =
    findUser(state, user_id) !== undefined ||
    findByEmail(state.users, connection.name, email) !== undefined
  if (isTaken) return undefined
  const at = new Date(now()).toISOString()
  const given = Object.entries(attributes).filter(([, value]) => value !== null)
  const user: User = {
    ...generatedProfile(email, id),
    ...Object.fromEntries(given),
    email,
    user_id,
    email_verified: attributes['email_verified'] === true,
    identities: [{ connection: connection.name, provider: 'auth0', user_id: id, isSocial: false }],
    ...metadata,
    created_at: at,
    updated_at: at,
  }
  state.users[user_id] = user
  state.passwords[user_id] = hashPassword(password)
  store.touch()
  return user
}
