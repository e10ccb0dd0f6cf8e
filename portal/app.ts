import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { parseLocales } from '../actions/shared/locales.ts'
import {
  SESSION_TOKEN_PARAMETER,
  signingKeyProblem,
  type DocumentAnswer,
} from '../actions/shared/session-token.ts'
import {
  fieldsOf,
  NO_CHOICE,
  parseAnswers,
  readChoices,
  readField,
  refusedDocuments,
  type Choices,
  type FormProblem,
  type ShownDocument,
} from './answer-form.ts'
import {
  isSameAnswer,
  isSignedFor,
  makeAnswerMarker,
  readAnswerMarker,
  renderMarkerCookie,
  signChoices,
} from './answer-marker.ts'
import { readBrand, type Brand } from './brand.ts'
import type { PortalConfig } from './config.ts'
import {
  chooseMessagesLocale,
  formatList,
  isolate,
  isolateName,
  speaksSame,
  MESSAGES,
  type MessagesLocale,
} from './locales.ts'
import { lookUpLocale } from './look-up-locale.ts'
import { writeLogLine, type LogEntry, type WriteLog } from './log.ts'
import type { ErrorCode } from './messages/messages.ts'
import { createPages } from './pages.ts'
import {
  setContinuePolicy,
  setImagePolicy,
  setPlainPolicy,
  setSecurityHeaders,
  setTermsPolicy,
} from './security-headers.ts'
import { signTermsAnswer, verifyTermsRequest, type VerifiedTermsRequest } from './session-tokens.ts'
import { describeTermsPage } from './terms-page.ts'
import { findShownText, findTermsText, localesOf, readTermsTexts } from './terms-texts.ts'

/** Auth0's `state` is opaque to us: printable ASCII, and short enough for an address. */
const STATE = /^[\x21-\x7e]{1,512}$/

/** Room for the token (4096 characters), the `state` (512, all percent-encoded) and ten answers. */
const MAX_BODY_BYTES = 10_240

/** Five fields, and three for each of ten documents. */
const MAX_FIELDS = 40

const STATUS: Readonly<Record<ErrorCode, number>> = {
  parameters_missing: 400,
  token_expired: 410,
  token_invalid: 403,
  // Ours to repair: enforce-terms asks for a version that this server was deployed without.
  terms_version_unknown: 500,
  already_answered: 409,
  request_too_large: 413,
  request_invalid: 400,
  method_not_allowed: 405,
  page_not_found: 404,
  unexpected_error: 500,
}

export interface PortalOptions {
  /** Default: what `brand.json` beside this file says. */
  readonly brand?: Brand
  /** Default: `terms` beside this file. */
  readonly termsFolder?: string
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  readonly log?: WriteLog
}

