import { allow, deny, type Decision } from '../shared/decision.ts'
import { isObject, own } from '../shared/json.ts'
import type { GuardAccessSettings } from './settings.ts'

/** What the decision rests on, as the event holds it. */
export interface AccessFacts {
  readonly clientId: string
  readonly clientMetadata: unknown
  readonly strategy: string
  readonly emailVerified: unknown
  readonly appMetadata: unknown
}

/**
 * Client metadata that asks for a verified e-mail. Auth0 keeps strings only, so anything but
 * nothing, "false", "no", "off" and "0" asks for it: a typing error does not open the door.
 */
export const REQUIRE_VERIFIED_EMAIL = 'require_verified_email'

/** `app_metadata` key with the client_ids of applications this user may not use. */
export const BLOCKED_CLIENTS = 'blocked_clients'

export const decideAccess = (facts: AccessFacts, settings: GuardAccessSettings): Decision => {
  const blockedClients = parseBlockedClients(facts.appMetadata)
  if (blockedClients === undefined) return deny('access_record_unreadable')
  if (blockedClients.includes(facts.clientId)) return deny('client_blocked')

  const mustVerify =
    settings.verifiedEmailStrategies.includes(facts.strategy) &&
    asksForVerifiedEmail(own(facts.clientMetadata, REQUIRE_VERIFIED_EMAIL))
  return mustVerify && facts.emailVerified !== true ? deny('email_unverified') : allow()
}

/**
 * The client_ids in `app_metadata.blocked_clients`; one alone may stand without a list. Answers
 * `undefined` for what cannot be read, because then nobody knows whether the user is blocked.
 */
const parseBlockedClients = (appMetadata: unknown): readonly unknown[] | undefined => {
  if (appMetadata !== undefined && !isObject(appMetadata)) return undefined
  const value = own(appMetadata, BLOCKED_CLIENTS) ?? []
  if (typeof value === 'string') return [value]
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
    ? value
    : undefined
}

const asksForVerifiedEmail = (value: unknown): boolean =>
  value !== undefined && !(typeof value === 'string' && /^\s*(?:|false|no|off|0)\s*$/i.test(value))
