/**
 * A user who has not accepted the terms in force meets the Terms page once and then never again for
 * this version. Without an acceptance there are no tokens, however the sign-in is made.
 */
import { randomBytes } from 'node:crypto'
import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { applyDecision, failClosed } from '../shared/apply-decision.ts'
import { readMetadata, type ActionEvent, type Handler } from '../shared/event.ts'
import { isLocale, signingKeyProblem } from '../shared/session-token.ts'
import { decideTerms, decideTermsAnswer, NONCE_KEY, type TermsFacts } from './decide.ts'
import { settings, type SecretName } from './settings.ts'

export const onExecutePostLogin: Handler<SecretName> = async (event, api) => {
  try {
    const nonce = randomBytes(16).toString('base64url')
    const decision = decideTerms(readTermsFacts(event), settings, new Date(), nonce)
    applyDecision(decision, event, api)
  } catch (error) {
    failClosed(error, event, api)
  }
}

export const onContinuePostLogin: Handler<SecretName> = async (event, api) => {
  try {
    const facts = {
      metadata: readMetadata(event),
      claims: readAnswerClaims(event, api),
      nonce: event.transaction?.metadata[NONCE_KEY],
    }
    applyDecision(decideTermsAnswer(facts, settings, new Date()), event, api)
  } catch (error) {
    failClosed(error, event, api)
  }
}

const readTermsFacts = (event: ActionEvent<SecretName>): TermsFacts => ({
  protocol: event.transaction?.protocol,
  metadata: readMetadata(event),
  secrets: event.secrets,
  locales: readLocales(event),
  clientName: event.client.name.slice(0, 80),
})

const readLocales = ({ transaction, request }: ActionEvent<SecretName>): string[] => {
  const wishes = [...(transaction?.ui_locales ?? []), transaction?.locale, request.language]
  return [...new Set(wishes.filter(isLocale))].slice(0, 5)
}

/**
 * The claims of the answer, once Auth0 has checked signature, time, issuer, user and `state`. While
 * a key is being rotated the page may still sign with the previous one.
 */
const readAnswerClaims = (event: ActionEvent<SecretName>, api: PostLoginAPI): unknown => {
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
