import { allow, deny, type Allow, type Deny } from '../shared/decision.ts'
import { isObject, own } from '../shared/json.ts'
import type { GuardAccessSettings } from './settings.ts'

/** What the decision rests on, as the event holds it. */
export interface AccessFacts {
  readonly clientId: string
  readonly clientMetadata: unknown
  readonly strategy: string
  /** By name. */
  readonly connection: string
  /** `event.organization`: the one that the user signs in with. */
  readonly organization: unknown
  /** Names of the roles that the user has, for that organization if there is one. */
  readonly roles: unknown
  readonly emailVerified: unknown
  readonly appMetadata: unknown
}

/**
 * Client metadata that asks for a verified e-mail. Auth0 keeps strings only, so anything but
 * nothing, "false", "no", "off" and "0" asks for it: a typing error does not open the door.
 */
const REQUIRE_VERIFIED_EMAIL = 'require_verified_email'

/**
 * Client metadata with the ids or names of the organizations, and the names of the roles, for which
 * the application is, separated by commas. One of each list has to match, letter by letter. What is
 * there but names nobody, as an empty text does, lets nobody in.
 */
const ALLOWED_ORGANIZATIONS = 'allowed_organizations'
const ALLOWED_ROLES = 'allowed_roles'

/** `app_metadata` key with the client_ids of applications this user may not use. */
const BLOCKED_CLIENTS = 'blocked_clients'

export const decideAccess = (facts: AccessFacts, settings: GuardAccessSettings): Allow | Deny => {
  const blockedClients = parseBlockedClients(facts.appMetadata)
  if (blockedClients === undefined) return deny('access_record_unreadable')
  if (blockedClients.includes(facts.clientId)) return deny('client_blocked')

  const organizations = [own(facts.organization, 'id'), own(facts.organization, 'name')]
  if (!isAllowed(own(facts.clientMetadata, ALLOWED_ORGANIZATIONS), organizations)) {
    return deny('organization_not_allowed')
  }
  if (!isAllowed(own(facts.clientMetadata, ALLOWED_ROLES), facts.roles)) {
    return deny('role_not_allowed')
  }
  return mustVerifyEmail(facts, settings) && facts.emailVerified !== true
    ? deny('email_unverified')
    : allow()
}

/** Whether one of `names` is in the list; without a list everybody is allowed. */
const isAllowed = (list: unknown, names: unknown): boolean => {
  if (list === undefined) return true
  const allowed: unknown[] =
    typeof list === 'string' ? list.split(',').map((name) => name.trim()) : []
  return Array.isArray(names) && names.some((name) => name !== '' && allowed.includes(name))
}

const mustVerifyEmail = (facts: AccessFacts, settings: GuardAccessSettings): boolean =>
  settings.verifiedEmailConnections.includes(facts.connection) ||
  (settings.verifiedEmailStrategies.includes(facts.strategy) &&
    asksForVerifiedEmail(own(facts.clientMetadata, REQUIRE_VERIFIED_EMAIL)))

/**
 * The client_ids in `app_metadata.blocked_clients`; one alone may stand without a list. Answers
 * `undefined` for what cannot be read, several in one text included, because then nobody knows
 * whether the user is blocked.
 */
const parseBlockedClients = (appMetadata: unknown): readonly unknown[] | undefined => {
  if (appMetadata !== undefined && !isObject(appMetadata)) return undefined
  const blocked = [own(appMetadata, BLOCKED_CLIENTS) ?? []].flat()
  return blocked.every((entry) => typeof entry === 'string' && CLIENT_ID.test(entry))
    ? blocked
    : undefined
}

/** What a client_id never holds is a sign that somebody wrote several, or mistyped one. */
const CLIENT_ID = /^[^\s,;"]+$/

const asksForVerifiedEmail = (value: unknown): boolean =>
  value !== undefined && !(typeof value === 'string' && /^\s*(?:|false|no|off|0)\s*$/i.test(value))