/** A link or a form whose token was verified. */
interface TermsLink {
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

/**
 * The web pages a user is sent to during a sign-in: a request handler without a port. Reads texts
 * and brand once. Throws for a signing key that is missing, short or a known placeholder, and for texts or a brand that
 * the build would refuse.
 */
export const createPortal = (config: PortalConfig, options: PortalOptions = {}): Express => {
  const { now = Date.now, log = writeLogLine } = options
  for (const key of [config.signingKey, config.previousSigningKey ?? config.signingKey]) {
    const problem = signingKeyProblem(key)
    if (problem) throw new Error(`signing key of the portal: ${problem}`)
  }
  const brand = options.brand ?? readBrand(join(import.meta.dirname, 'brand.json'))
  const texts = readTermsTexts(options.termsFolder ?? join(import.meta.dirname, 'terms'))
  const pages = createPages(brand)

  const refuse = (
    request: Request,
    response: Response,
    code: ErrorCode,
    found: { readonly reason?: string; readonly locales?: readonly string[] } = {},
  ): void => {
    const { reason, locales = [] } = found
    const status = STATUS[code]
    const reference = randomBytes(6).toString('hex')
    const level = status >= 500 ? 'error' : 'info'
    log({ level, event: 'refused', status, code, reference, ...(reason && { reason }) })
    const locale = chooseMessagesLocale(parseLocales([locales, request.headers['accept-language']]))
    const error = MESSAGES[locale].errors[code]
    const content = { code, reference, error }
    setPlainPolicy(request, response, () =>
      response
        .status(status)
        .type('html')
        .send(
          pages.render({ locale, kind: 'page-card', title: error.title, view: 'error', content }),
        ),
    )
  }

  /** What a link or a form stands for; `undefined` once the request was refused. */
  const openTermsLink = async (
    request: Request,
    response: Response,
    parameters: unknown,
  ): Promise<TermsLink | undefined> => {
    const sessionToken = readField(parameters, SESSION_TOKEN_PARAMETER)
    const state = readField(parameters, 'state')
    if (!sessionToken || !state || !STATE.test(state)) {
      refuse(request, response, 'parameters_missing', { reason: sessionToken ? 'state' : 'token' })
      return undefined
    }
    const verified = await verifyTermsRequest(sessionToken, config, now())
    if ('code' in verified) {
      refuse(request, response, verified.code, verified)
      return undefined
    }
    const asked = verified.request.documents
    const choices = readSentChoices(request.method, parameters, verified)
    const wishes = parseLocales([
      readField(parameters, 'locale'),
      verified.request.locales,
      request.headers['accept-language'],
    ])
    const available = localesOf(texts, asked)
    const preferred = lookUpLocale(wishes, available) ?? chooseMessagesLocale(wishes)
    const documents: ShownDocument[] = []
    for (const document of asked) {
      const shown = choices.get(document.id)?.shown
      const text =
        (shown !== undefined && findShownText(texts, document, shown)) ||
        findTermsText(texts, document, wishes, brand.defaultLocale)
      if (!text) {
        const reason = `${document.id}@${document.version}`
        refuse(request, response, 'terms_version_unknown', { reason, locales: wishes })
        return undefined
      }
      const isForeign = !speaksSame(text.locale, preferred)
      const onlyIn = isForeign ? { onlyIn: localesOf(texts, [document]) } : {}
      documents.push({ asked: document, text, ...onlyIn })
    }
    const all = [...wishes, brand.defaultLocale]
    const locale = chooseMessagesLocale(all)
    const language = lookUpLocale(all, available) ?? locale
    return { sessionToken, state, verified, documents, choices, language, locale }
  }

  /** Whether this browser answered already. The link is dead for it then. */
  const refuseAnswered = (request: Request, response: Response, link: TermsLink): boolean => {
    const answered = readAnswerMarker(request.headers.cookie, link.verified) !== undefined
    if (answered) refuse(request, response, 'already_answered', { locales: [link.locale] })
    return answered
  }

  const sendTermsPage = (
    request: Request,
    response: Response,
    link: TermsLink,
    problems: readonly FormProblem[] = [],
  ): void => {
    const { sessionToken, state, verified, documents, choices, language, locale } = link
    const page = describeTermsPage({
      locale,
      language,
      documents,
      clientName: verified.request.client_name,
      sessionToken,
      state,
      languages: localesOf(texts, verified.request.documents).map((other) => ({
        locale: other,
        current: other === language,
      })),
      choices,
      problems,
    })
    setTermsPolicy(request, response, () => response.type('html').send(pages.render(page)))
  }

  const app = express()
  app.disable('etag')
  app.use(...setSecurityHeaders())

  app.get('/health', (_request, response) => {
    response.json({ status: 'ok' })
  })

  for (const { path, contentType, content } of pages.assets)
    app.get(path, (request, response) => {
      const sendAsset = () => {
        response.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
        response.type(contentType).send(content)
      }
      if (contentType.startsWith('image/')) setImagePolicy(request, response, sendAsset)
      else sendAsset()
    })

  const allowOnly =
    (...methods: readonly string[]) =>
    (request: Request, response: Response, next: NextFunction) => {
      if (methods.includes(request.method)) {
        next()
        return
      }
      response.setHeader('Allow', methods.join(', '))
      refuse(request, response, 'method_not_allowed')
    }
  app.all('/terms', allowOnly('GET', 'POST'))
  app.all('/terms/decline', allowOnly('GET'))

  app.get('/', (request, response) => {
    const locale = chooseMessagesLocale(parseLocales([request.headers['accept-language']]))
    const { home } = MESSAGES[locale]
    const html = pages.render({
      locale,
      kind: 'page-card',
      title: home.title,
      view: 'home',
      content: { home },
    })
    setPlainPolicy(request, response, () => response.type('html').send(html))
  })

  app.get('/terms', async (request, response) => {
    const link = await openTermsLink(request, response, request.query)
    if (!link || refuseAnswered(request, response, link)) return
    log({ level: 'info', event: 'terms_shown', status: 200, ...describe(link) })
    sendTermsPage(request, response, link)
  })

  /** A page of its own and not the answer to the form, so that Back never asks to send again. */
  app.get('/terms/decline', async (request, response) => {
    const link = await openTermsLink(request, response, request.query)
    if (!link || refuseAnswered(request, response, link)) return
    const parsed = parseAnswers(link.documents, link.choices)
    const refused = 'answers' in parsed ? refusedDocuments(link.documents, parsed.answers) : []
    if (refused.length === 0) {
      sendTermsPage(request, response, link)
      return
    }
    const { language, locale, verified, choices, sessionToken, state } = link
    const { secondLook } = MESSAGES[locale]
    const titles = refused.map(({ text }) => isolate(text.title))
    const { client_name } = verified.request
    const kept = new Map(
      [...choices].filter(([id]) => !refused.some(({ asked }) => asked.id === id)),
    )
    const fields = { session_token: sessionToken, state, locale: language, confirmed: 'yes' }
    log({ level: 'info', event: 'second_look', status: 200, ...describe(link) })
    const html = pages.render({
      locale,
      kind: 'page-card',
      title: secondLook.title,
      view: 'second-look',
      script: 'terms.js',
      content: {
        consequence: secondLook.consequence(isolateName(client_name), formatList(titles, locale)),
        fields: [...Object.entries(fields), ...fieldsOf(choices)].map(([name, value]) => ({
          name,
          value,
        })),
        answer: link.documents.length === 1 ? 'declined' : 'submitted',
        back: addressOf('/terms', { ...link, choices: kept }),
      },
    })
    setTermsPolicy(request, response, () => response.type('html').send(html))
  })

  app.post(
    '/terms',
    express.urlencoded({ extended: false, limit: MAX_BODY_BYTES, parameterLimit: MAX_FIELDS }),
    async (request, response) => {
      const link = await openTermsLink(request, response, request.body)
      if (!link) return
      const { documents, choices, verified, locale } = link
      const language = readField(request.body, 'switch')
      if (language !== undefined) {
        if (!refuseAnswered(request, response, link)) switchLanguage(response, link, language)
        return
      }
      const parsed = parseAnswers(documents, choices)
      if ('problems' in parsed) {
        if (refuseAnswered(request, response, link)) return
        const reason = parsed.problems.map(({ id, kind }) => `${id}:${kind}`).join(' ')
        log({ level: 'info', event: 'refused', status: 400, code: 'answer_missing', reason })
        response.status(400)
        sendTermsPage(request, response, link, parsed.problems)
        return
      }
      const { answers } = parsed
      const marker = makeAnswerMarker(verified, answers)
      const kept = readAnswerMarker(request.headers.cookie, verified)
      if (kept !== undefined && !isSameAnswer(kept, marker)) {
        refuse(request, response, 'already_answered', { locales: [locale] })
        return
      }
      const confirmed = readField(request.body, 'confirmed') === 'yes'
      if (!confirmed && refusedDocuments(documents, answers).length > 0) {
        response.redirect(303, addressOf('/terms/decline', link))
        return
      }
      await sendAnswer(request, response, link, answers)
    },
  )

  /** The same page in another language: answers stay, and a tick for a text that is another now does not. */
  const switchLanguage = (response: Response, link: TermsLink, wanted: string): void => {
    const asked = link.verified.request.documents
    const language = lookUpLocale([wanted], localesOf(texts, asked)) ?? link.language
    const choices = new Map(
      link.documents.map(({ asked: document, text }) => {
        const choice = link.choices.get(document.id) ?? NO_CHOICE
        const next = findTermsText(texts, document, [language], brand.defaultLocale)
        return [document.id, { ...choice, read: choice.read && next?.hash === text.hash }]
      }),
    )
    response.redirect(303, addressOf('/terms', { ...link, choices, language }))
  }

  const sendAnswer = async (
    request: Request,
    response: Response,
    { verified, state, locale, documents }: TermsLink,
    answers: readonly DocumentAnswer[],
  ): Promise<void> => {
    const sessionToken = await signTermsAnswer(verified, { answers, state }, now())
    const continueUrl = `https://${verified.loginHost}/continue?state=${encodeURIComponent(state)}`
    const given = answers.map(({ answer }) => answer)
    log({
      level: 'info',
      event: 'terms_answered',
      status: 200,
      answers: given,
      ...describe({ verified, documents, locale }),
    })
    response.append('Set-Cookie', renderMarkerCookie(makeAnswerMarker(verified, answers)))
    const html = pages.render({
      locale,
      kind: 'page-card',
      title: MESSAGES[locale].continueTitle,
      view: 'continue',
      script: 'continue.js',
      content: { continueUrl, sessionToken },
    })
    setContinuePolicy(request, response, () => response.type('html').send(html))
  }

  app.use((request, response) => refuse(request, response, 'page_not_found'))

  // Four parameters, or Express does not take it for an error handler.
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    const status = readStatus(error)
    if (response.headersSent) next(error)
    else if (status === 413) refuse(request, response, 'request_too_large')
    else if (status >= 400 && status < 500) refuse(request, response, 'request_invalid')
    else refuse(request, response, 'unexpected_error', { reason: describeError(error) })
  })

  return app
}

