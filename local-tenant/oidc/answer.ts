/** Requests to the tenant's pages and OAuth endpoints, and their answers as data. */
import type { IncomingHttpHeaders } from 'node:http'
import type { OidcContext } from './oidc-context.ts'

export interface OidcRequest {
  context: OidcContext
  method: string
  /** Of the path, e.g. `:connection`. */
  params: Readonly<Record<string, string>>
  query: unknown
  /** The form or JSON that came with a POST. */
  body: unknown
  headers: IncomingHttpHeaders
  ip: string
}

export interface OidcAnswer {
  status: number
  headers?: Record<string, string>
  /** Cookies to set; `null` removes one. */
  cookies?: Record<string, string | null>
  /** A string is a page, anything else JSON. */
  body?: string | object
}

export type OidcHandler = (request: OidcRequest) => OidcAnswer | Promise<OidcAnswer>

/** The parameters of an endpoint that takes GET and POST: the query or the form. */
export const sentBy = ({ method, body, query }: OidcRequest): unknown =>
  method === 'POST' ? body : query

export const redirectTo = (url: string): OidcAnswer => ({
  status: 302,
  headers: { location: url, 'cache-control': 'no-store' },
})

export const withCookies = (
  answer: OidcAnswer,
  cookies: NonNullable<OidcAnswer['cookies']>,
): OidcAnswer => ({ ...answer, cookies: { ...answer.cookies, ...cookies } })

/** An error of RFC 6749 §5.2. */
export const oauthError = (error: string, description: string): OidcAnswer => ({
  status: 400,
  body: { error, error_description: description },
})

/**
 * A refusal with Auth0's status 403: an Action denied, the user is blocked, the API, the code, the
 * refresh token or the password is not known. Auth0 documents no answer for a redirect where there is no browser; here it is
 * `interaction_required`.
 */
export const refusal = (error: string, description: string): OidcAnswer => ({
  ...oauthError(error, description),
  status: 403,
})

/** Told before any Action runs. */
export const USER_BLOCKED = refusal('unauthorized', 'user is blocked')

export const serviceNotFound = (audience: string): OidcAnswer =>
  refusal('access_denied', `Service not found: ${audience}`)

/** What Auth0 has and this tenant has not. */
export const notImplemented = (name: string): OidcAnswer => ({
  ...oauthError('not_implemented', `The local tenant does not implement ${name}.`),
  status: 501,
})
