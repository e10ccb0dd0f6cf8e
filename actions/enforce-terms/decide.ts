import { createHash } from 'node:crypto'
import type { Protocol } from '@auth0/actions-types/post-login/v3'
import {
  allow,
  deny,
  type Allow,
  type Decision,
  type Declined,
  type Deny,
} from '../shared/decision.ts'
import { isObject } from '../shared/json.ts'
import {
  HASH_CHARACTERS,
  isOfNow,
  parseTermsAnswer,
  signingKeyProblem,
  TERMS_ANSWER_SECONDS,
  TERMS_REQUEST_SECONDS,
  type AskedDocument,
  type DocumentAnswer,
  type TermsRequest,
} from '../shared/session-token.ts'
import type { SignInFacts } from '../shared/sign-in.ts'
import { holds, sourcesIn } from '../shared/when.ts'
import { ASKED_KEY, NONCE_KEY, type TermsAnswerFacts, type TermsFacts } from './facts.ts'
import {
  addAnswers,
  isRecordReadable,
  planRecord,
  planShortRecord,
  readRecord,
  type DocumentState,
  type TermsRecord,
} from './record.ts'
import type { SecretName } from './manifest.ts'
import type { EnforceTermsSettings, TermsDocument, TermsVersion } from './schema.ts'
import type { DenyCode } from './sentences.ts'

/**
 * What happens to a user who owes an acceptance, by protocol:
 *
 * - `redirect`: a browser is there and the user can be asked. With `prompt=none` Auth0 turns the
 *   redirect into `interaction_required`; to return silently would be a way around, because the
 *   session exists before any Action runs.
 * - `grace`: nobody can be asked, but the user was when the refresh token was issued. Allowed for
 *   `refreshGraceDays` after the acceptance was due, then denied; denied at once after a refusal.
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

/**
 * Lets the user in who owes no acceptance, and decides what happens to the others. What may be put
 * off or declined is asked for where a page can be shown anyway, and never keeps anybody out.
 */
export const decideTerms = (
  facts: TermsFacts,
  settings: EnforceTermsSettings,
  now: Date,
  nonce: string,
): Decision => {
  if (!isReadable(facts.metadata.app_metadata)) return deny('terms_record_unreadable')
  const terms = readTerms(facts, settings)
  const policy = readPolicy(facts.protocol)
  const from = (country: string | undefined) => findPending(facts, settings, terms, country, now)
  // Without a browser the request comes from a server, and so does its country.
  const here = policy === 'redirect' ? facts.country : terms.country
  const pending = from(here)
  const owed = pending.filter(isOwed)
  if (policy === 'redirect' && (owed.length > 0 || (pending.length > 0 && !facts.isSilent))) {
    const problem = secretsProblem(facts.secrets)
    if (problem === undefined) return redirectToTerms(facts, pending, nonce)
    return owed.length > 0 ? deny(problem) : allow({ notes: [{ code: problem }] })
  }
  // Nobody knows whether a record that cannot be read holds a refusal, so it has no grace.
  const ids = settings.documents.map(({ id }) => id)
  const hasGrace = policy !== 'deny' && isRecordReadable(facts.metadata.app_metadata, ids)
  if (!hasGrace && owed.length > 0) return deny('terms_interaction_required')
  if (owed.length > 0 || !from(terms.country).some(isOwed)) return decideGrace(owed, now)
  // A refresh would owe what this sign-in does not, because it does not know this country.
  const changes = planRecord(facts.metadata, { ...terms, country: here }, settings.documents)
  return allow(changes ? { changes } : { notes: [{ code: 'terms_record_full' }] })
}

/**
 * Records an answer that is for this user, this transaction and exactly the documents and versions
 * that were asked for. Nobody gets in who still owes an acceptance then, whatever the answer says.
 */