/** What a form says, or a link that this portal made from one; any other link says nothing. */
const readSentChoices = (
  method: string,
  parameters: unknown,
  verified: VerifiedTermsRequest,
): Choices => {
  const { documents } = verified.request
  if (method === 'POST') return readChoices(parameters, documents, readField(parameters, 'answer'))
  const choices = readChoices(parameters, documents)
  return isSignedFor(readField(parameters, 'signature'), verified, choices)
    ? choices
    : readChoices({}, documents)
}

/** The address of a page about this sign-in, in its language and with what was chosen so far. */
const addressOf = (
  path: string,
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

const describe = ({
  verified,
  documents,
  locale,
}: Pick<TermsLink, 'verified' | 'documents' | 'locale'>): Pick<
  LogEntry,
  'login_host' | 'documents' | 'locale'
> => ({
  login_host: verified.loginHost,
  documents: documents.map(({ asked }) => `${asked.id}@${asked.version}`),
  locale,
})

const readStatus = (error: unknown): number =>
  typeof error === 'object' && error !== null && 'status' in error
    ? Number(error.status)
    : STATUS.unexpected_error

/** Where it was thrown, without the message: that may quote what the user sent. */
const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return typeof error
  const [place = ''] = /\n\s+at .*/.exec(error.stack ?? '') ?? []
  return `${error.name}${place.replace(/\s+/g, ' ')}`
}
