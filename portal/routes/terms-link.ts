import { parseLocales } from '../../actions/shared/locales.ts'
import { SESSION_TOKEN_PARAMETER } from '../../actions/shared/session-token.ts'
import {
  fieldsOf,
  readChoices,
  readField,
  type Choices,
  type ShownDocument,
} from '../answer-form.ts'
import { isSignedFor, readAnswerMarker, signChoices } from '../answer-marker.ts'
import { chooseMessagesLocale, speaksSame, type MessagesLocale } from '../locales.ts'
import type { LogEntry } from '../log.ts'
import { lookUpLocale } from '../look-up-locale.ts'
import { verifyTermsRequest, type VerifiedTermsRequest } from '../session-tokens.ts'
import { findShownText, findTermsText, localesOf } from '../terms-texts.ts'
import type { Answer, Portal, PortalRequest, Refusal } from './answer.ts'

/** Auth0's `state` is opaque to us: printable ASCII, and short enough for an address. */
const STATE = /^[\x21-\x7e]{1,512}$/

/** A link or a form whose token was verified. */
export interface TermsLink {
  readonly sessionToken: string
  readonly state: string
  readonly verified: VerifiedTermsRequest
  readonly documents: readonly ShownDocument[]
  readonly choices: Choices
  /** Language of the texts, as far as they have it. */
  readonly language: string
  /** Language of what is said around them. */
  readonly locale: MessagesLocale
}

/** Answers a request whose link or form was verified. */
export type TermsRoute = (
  portal: Portal,
  request: PortalRequest,
  link: TermsLink,
) => Promise<Answer>

/** What a link or a form stands for. */
export const openTermsLink = async (
  portal: Portal,
  request: PortalRequest,
): Promise<TermsLink | Refusal> => {
  const { parameters, headers } = request
  const sessionToken = readField(parameters, SESSION_TOKEN_PARAMETER)
  const state = readField(parameters, 'state')
  if (!sessionToken || !state || !STATE.test(state)) {
    return { refusal: 'parameters_missing', reason: sessionToken ? 'state' : 'token' }
  }
  const verified = await verifyTermsRequest(sessionToken, portal.config, portal.now())
  if ('code' in verified) {
    const { code, ...found } = verified
    return { refusal: code, ...found }
  }
  const choices = readSentChoices(request, verified)
  const wishes = parseLocales([
    readField(parameters, 'locale'),
    verified.request.locales,
    headers['accept-language'],
  ])
  const documents = findDocuments(portal, verified, choices, wishes)
  if ('refusal' in documents) return documents
  const all = [...wishes, portal.brand.defaultLocale]
  const locale = chooseMessagesLocale(all)
  const available = localesOf(portal.texts, verified.request.documents)
  const language = lookUpLocale(all, available) ?? locale
  return { sessionToken, state, verified, documents, choices, language, locale }
}

/** Each document that is asked for, with its text in the language that suits best. */
const findDocuments = (
  { texts, brand }: Portal,
  { request }: VerifiedTermsRequest,
  choices: Choices,
  wishes: readonly string[],
): ShownDocument[] | Refusal => {
  const asked = request.documents
  const preferred = lookUpLocale(wishes, localesOf(texts, asked)) ?? chooseMessagesLocale(wishes)
  const documents: ShownDocument[] = []
  for (const document of asked) {
    const shown = choices.get(document.id)?.shown
    const text =
      (shown !== undefined && findShownText(texts, document, shown)) ||
      findTermsText(texts, document, wishes, brand.defaultLocale)
    if (!text) {
      const reason = `${document.id}@${document.version}`
      return { refusal: 'terms_version_unknown', reason, locales: wishes }
    }
    const isForeign = !speaksSame(text.locale, preferred)
    const onlyIn = isForeign ? { onlyIn: localesOf(texts, [document]) } : {}
    documents.push({ asked: document, text, ...onlyIn })
  }
  return documents
}

/** What a form says, or a link that this portal made from one; any other link says nothing. */
const readSentChoices = (
  { method, parameters }: PortalRequest,
  verified: VerifiedTermsRequest,
): Choices => {
  const { documents } = verified.request
  if (method === 'POST') return readChoices(parameters, documents, readField(parameters, 'answer'))
  const choices = readChoices(parameters, documents)
  return isSignedFor(readField(parameters, 'signature'), verified, choices)
    ? choices
    : readChoices({}, documents)
}

/** The refusal when this browser answered already: the link is dead for it then. */
export const refuseAnswered = (
  { headers }: PortalRequest,
  { verified, locale }: TermsLink,
): Refusal | undefined =>
  readAnswerMarker(headers.cookie, verified) === undefined
    ? undefined
    : { refusal: 'already_answered', locales: [locale] }

/** The address of a page about this sign-in, in its language and with what was chosen so far. */
export const addressOf = (
  path: '/terms' | '/terms/decline',
  link: Pick<TermsLink, 'sessionToken' | 'state' | 'choices' | 'language' | 'verified'>,
): string => {
  const { sessionToken, state, choices, language, verified } = link
  // Which text was shown changes with the language: the page says it anew.
  const carried =
    path === '/terms/decline'
      ? choices
      : new Map([...choices].map(([id, { answer, read }]) => [id, { answer, read }]))
  const query = new URLSearchParams([
    [SESSION_TOKEN_PARAMETER, sessionToken],
    ['state', state],
    ['locale', language],
    ...fieldsOf(carried),
    ['signature', signChoices(verified, carried)],
  ])
  return `${path}?${query.toString()}`
}

/** What a log line says of a link. */
export const describeLink = ({
  verified,
  documents,
  locale,
}: TermsLink): Pick<LogEntry, 'login_host' | 'documents' | 'locale'> => ({
  login_host: verified.loginHost,
  documents: documents.map(({ asked }) => `${asked.id}@${asked.version}`),
  locale,
})