export const decideTermsAnswer = (
  facts: TermsAnswerFacts,
  settings: EnforceTermsSettings,
  now: Date,
): Allow | Deny<DenyCode> | Declined => {
  if (!isReadable(facts.metadata.app_metadata)) return deny('terms_record_unreadable')
  const answer = parseTermsAnswer(facts.claims)
  if (
    answer === undefined ||
    !isOfNow(facts.claims, TERMS_ANSWER_SECONDS, now) ||
    answer.nonce !== facts.nonce ||
    digestOf(answer.answers) !== facts.asked
  ) {
    return deny('terms_answer_invalid')
  }
  const { answers } = answer
  const isRequired = new Map(settings.documents.map(({ id, required }) => [id, required]))
  const fits = answers.every(({ id, version, answer: word }) => {
    const versions = settings.documents.find((one) => one.id === id)?.versions
    const asked = versions?.find((one) => one.version === version)
    if (asked === undefined) return false
    return word === 'accepted' || (word === 'deferred') === isAhead(asked, now)
  })
  if (!fits) return deny('terms_version_changed')

  const before = readTerms(facts, settings)
  const add = (given: readonly DocumentAnswer[]): TermsRecord =>
    addAnswers(before, given, {
      at: now.toISOString(),
      client: facts.client,
      // Kept only for a rule that needs it.
      country: settings.documents.some(asksForCountry) ? facts.country : undefined,
      primary: primaryOf(settings),
    })
  const plan = (record: TermsRecord) => planRecord(facts.metadata, record, settings.documents)

  const declined = answers.filter(({ answer }) => answer === 'declined')
  if (declined.some(({ id }) => isRequired.get(id))) {
    // What else was accepted was accepted to get in, so only the refusals are kept.
    const refusals = add(declined)
    const record = plan(refusals)
    return record === undefined
      ? {
          kind: 'deny',
          code: 'terms_declined',
          target: 'terms_record_full',
          record: planShortRecord(facts.metadata, refusals),
        }
      : { kind: 'deny', code: 'terms_declined', record }
  }
  const after = add(answers)
  const owes = (record: TermsRecord) =>
    findPending(facts, settings, record, facts.country, now).some(isOwed)
  if (owes(after)) return deny('terms_version_changed')
  const changes = plan(after)
  const forget = [NONCE_KEY, ASKED_KEY]
  if (changes !== undefined) return allow({ changes, forget })
  // An acceptance that cannot be kept would be asked for at every sign-in, for ever; an answer that
  // was free keeps nobody out.
  return owes(before)
    ? deny('terms_record_full')
    : allow({ forget, notes: [{ code: 'terms_record_full' }] })
}

/** A document that this sign-in should ask for. */
interface Pending {
  readonly asked: AskedDocument
  /** Only where nobody gets in without: until when a refresh token may still be exchanged. */
  readonly graceEnd?: number
}

const DAY = 24 * 60 * 60 * 1000

const isOwed = ({ graceEnd }: Pending): boolean => graceEnd !== undefined

const isAhead = ({ effectiveAt }: TermsVersion, now: Date): boolean =>
  Date.parse(effectiveAt) > now.getTime()

const primaryOf = ({ documents }: EnforceTermsSettings): string | undefined =>
  documents.find(({ required }) => required)?.id

const asksForCountry = ({ when = {} }: TermsDocument): boolean =>
  sourcesIn(when).includes('country')

const readTerms = ({ metadata }: SignInFacts, settings: EnforceTermsSettings): TermsRecord =>
  readRecord(metadata.app_metadata, primaryOf(settings))

const findPending = (
  facts: SignInFacts,
  settings: EnforceTermsSettings,
  { documents, history }: TermsRecord,
  country: string | undefined,
  now: Date,
): Pending[] =>
  settings.documents
    .filter(({ when = {} }) => holds(when, { ...facts, country }) !== false)
    .flatMap((document) => {
      const state = documents.get(document.id) ?? {}
      return pendingOf(document, state, history, settings.refreshGraceDays, now)
    })

