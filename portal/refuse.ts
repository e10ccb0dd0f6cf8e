import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { parseLocales } from '../actions/shared/locales.ts'
import { chooseMessagesLocale, MESSAGES } from './locales.ts'
import type { ErrorCode } from './messages/messages.ts'
import type { PageAnswer, Refusal } from './routes/answer.ts'

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

/** The page that says what is wrong, with a reference that the log line has as well. */
export const refuse = (
  { refusal: code, reason, locales = [] }: Refusal,
  headers: IncomingHttpHeaders,
): PageAnswer => {
  const status = STATUS[code]
  const reference = randomBytes(6).toString('hex')
  const level = status >= 500 ? 'error' : 'info'
  const locale = chooseMessagesLocale(parseLocales([locales, headers['accept-language']]))
  const error = MESSAGES[locale].errors[code]
  const content = { code, reference, error }
  return {
    page: { locale, kind: 'page-card', title: error.title, view: 'error', content },
    policy: 'plain',
    status,
    log: { level, event: 'refused', status, code, reference, ...(reason && { reason }) },
  }
}

/** What Express found wrong with a request, or threw while it was answered. */
export const refusalOf = (error: unknown): Refusal => {
  const status = readStatus(error)
  if (status === 413) return { refusal: 'request_too_large' }
  return status >= 400 && status < 500
    ? { refusal: 'request_invalid' }
    : { refusal: 'unexpected_error', reason: describeError(error) }
}

const readStatus = (error: unknown): number =>
  typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500

/** Where it was thrown, without the message: that may quote what the user sent. */
const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return typeof error
  const [place = ''] = /\n\s+at .*/.exec(error.stack ?? '') ?? []
  return `${error.name}${place.replace(/\s+/g, ' ')}`
}
