import { randomBytes } from 'node:crypto'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import {
  SESSION_TOKEN_PARAMETER,
  signingKeyProblem,
  type DocumentAnswer,
} from '../actions/shared/session-token.ts'
import type { PortalConfig } from './config.ts'
import { writeLogLine, type LogEntry, type WriteLog } from './log.ts'
import { chooseMessagesLocale, type ErrorCode, type MessagesLocale } from './messages.ts'
import {
  ASSETS,
  renderContinuePage,
  renderErrorPage,
  renderTermsPage,
  type ShownDocument,
} from './pages.ts'
import {
  setContinuePolicy,
  setPlainPolicy,
  setSecurityHeaders,
  setTermsPolicy,
} from './security-headers.ts'
import { signTermsAnswer, verifyTermsRequest, type VerifiedTermsRequest } from './session-tokens.ts'
import { findTermsText, readTermsTexts } from './terms-texts.ts'

/** Auth0's `state` is opaque to us: printable ASCII, and short enough for an address. */
const STATE = /^[\x21-\x7e]{1,512}$/

/** Room for the token (4096 characters), the `state` (512, all percent-encoded) and the names. */
const MAX_BODY_BYTES = 8192

const STATUS: Readonly<Record<ErrorCode, number>> = {
  parameters_missing: 400,
  token_expired: 410,
  token_invalid: 403,
  // Ours to repair: enforce-terms asks for a version that this server was deployed without.
  terms_version_unknown: 500,
  answer_missing: 400,
  request_too_large: 413,
  request_invalid: 400,
  method_not_allowed: 405,
  page_not_found: 404,
  unexpected_error: 500,
}

export interface PortalOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  readonly log?: WriteLog
}

interface TermsLink {
  readonly sessionToken: string
  readonly state: string
  readonly verified: VerifiedTermsRequest
  readonly shown: readonly ShownDocument[]
}

/**
 * The web pages a user is sent to during a sign-in: a request handler without a port. Reads the
 * terms texts once. Throws for a signing key that anyone could guess.
 */
export const createPortal = (
  config: PortalConfig,
  { now = Date.now, log = writeLogLine }: PortalOptions = {},
): Express => {
  for (const key of [config.signingKey, config.previousSigningKey ?? config.signingKey]) {
    const problem = signingKeyProblem(key)
    if (problem) throw new Error(`signing key of the portal: ${problem}`)
  }
  const texts = readTermsTexts(new URL('terms/', import.meta.url))

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
    const locale = chooseMessagesLocale([...locales, ...request.acceptsLanguages()])
    setPlainPolicy(request, response, () =>
      response.status(status).type('html').send(renderErrorPage({ locale, code, reference })),
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
      refuse(request, response, verified.code, { reason: verified.reason })
      return undefined
    }
    const { documents, locales } = verified.request
    const wanted = [...locales, ...request.acceptsLanguages()]
    const shown: ShownDocument[] = []
    for (const asked of documents) {
      const text = findTermsText(texts, asked, wanted)
      if (!text) {
        const reason = `${asked.id}@${asked.version}`
        refuse(request, response, 'terms_version_unknown', { reason, locales })
        return undefined
      }
      shown.push({ asked, text })
    }
    return { sessionToken, state, verified, shown }
  }

  const app = express()
  app.disable('etag')
  app.use(...setSecurityHeaders())

  app.get('/health', (_request, response) => {
    response.json({ status: 'ok' })
  })

  for (const { path, contentType, content } of ASSETS)
    app.get(path, (_request, response) => {
      response.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
      response.type(contentType).send(content)
    })

  app.all('/terms', (request, response, next) => {
    if (request.method === 'GET' || request.method === 'POST') {
      next()
      return
    }
    response.setHeader('Allow', 'GET, POST')
    refuse(request, response, 'method_not_allowed')
  })

  app.get('/terms', async (request, response) => {
    const link = await openTermsLink(request, response, request.query)
    if (!link) return
    const { sessionToken, state, shown, verified } = link
    const locale = localeOf(link)
    log({ level: 'info', event: 'terms_shown', status: 200, ...describe(link) })
    setTermsPolicy(request, response, () =>
      response.type('html').send(
        renderTermsPage({
          locale,
          shown,
          clientName: verified.request.client_name,
          sessionToken,
          state,
        }),
      ),
    )
  })

  app.post(
    '/terms',
    express.urlencoded({ extended: false, limit: MAX_BODY_BYTES, parameterLimit: 16 }),
    async (request, response) => {
      const link = await openTermsLink(request, response, request.body)
      if (!link) return
      const { state, verified } = link
      const locale = localeOf(link)
      const answers = link.shown.flatMap((document) => readAnswer(request.body, document))
      if (answers.length < link.shown.length) {
        refuse(request, response, 'answer_missing', { locales: [locale] })
        return
      }
      const sessionToken = await signTermsAnswer(verified, { answers, state }, now())
      const continueUrl = `https://${verified.loginHost}/continue?state=${encodeURIComponent(state)}`
      const answer = answers.map((one) => one.answer).join(' ')
      log({ level: 'info', event: 'terms_answered', status: 200, answer, ...describe(link) })
      setContinuePolicy(request, response, () =>
        response.type('html').send(renderContinuePage({ locale, continueUrl, sessionToken })),
      )
    },
  )

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

/** The language of the page is that of its first text. */
const localeOf = ({ shown }: Pick<TermsLink, 'shown'>): MessagesLocale =>
  chooseMessagesLocale(shown.map(({ text }) => text.locale))

/** The answer to a document; none when the form holds no word that this document can be answered with. */
const readAnswer = (form: unknown, { asked, text }: ShownDocument): DocumentAnswer[] => {
  const { id, version, effective_at } = asked
  const answer = readField(form, `answer_${id}`) ?? readField(form, 'answer')
  const otherwise = effective_at === undefined ? 'declined' : 'deferred'
  if (answer !== 'accepted' && answer !== otherwise) return []
  return [{ id, version, answer, locale: text.locale, hash: text.hash }]
}

const describe = ({
  verified,
  shown,
}: TermsLink): Pick<LogEntry, 'login_host' | 'terms_version' | 'locale'> => ({
  login_host: verified.loginHost,
  terms_version: shown.map(({ asked }) => `${asked.id}@${asked.version}`).join(' '),
  locale: localeOf({ shown }),
})

/** A parameter that was sent once; repeated ones arrive as an array and count as missing. */
const readField = (parameters: unknown, name: string): string | undefined => {
  if (typeof parameters !== 'object' || parameters === null) return undefined
  const value: unknown = Reflect.get(parameters, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

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
