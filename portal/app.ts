import { join } from 'node:path'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { signingKeyProblem } from '../actions/shared/session-token.ts'
import { requireBrand, type Brand } from './brand.ts'
import type { PortalConfig } from './config.ts'
import { writeLogLine, type WriteLog } from './log.ts'
import { createPages, type Asset } from './pages.ts'
import { refusalOf, refuse } from './refuse.ts'
import type { Answer, Portal, PortalRequest } from './routes/answer.ts'
import { showHome } from './routes/home.ts'
import { showSecondLook } from './routes/second-look.ts'
import { showTerms } from './routes/show-terms.ts'
import { takeAnswer } from './routes/take-answer.ts'
import { openTermsLink, type TermsRoute } from './routes/terms-link.ts'
import {
  setContinuePolicy,
  setImagePolicy,
  setPlainPolicy,
  setSecurityHeaders,
  setTermsPolicy,
} from './security-headers.ts'
import { loadTermsTexts } from './terms-texts.ts'

/** Room for the token (4096 characters), the `state` (512, all percent-encoded) and ten answers. */
const MAX_BODY_BYTES = 10_240

/** Five fields, and three for each of ten documents. */
const MAX_FIELDS = 40

const POLICIES = { plain: setPlainPolicy, terms: setTermsPolicy, continue: setContinuePolicy }

export interface PortalOptions {
  /** Default: what `brand.json` beside this file says. */
  readonly brand?: Brand
  /** Default: `terms` beside this file. */
  readonly termsFolder?: string
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  readonly log?: WriteLog
}

/**
 * The web pages a user is sent to during a sign-in: a request handler without a port. Reads texts
 * and brand once. Throws for a signing key that is missing, short or a known placeholder, and for
 * texts or a brand that the build would refuse.
 */
export const createPortal = (config: PortalConfig, options: PortalOptions = {}): Express => {
  checkKeys(config)
  const portal: Portal = {
    config,
    brand: options.brand ?? requireBrand(join(import.meta.dirname, 'brand.json')),
    texts: loadTermsTexts(options.termsFolder ?? join(import.meta.dirname, 'terms')),
    now: options.now ?? Date.now,
  }
  const pages = createPages(portal.brand)
  const send = senderOf(pages, options.log ?? writeLogLine)
  const route =
    (answer: TermsRoute) =>
    async (request: Request, response: Response): Promise<void> => {
      const asked = readRequest(request)
      const link = await openTermsLink(portal, asked)
      send(request, response, 'refusal' in link ? link : await answer(portal, asked, link))
    }

  const app = express()
  app.disable('etag')
  app.use(...setSecurityHeaders())
  app.get('/health', (_request, response) => {
    response.json({ status: 'ok' })
  })
  for (const asset of pages.assets) app.get(asset.path, sendAsset(asset))
  app.all('/terms', allowOnly(send, 'GET', 'POST'))
  app.all('/terms/decline', allowOnly(send, 'GET'))
  app.get('/', (request, response) => send(request, response, showHome(readRequest(request))))
  app.get('/terms', route(showTerms))
  app.get('/terms/decline', route(showSecondLook))
  app.post(
    '/terms',
    express.urlencoded({ extended: false, limit: MAX_BODY_BYTES, parameterLimit: MAX_FIELDS }),
    route(takeAnswer),
  )
  app.use((request, response) => send(request, response, { refusal: 'page_not_found' }))
  // Four parameters, or Express does not take it for an error handler.
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) next(error)
    else send(request, response, refusalOf(error))
  })
  return app
}

type Send = (request: Request, response: Response, answer: Answer) => void

const senderOf =
  (pages: ReturnType<typeof createPages>, log: WriteLog): Send =>
  (request, response, answer) => {
    if ('redirect' in answer) {
      response.redirect(303, answer.redirect)
      return
    }
    const found = 'refusal' in answer ? refuse(answer, request.headers) : answer
    if (found.log !== undefined) log(found.log)
    if (found.cookie !== undefined) response.append('Set-Cookie', found.cookie)
    const html = pages.render(found.page)
    POLICIES[found.policy](request, response, () =>
      response
        .status(found.status ?? 200)
        .type('html')
        .send(html),
    )
  }

const allowOnly =
  (send: Send, ...methods: readonly string[]) =>
  (request: Request, response: Response, next: NextFunction): void => {
    if (methods.includes(request.method)) {
      next()
      return
    }
    response.setHeader('Allow', methods.join(', '))
    send(request, response, { refusal: 'method_not_allowed' })
  }

const checkKeys = ({ signingKey, previousSigningKey = signingKey }: PortalConfig): void => {
  for (const key of [signingKey, previousSigningKey]) {
    const problem = signingKeyProblem(key)
    if (problem) throw new Error(`signing key of the portal: ${problem}`)
  }
}

const readRequest = ({ method, query, body, headers }: Request): PortalRequest => ({
  method,
  parameters: method === 'POST' ? body : query,
  headers,
})

const sendAsset =
  ({ contentType, content }: Asset) =>
  (request: Request, response: Response): void => {
    const sendIt = (): void => {
      response.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
      response.type(contentType).send(content)
    }
    if (contentType.startsWith('image/')) setImagePolicy(request, response, sendIt)
    else sendIt()
  }