const pendingOf = (
  { id, required, versions, view, reacceptAfterDays = Infinity, announceDays = 0 }: TermsDocument,
  state: DocumentState,
  history: TermsRecord['history'],
  refreshGraceDays: number,
  now: Date,
): Pending[] => {
  const isAccepted = state.accepted_at !== undefined
  const answered = versions.findIndex(({ version }) => version === state.version)
  // An optional document is settled by a refusal, too.
  const settled = isAccepted || !required ? answered : -1
  const inForce = versions.findLastIndex((version) => !isAhead(version, now))
  const current = versions[inForce]
  const asksAgain = ({ mustReaccept }: TermsVersion, index: number): boolean =>
    index > settled && (mustReaccept || index === 0)
  const ask = (version: TermsVersion): AskedDocument => {
    const wasAccepted = (entry: DocumentState & { id?: string }) =>
      entry.id === id && entry.accepted_at !== undefined
    const previous = (isAccepted ? state : history.findLast(wasAccepted))?.version
    return {
      id,
      version: version.version,
      required,
      ...(previous !== undefined && { previous }),
      ...(isAhead(version, now) && { effective_at: version.effectiveAt }),
      ...(view !== undefined && { view }),
    }
  }

  const missed = versions.slice(0, inForce + 1).find(asksAgain)
  const expiresAt = Date.parse(state.accepted_at ?? '') + reacceptAfterDays * DAY
  if (current !== undefined && (missed !== undefined || expiresAt <= now.getTime())) {
    const asked = ask(current)
    if (!required) return [{ asked }]
    const { effectiveAt, refreshGraceDays: days = refreshGraceDays } = missed ?? current
    const dueAt = missed === undefined ? expiresAt : Date.parse(effectiveAt)
    return [{ asked, graceEnd: state.declined_at === undefined ? dueAt + days * DAY : 0 }]
  }
  const coming = versions.findLast(
    (version, index) =>
      asksAgain(version, index) &&
      Date.parse(version.effectiveAt) - announceDays * DAY <= now.getTime(),
  )
  return coming !== undefined && coming.version !== state.deferred_version
    ? [{ asked: ask(coming) }]
    : []
}

const readPolicy = (protocol: string | undefined): 'redirect' | 'grace' | 'deny' =>
  protocol !== undefined && Object.hasOwn(PROTOCOL_POLICY, protocol)
    ? PROTOCOL_POLICY[protocol as Protocol]
    : 'deny'

const isReadable = (appMetadata: unknown): boolean =>
  appMetadata === undefined || isObject(appMetadata)

/** Lets a refresh token through until the first acceptance that is owed runs out of grace. */
const decideGrace = (owed: readonly Pending[], now: Date): Allow | Deny<DenyCode> => {
  if (!owed.every(({ graceEnd = 0 }) => now.getTime() < graceEnd)) {
    return deny('terms_interaction_required')
  }
  return allow({
    notes: owed.map(({ asked }) => ({
      code: 'terms_grace',
      target: `${asked.id}@${asked.version}`,
    })),
  })
}

const redirectToTerms = (
  { secrets, locales, clientName }: TermsFacts,
  pending: readonly Pending[],
  nonce: string,
): Decision => {
  const documents = pending.map(({ asked }) => asked)
  const payload: TermsRequest = {
    purpose: 'terms_request',
    nonce,
    documents,
    locales,
    client_name: clientName,
    hash_characters: HASH_CHARACTERS,
  }
  return {
    kind: 'redirect',
    url: secrets.TERMS_URL ?? '',
    payload,
    signedWith: 'TERMS_TOKEN_SECRET' satisfies SecretName,
    expiresInSeconds: TERMS_REQUEST_SECONDS,
    remember: { [NONCE_KEY]: nonce, [ASKED_KEY]: digestOf(documents) },
  }
}

/** Stands for these documents in these versions, in this order. */
const digestOf = (documents: readonly Pick<AskedDocument, 'id' | 'version'>[]): string =>
  createHash('sha256')
    .update(JSON.stringify(documents.map(({ id, version }) => [id, version])))
    .digest('base64url')

const secretsProblem = (secrets: TermsFacts['secrets']): Deny<DenyCode>['code'] | undefined => {
  const keyProblem = signingKeyProblem(secrets.TERMS_TOKEN_SECRET)
  if (keyProblem === 'missing') return 'terms_key_missing'
  if (keyProblem !== undefined) return 'terms_key_weak'
  const url = secrets.TERMS_URL ?? ''
  return URL.canParse(url) && new URL(url).protocol === 'https:' ? undefined : 'terms_url_invalid'
}
