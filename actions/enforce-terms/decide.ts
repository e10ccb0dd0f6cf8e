import type { Protocol } from '@auth0/actions-types/post-login/v3'
import { allow, allowPlan, deny, type Decision, type DenyCode } from '../shared/decision.ts'
import { isObject, own } from '../shared/json.ts'
import { planMetadata, TERMS_BUDGET_BYTES, type StoredMetadata } from '../shared/metadata.ts'
import {
  isTermsVersion,
  parseTermsAnswer,
  signingKeyProblem,
  TERMS_REQUEST_SECONDS,
  type TermsRequest,
} from '../shared/session-token.ts'
import type { EnforceTermsSettings, SecretName, TermsVersion } from './settings.ts'

/**
 * What happens to a user who has not accepted the terms, by protocol:
 *
 * - `redirect`: a browser is there and the user can be asked. With `prompt=none` Auth0 turns the
 *   redirect into `interaction_required`; to return silently would be a way around, because the
 *   session exists before any Action runs.
 * - `grace`: nobody can be asked, but the user was when the refresh token was issued. Allowed for
 *   `refreshGraceDays` after the version came into force, then denied.
 * - `deny`: nobody can be asked.
 *
 * https://auth0.com/docs/customize/actions/redirect-with-actions
 */
export const PROTOCOL_POLICY: Readonly<Record<Protocol, 'redirect' | 'grace' | 'deny'>> = {
  'oidc-basic-profile': 'redirect',
  'oidc-implicit-profile': 'redirect',
  'oidc-hybrid-profile': 'redirect',
  'oauth2-device-code': 'redirect',
  samlp: 'redirect',
  wsfed: 'redirect',
  'oauth2-refresh-token': 'grace',
  'oidc-ciba': 'deny',
  'oidc-ciba-web-link': 'deny',
  'oauth2-access-token': 'deny',
  'oauth2-password': 'deny',
  'oauth2-resource-owner': 'deny',
  'oauth2-resource-owner-jwt-bearer': 'deny',
  'oauth2-token-exchange': 'deny',
  'oauth2-webauthn': 'deny',
  'wstrust-usernamemixed': 'deny',
}

/** Transaction metadata that ties the answer to the redirect that asked for it. */
export const NONCE_KEY = 'terms_nonce'

/** The `app_metadata` key that says what was accepted; written by this Action only. */
export const TERMS_KEY = 'terms'

/** `app_metadata.terms`. */
export interface TermsAcceptance {
  readonly version: string
  /** ISO 8601 in UTC. */
  readonly accepted_at: string
  /** BCP 47 tag of the text the user saw. */
  readonly locale: string
}

export interface TermsFacts {
  /** Absent where Auth0 does not say how the user signs in. */
  readonly protocol: string | undefined
  readonly metadata: StoredMetadata
  readonly secrets: Readonly<Partial<Record<SecretName, string>>>
  /** BCP 47 tags in order of preference. */
  readonly locales: readonly string[]
  readonly clientName: string
}

/** Lets the user in who accepted the version in force, and decides what happens to the others. */
export const decideTerms = (
  facts: TermsFacts,
  settings: EnforceTermsSettings,
  now: Date,
  nonce: string,
): Decision => {
  if (!isReadable(facts.metadata.app_metadata)) return deny('terms_record_unreadable')
  const inForce = versionInForce(settings, now)
  if (inForce === undefined || acceptedVersion(facts.metadata) === inForce.version) return allow()

  switch (readPolicy(facts.protocol)) {
    case 'redirect':
      return redirectToTerms(facts, inForce, nonce)
    case 'grace':
      return now.getTime() < graceEnd(inForce, settings)
        ? allow({ notes: [{ code: 'terms_grace', target: inForce.version }] })
        : deny('terms_interaction_required')
    case 'deny':
      return deny('terms_interaction_required')
  }
}

