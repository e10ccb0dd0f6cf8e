/**
 * A user who owes an acceptance meets the Terms page once, with all documents on it, and not again
 * before there is something new. Without the required ones there are no tokens, however the sign-in
 * is made.
 */
import { randomBytes } from 'node:crypto'
import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { applyDecision, failClosed } from '../shared/apply-decision.ts'
import { applyRedirect } from '../shared/apply-redirect.ts'
import { memberOf, readMetadata, type ActionEvent, type Handler } from '../shared/event.ts'
import { readLocales } from '../shared/locales.ts'
import { SESSION_TOKEN_PARAMETER, signingKeyProblem } from '../shared/session-token.ts'
import {
  ASKED_KEY,
  decideTerms,
  decideTermsAnswer,
  NONCE_KEY,
  type SignInFacts,
  type TermsFacts,
} from './decide.ts'
import type { SecretName } from './manifest.ts'
import { settings } from './settings.ts'

export const onExecutePostLogin: Handler<SecretName> = async (event, api) => {
  try {
    const nonce = randomBytes(16).toString('base64url')
    const decision = decideTerms(readTermsFacts(event), settings, new Date(), nonce)
    if (decision.kind === 'redirect') applyRedirect(decision, event, api)
    else applyDecision(decision, event, api)
  } catch (error) {
    failClosed(error, event, api)
  }
}

export const onContinuePostLogin: Handler<SecretName> = async (event, api) => {
  try {
    const facts = {
      ...readSignInFacts(event),
      claims: readAnswerClaims(event, api),
      nonce: event.transaction?.metadata[NONCE_KEY],
      asked: event.transaction?.metadata[ASKED_KEY],
    }
    applyDecision(decideTermsAnswer(facts, settings, new Date()), event, api)
  } catch (error) {
    failClosed(error, event, api)
  }
}

const readSignInFacts = (event: ActionEvent<SecretName>): SignInFacts => {
  const { client, connection, organization, request } = event
  return {
    metadata: readMetadata(event),
    clientId: client.client_id,
    clientMetadata: client.metadata,
    connection: connection.name,
    organization: organization ? [organization.id, organization.name] : [],
    country: memberOf(request.geoip, 'countryCode'),
  }
}

const readTermsFacts = (event: ActionEvent<SecretName>): TermsFacts => ({
  ...readSignInFacts(event),
  protocol: event.transaction?.protocol,
  isSilent:
    memberOf(event.request.query, 'prompt') === 'none' ||
    event.transaction?.prompt?.includes('none') === true,
  secrets: event.secrets,
  locales: readLocales(event),
  clientName: event.client.name.slice(0, 80),
})

/**
 * The claims of the answer, once Auth0 has checked signature, time, issuer, user and `state`. While
 * a key is being rotated the page may still sign with the previous one.
 */
const readAnswerClaims = (event: ActionEvent<SecretName>, api: PostLoginAPI): unknown => {
  const { query, body } = event.request
  const tokens = [query, body].map((parameters) => memberOf(parameters, SESSION_TOKEN_PARAMETER))
  // Auth0 takes one of two, and which one is its own affair.
  if (!tokens.includes(undefined)) return undefined
  for (const secret of [
    event.secrets.TERMS_TOKEN_SECRET,
    event.secrets.TERMS_TOKEN_SECRET_PREVIOUS,
  ]) {
    if (secret === undefined || signingKeyProblem(secret) !== undefined) continue
    try {
      return api.redirect.validateToken({ secret })
    } catch {
      // Auth0 throws for every token it refuses: the next key may be the right one.
    }
  }
  return undefined
}
