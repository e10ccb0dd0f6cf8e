import { createHash } from 'node:crypto'
import type { Protocol } from '@auth0/actions-types/post-login/v3'
import {
  allow,
  deny,
  type Allow,
  type Decision,
  type Declined,
  type Deny,
  type Reason,
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
import { sourcesIn } from '../shared/when.ts'
import { isAhead, judgeDocuments, type Judgement, type Pending } from './judge-documents.ts'
import { ASKED_KEY, NONCE_KEY, type TermsAnswerFacts, type TermsFacts } from './facts.ts'
import {
  addAnswers,
  isRecordReadable,
  planRecord,
  planShortRecord,
  readRecord,
  type TermsRecord,
} from './record.ts'
import type { SecretName } from './manifest.ts'
import type { EnforceTermsSettings, TermsDocument } from './schema.ts'
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
  const judge = (country: string | undefined) =>
    judgeDocuments({ ...facts, country }, settings, terms, now)
  // Without a browser the request comes from a server, and so does its country.
  const here = policy === 'redirect' ? facts.country : terms.country
  const judged = judge(here)
  const pending = pendingOf(judged)
  const isAsked = pending.some(isOwed) || (pending.length > 0 && !facts.isSilent)
  const decision =
    policy === 'redirect' && isAsked
      ? askFor(pending, facts, nonce)
      : (decideUnasked(pending.filter(isOwed), policy, facts, settings, now) ??
        // A refresh would owe what this sign-in does not, because it does not know this country.
        (pendingOf(judge(terms.country)).some(isOwed)
          ? keepCountry({ ...terms, country: here }, facts, settings)
          : allow()))
  return { ...decision, reasons: reasonsFor(judged) }
}

const askFor = (pending: readonly Pending[], facts: TermsFacts, nonce: string): Decision => {
  const problem = secretsProblem(facts.secrets)
  if (problem === undefined) return redirectToTerms(facts, pending, nonce)
  return pending.some(isOwed) ? deny(problem) : allow({ notes: [{ code: problem }] })
}

/** What happens to a user who owes something where no page can be shown. */
const decideUnasked = (
  owed: readonly Pending[],
  policy: ReturnType<typeof readPolicy>,
  { metadata }: TermsFacts,
  { documents }: EnforceTermsSettings,
  now: Date,
): Allow | Deny<DenyCode> | undefined => {
  if (owed.length === 0) return undefined
  // Nobody knows whether a record that cannot be read holds a refusal, so it has no grace.
  const ids = documents.map(({ id }) => id)
  const hasGrace = policy !== 'deny' && isRecordReadable(metadata.app_metadata, ids)
  return hasGrace ? decideGrace(owed, now) : deny('terms_interaction_required')
}

const keepCountry = (
  record: TermsRecord,
  { metadata }: TermsFacts,
  { documents }: EnforceTermsSettings,
): Allow => {
  const changes = planRecord(metadata, record, documents)
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
  const answers = readAnswers(facts, now)
  if (answers === undefined) return deny('terms_answer_invalid')
  if (!answers.every((answer) => isPossible(answer, settings, now))) {
    return deny('terms_version_changed')
  }
  const isRefused = answers.some(
    ({ id, answer }) =>
      answer === 'declined' && settings.documents.some((one) => one.id === id && one.required),
  )
  return isRefused
    ? keepRefusal(answers, facts, settings, now)
    : keepAnswers(answers, facts, settings, now)
}

/** The answers of a session token that is for this transaction and what it asked for. */
const readAnswers = (
  { claims, nonce, asked }: TermsAnswerFacts,
  now: Date,
): readonly DocumentAnswer[] | undefined => {
  const answer = parseTermsAnswer(claims)
  return answer !== undefined &&
    isOfNow(claims, TERMS_ANSWER_SECONDS, now) &&
    answer.nonce === nonce &&
    digestOf(answer.answers) === asked
    ? answer.answers
    : undefined
}

/** A version that is in force is accepted or declined; one that is ahead accepted or put off. */
const isPossible = (
  { id, version, answer }: DocumentAnswer,
  { documents }: EnforceTermsSettings,
  now: Date,
): boolean => {
  const versions = documents.find((one) => one.id === id)?.versions
  const asked = versions?.find((one) => one.version === version)
  if (asked === undefined) return false
  return answer === 'accepted' || (answer === 'deferred') === isAhead(asked, now)
}

const recordWith = (
  answers: readonly DocumentAnswer[],
  facts: TermsAnswerFacts,
  settings: EnforceTermsSettings,
  now: Date,
): TermsRecord =>
  addAnswers(readTerms(facts, settings), answers, {
    at: now.toISOString(),
    client: facts.client,
    // Kept only for a rule that needs it.
    country: settings.documents.some(asksForCountry) ? facts.country : undefined,
    primary: primaryOf(settings),
  })

/** What else was accepted was accepted to get in, so only the refusals are kept. */
const keepRefusal = (
  answers: readonly DocumentAnswer[],
  facts: TermsAnswerFacts,
  settings: EnforceTermsSettings,
  now: Date,
): Declined => {
  const declined = answers.filter(({ answer }) => answer === 'declined')
  const refusals = recordWith(declined, facts, settings, now)
  const reasons = reasonsFor(judgeDocuments(facts, settings, refusals, now))
  const record = planRecord(facts.metadata, refusals, settings.documents)
  return record === undefined
    ? {
        kind: 'deny',
        code: 'terms_declined',
        target: 'terms_record_full',
        record: planShortRecord(facts.metadata, refusals),
        reasons,
      }
    : { kind: 'deny', code: 'terms_declined', record, reasons }
}

const keepAnswers = (
  answers: readonly DocumentAnswer[],
  facts: TermsAnswerFacts,
  settings: EnforceTermsSettings,
  now: Date,
): Allow | Deny<DenyCode> => {
  const after = recordWith(answers, facts, settings, now)
  const judged = judgeDocuments(facts, settings, after, now)
  const reasons = reasonsFor(judged)
  if (pendingOf(judged).some(isOwed)) return deny('terms_version_changed', reasons)
  const changes = planRecord(facts.metadata, after, settings.documents)
  const forget = [NONCE_KEY, ASKED_KEY]
  if (changes !== undefined) return allow({ changes, forget, reasons })
  // An acceptance that cannot be kept would be asked for at every sign-in, for ever; an answer that
  // was free keeps nobody out.
  const before = judgeDocuments(facts, settings, readTerms(facts, settings), now)
  return pendingOf(before).some(isOwed)
    ? deny('terms_record_full', reasons)
    : allow({ forget, notes: [{ code: 'terms_record_full' }], reasons })
}

const isOwed = ({ graceEnd }: Pending): boolean => graceEnd !== undefined

const pendingOf = (judged: readonly Judgement[]): readonly Pending[] =>
  judged.flatMap(({ pending }) => pending ?? [])

const reasonsFor = (judged: readonly Judgement[]): readonly Reason[] =>
  judged.map(({ code, path }) => ({ code, path }))

const primaryOf = ({ documents }: EnforceTermsSettings): string | undefined =>
  documents.find(({ required }) => required)?.id

const asksForCountry = ({ when = {} }: TermsDocument): boolean =>
  sourcesIn(when).includes('country')

const readTerms = ({ metadata }: SignInFacts, settings: EnforceTermsSettings): TermsRecord =>
  readRecord(metadata.app_metadata, primaryOf(settings))

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
    reasons: [],
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
