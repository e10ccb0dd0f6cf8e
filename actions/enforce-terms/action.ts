/**
 * A user who owes an acceptance meets the Terms page once, with all documents on it, and not again
 * before there is something new. Without the required ones there are no tokens, however the sign-in
 * is made.
 */
import { randomBytes } from 'node:crypto'
import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { applyDecision, failClosed } from '../shared/apply-decision.ts'
import { applyRedirect } from '../shared/apply-redirect.ts'
import { memberOf, type ActionEvent, type Handler } from '../shared/event.ts'
import { SESSION_TOKEN_PARAMETER, signingKeyProblem } from '../shared/session-token.ts'
import { decideTerms, decideTermsAnswer } from './decide.ts'
import { readTermsAnswerFacts, readTermsFacts } from './facts.ts'
import type { SecretName } from './manifest.ts'
import { SENTENCES } from './sentences.ts'
import { settings } from './settings.ts'

export const onExecutePostLogin: Handler<SecretName> = async (event, api) => {
  try {
    const nonce = randomBytes(16).toString('base64url')
    const decision = decideTerms(readTermsFacts(event), settings, new Date(), nonce)
    if (decision.kind === 'redirect') applyRedirect(decision, event, api)
    else applyDecision(decision, SENTENCES, event, api)
  } catch (error) {
    failClosed(error, event, api)
  }
}

export const onContinuePostLogin: Handler<SecretName> = async (event, api) => {
  try {
    const facts = readTermsAnswerFacts(event, readAnswerClaims(event, api))
    applyDecision(decideTermsAnswer(facts, settings, new Date()), SENTENCES, event, api)
  } catch (error) {
    failClosed(error, event, api)
  }
}

/**
 * The claims of the answer, once Auth0 has checked signature, time, issuer, user and `state`. While
 * a key is being rotated the page may still sign with the previous one.
 */
const readAnswerClaims = (event: ActionEvent<SecretName>, api: PostLoginAPI): unknown => {
  const { query, body } = event.request
  const tokens = [query, body].map((parameters) => memberOf(parameters, SESSION_TOKEN_PARAMETER))
  // Of two tokens Auth0 takes one, and does not say which.
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
