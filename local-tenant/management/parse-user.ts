import type { Connection, User } from '../store.ts'
import { isObject, isString, unknownKey } from '../json.ts'
import { metadataProblem } from '../metadata.ts'
import { readRootSync, SYNCED_NAMES } from '../oidc/identities.ts'

/** Root attributes that `PATCH /users/{id}` takes beside metadata. */
const ROOT_CHECKS: Record<string, (value: unknown) => boolean> = {
  blocked: (value) => typeof value === 'boolean',
  email: (value) => isString(value, 3, 254) && /^[^@\s]{1,64}@[^@\s]+$/.test(value),
  email_verified: (value) => typeof value === 'boolean',
  family_name: (value) => value === null || isString(value, 1, 150),
  given_name: (value) => value === null || isString(value, 1, 150),
  name: (value) => value === null || isString(value, 1, 150),
  nickname: (value) => value === null || isString(value, 1, 350),
  phone_number: (value) => isString(value) && /^\+[0-9]{1,15}$/.test(value),
  phone_verified: (value) => typeof value === 'boolean',
  picture: (value) => value === null || isString(value, 1, 2000),
  username: (value) => isString(value, 1, 128),
}

const REQUEST_CHECKS: Record<string, (value: unknown) => boolean> = {
  client_id: (value) => isString(value),
  connection: (value) => isString(value),
  password: (value) => isString(value, 1, 1024),
  verify_email: (value) => typeof value === 'boolean',
  verify_phone_number: (value) => typeof value === 'boolean',
}

const CHECKS = { ...ROOT_CHECKS, ...REQUEST_CHECKS }

const METADATA = ['app_metadata', 'user_metadata'] as const

/** A body that passed: attributes by their wire names. */
export interface SentUser {
  /** Attributes for the root of the profile; `null` removes one. */
  attributes: Record<string, unknown>
  metadata: { app_metadata?: Record<string, unknown>; user_metadata?: Record<string, unknown> }
  connection?: string
  password?: string
  /** Without the strategy in front; POST only. */
  userId?: string
}

/**
 * Checks the body of POST or PATCH against the attributes that Auth0 lets a caller set, or says what
 * is wrong first.
 * https://auth0.com/docs/manage-users/user-accounts/user-profiles/root-attributes
 */
export const parseUser = (body: unknown, method: 'post' | 'patch'): SentUser | string => {
  if (!isObject(body)) return 'Expected type object'
  const known = [...Object.keys(CHECKS), ...METADATA, ...(method === 'post' ? ['user_id'] : [])]
  const unknown = unknownKey(body, known)
  if (unknown !== undefined) return `Additional properties not allowed: ${unknown}`
  if (method === 'patch' && Object.keys(body).length === 0) return 'Too few properties defined (0)'
  const wrong = Object.entries(body).find(
    ([key, value]) => Object.hasOwn(CHECKS, key) && CHECKS[key]?.(value) === false,
  )
  if (wrong !== undefined) return `Unexpected value for ${wrong[0]}`
  for (const name of METADATA) {
    const refusal = name in body ? metadataProblem(name, body[name]) : undefined
    if (refusal !== undefined) return refusal
  }
  const { user_id: userId, connection, password, app_metadata, user_metadata } = body
  if (userId !== undefined && !(isString(userId, 1, 255) && /^[^|\s]+$/.test(userId))) {
    return 'Unexpected value for user_id'
  }
  const attributes = Object.entries(body).filter(([key]) => Object.hasOwn(ROOT_CHECKS, key))
  return {
    attributes: Object.fromEntries(
      attributes.map(([key, value]) => [
        key,
        key === 'email' ? String(value).toLowerCase() : value,
      ]),
    ),
    metadata: {
      ...(isObject(app_metadata) && { app_metadata }),
      ...(isObject(user_metadata) && { user_metadata }),
    },
    ...(typeof connection === 'string' && { connection }),
    ...(typeof password === 'string' && { password }),
    ...(typeof userId === 'string' && { userId }),
  }
}

/** Belongs to the tenant itself, so a caller can always set it. */
const OWN = new Set(['blocked'])
const PASSWORDLESS = new Set(['email', 'sms'])

/**
 * The attributes among `names` that belong to the identity provider. Auth0 refuses to update them,
 * because the next sign-in would overwrite them.
 * https://auth0.com/docs/manage-users/user-accounts/user-profiles/configure-connection-sync-with-auth0
 */
export const attributesOfIdentityProvider = (
  names: readonly string[],
  user: User,
  connection: Connection | undefined,
): string[] => {
  const identity = user.identities[0]
  const strategy = connection?.strategy ?? identity?.provider ?? 'auth0'
  if (strategy === 'auth0') return []
  return names.filter((name) => {
    if (OWN.has(name)) return false
    if (SYNCED_NAMES.has(name)) {
      return !PASSWORDLESS.has(strategy) && readRootSync(connection) === 'on_each_login'
    }
    if (name === 'email') return !PASSWORDLESS.has(strategy)
    if (name === 'email_verified')
      return strategy === 'sms' || !(identity?.isSocial || strategy === 'email')
    if (name === 'phone_number' || name === 'phone_verified') return strategy !== 'sms'
    return true
  })
}
