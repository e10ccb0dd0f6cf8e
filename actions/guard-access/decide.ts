import { allow, deny, type Allow, type Deny } from '../shared/decision.ts'
import { isObject, own } from '../shared/json.ts'
import { stringOf } from '../shared/sign-in.ts'
import { holds, type When } from '../shared/when.ts'
import type { AccessFacts } from './facts.ts'
import type { GuardAccessSettings } from './schema.ts'
import type { DenyCode } from './sentences.ts'

/**
 * Client metadata that asks for a verified e-mail. Auth0 keeps strings only, so anything but
 * nothing, "false", "no", "off" and "0" asks for it: a typing error does not open the door.
 */
const REQUIRE_VERIFIED_EMAIL = 'require_verified_email'

/**
 * Client metadata with the ids or names of the organizations, and the names of the roles, for which
 * the application is, separated by commas. One of each list has to match, letter by letter. What is
 * there but names nobody, as an empty string does, lets nobody in.
 */
const ALLOWED_ORGANIZATIONS = 'allowed_organizations'
const ALLOWED_ROLES = 'allowed_roles'

/** `app_metadata` key with the client_ids of applications this user may not use. */
const BLOCKED_CLIENTS = 'blocked_clients'

export const decideAccess = (
  facts: AccessFacts,
  settings: GuardAccessSettings,
): Allow | Deny<DenyCode> => {
  const { clientMetadata, metadata } = facts
  const blocked = parseBlockedClients(metadata.app_metadata)
  const asked = verifiedEmailAsked(facts, settings)
  const checks: readonly (readonly [code: DenyCode, path: string, isPassed: boolean])[] = [
    ['access_record_unreadable', `app_metadata.${BLOCKED_CLIENTS}`, blocked !== undefined],
    ['access_record_unreadable', 'client.metadata', isReadable(clientMetadata)],
    ['client_blocked', `app_metadata.${BLOCKED_CLIENTS}`, !blocked?.includes(facts.client)],
    [
      'organization_not_allowed',
      `client.metadata.${ALLOWED_ORGANIZATIONS}`,
      isAllowed(own(clientMetadata, ALLOWED_ORGANIZATIONS), facts.organization),
    ],
    [
      'role_not_allowed',
      `client.metadata.${ALLOWED_ROLES}`,
      isAllowed(own(clientMetadata, ALLOWED_ROLES), facts.roles),
    ],
    [
      'email_unverified',
      asked ?? 'verifiedEmailWhen',
      asked === undefined || isEmailVerified(facts, settings),
    ],
  ]
  const failed = checks.findIndex(([, , isPassed]) => !isPassed)
  const reasons = checks
    .slice(0, failed < 0 ? checks.length : failed + 1)
    .map(([code, path], index) => ({ code: index === failed ? code : 'passed', path }))
  const [code] = checks[failed] ?? []
  return code === undefined ? allow({ reasons }) : deny(code, reasons)
}

/** Whether one of `names` is in the list; without a list everybody is allowed. */
const isAllowed = (list: unknown, names: unknown): boolean => {
  if (list === undefined) return true
  const allowed: unknown[] =
    typeof list === 'string' ? list.split(',').map((name) => name.trim()) : []
  return Array.isArray(names) && names.some((name) => name !== '' && allowed.includes(name))
}

/** What asks for a verified address, if anything does. */
const verifiedEmailAsked = (
  facts: AccessFacts,
  { verifiedEmailWhen }: GuardAccessSettings,
): string | undefined => {
  if (asksForVerifiedEmail(own(facts.clientMetadata, REQUIRE_VERIFIED_EMAIL))) {
    return `client.metadata.${REQUIRE_VERIFIED_EMAIL}`
  }
  return verifiedEmailWhen && isMeant(verifiedEmailWhen, facts) ? 'verifiedEmailWhen' : undefined
}

/** The address is the primary identity's, so what is asked of its connection is asked here too. */
const isMeant = (when: When, facts: AccessFacts): boolean => {
  const asPrimary = {
    ...facts,
    strategy: stringOf(own(facts.primaryIdentity, 'provider')),
    connection: stringOf(own(facts.primaryIdentity, 'connection')),
    currentIdentity: facts.identities.find(({ isPrimary }) => isPrimary),
  }
  return [facts, asPrimary].some((one) => holds(when, one) !== false)
}

/** The word of a connection is about the address that its own identity brought, and no other. */
const isEmailVerified = (facts: AccessFacts, settings: GuardAccessSettings): boolean =>
  (facts.emailVerified === true && isVerifiedByKnown(facts.primaryIdentity)) ||
  (settings.emailTrustedConnections.includes(facts.connection) &&
    own(facts.primaryIdentity, 'connection') === facts.connection)

/** A database and the code by e-mail: what they say of an address is Auth0's own word. */
const OWN_PROVIDERS = ['auth0', 'email']

/** The providers of all custom social connections, behind which there may be anybody. */
const CUSTOM_PROVIDERS = ['oauth2', 'oauth1']

/**
 * Whether `email_verified` of this identity is the word of Auth0 or of a social provider that Auth0
 * knows. That of an enterprise connection is whatever its identity provider sends.
 */
const isVerifiedByKnown = (identity: unknown): boolean => {
  const provider = own(identity, 'provider')
  if (typeof provider !== 'string') return false
  const isSocial = own(identity, 'isSocial') === true && !CUSTOM_PROVIDERS.includes(provider)
  return isSocial || OWN_PROVIDERS.includes(provider)
}

/**
 * The client_ids in `app_metadata.blocked_clients`; one alone may stand without a list. Answers
 * `undefined` for what cannot be read, several in one string included, because then nobody knows
 * whether the user is blocked.
 */
const parseBlockedClients = (appMetadata: unknown): readonly unknown[] | undefined => {
  if (!isReadable(appMetadata)) return undefined
  const blocked = [own(appMetadata, BLOCKED_CLIENTS) ?? []].flat()
  return blocked.every((entry) => typeof entry === 'string' && CLIENT_ID.test(entry))
    ? blocked
    : undefined
}

/** Anything else is a sign that somebody mistyped a client_id, wrote several, or meant a pattern. */
const CLIENT_ID = /^[A-Za-z0-9_-]{1,64}$/

const isReadable = (metadata: unknown): boolean => metadata === undefined || isObject(metadata)

const asksForVerifiedEmail = (value: unknown): boolean =>
  value !== undefined && !(typeof value === 'string' && /^\s*(?:|false|no|off|0)\s*$/i.test(value))