export interface TermsAnswerFacts {
  readonly metadata: StoredMetadata
  /** Claims of the session token that came back, verified by Auth0; `undefined` if none was valid. */
  readonly claims: unknown
  /** What `NONCE_KEY` in the transaction's metadata holds. */
  readonly nonce: unknown
}

/** Records an acceptance that is for this user, this transaction and the version in force. */
export const decideTermsAnswer = (
  facts: TermsAnswerFacts,
  settings: EnforceTermsSettings,
  now: Date,
): Decision => {
  if (!isReadable(facts.metadata.app_metadata)) return deny('terms_record_unreadable')
  const answer = parseTermsAnswer(facts.claims)
  if (answer === undefined || answer.nonce !== facts.nonce) return deny('terms_answer_invalid')
  if (answer.answer === 'declined') return deny('terms_declined')
  if (answer.terms_version !== versionInForce(settings, now)?.version) {
    return deny('terms_version_changed')
  }

  const acceptance: TermsAcceptance = {
    version: answer.terms_version,
    accepted_at: now.toISOString(),
    locale: answer.locale,
  }
  const plan = planMetadata(
    facts.metadata,
    { app_metadata: { [TERMS_KEY]: { ...acceptance } } },
    TERMS_BUDGET_BYTES,
  )
  // An acceptance that cannot be kept would be asked for at every sign-in, for ever.
  return plan.refused.length > 0 ? deny('terms_record_full') : allowPlan(plan)
}

const readPolicy = (protocol: string | undefined): 'redirect' | 'grace' | 'deny' =>
  protocol !== undefined && Object.hasOwn(PROTOCOL_POLICY, protocol)
    ? PROTOCOL_POLICY[protocol as Protocol]
    : 'deny'

const isReadable = (appMetadata: unknown): boolean =>
  appMetadata === undefined || isObject(appMetadata)

const versionInForce = (settings: EnforceTermsSettings, now: Date): TermsVersion | undefined =>
  settings.versions.findLast(({ effectiveAt }) => Date.parse(effectiveAt) <= now.getTime())

const graceEnd = ({ effectiveAt }: TermsVersion, settings: EnforceTermsSettings): number =>
  Date.parse(effectiveAt) + settings.refreshGraceDays * 24 * 60 * 60 * 1000

/** The version on record; a record without its time is no acceptance. */
const acceptedVersion = (metadata: StoredMetadata): string | undefined => {
  const terms = own(metadata.app_metadata, TERMS_KEY)
  const version = own(terms, 'version')
  const acceptedAt = own(terms, 'accepted_at')
  const isComplete = typeof acceptedAt === 'string' && !Number.isNaN(Date.parse(acceptedAt))
  return isComplete && isTermsVersion(version) ? version : undefined
}

const redirectToTerms = (facts: TermsFacts, inForce: TermsVersion, nonce: string): Decision => {
  const problem = secretsProblem(facts.secrets)
  if (problem !== undefined) return deny(problem)
  const payload: TermsRequest = {
    purpose: 'terms_request',
    terms_version: inForce.version,
    nonce,
    locales: facts.locales,
    client_name: facts.clientName,
  }
  return {
    kind: 'redirect',
    url: facts.secrets.TERMS_URL ?? '',
    payload,
    signedWith: 'TERMS_TOKEN_SECRET' satisfies SecretName,
    expiresInSeconds: TERMS_REQUEST_SECONDS,
    remember: { [NONCE_KEY]: nonce },
  }
}

const secretsProblem = (secrets: TermsFacts['secrets']): DenyCode | undefined => {
  const keyProblem = signingKeyProblem(secrets.TERMS_TOKEN_SECRET)
  if (keyProblem === 'missing') return 'terms_key_missing'
  if (keyProblem !== undefined) return 'terms_key_weak'
  const url = secrets.TERMS_URL ?? ''
  return URL.canParse(url) && new URL(url).protocol === 'https:' ? undefined : 'terms_url_invalid'
}
