import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import helmet from 'helmet'

const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i

/**
 * The headers that every response carries. The policy allows nothing at all: what shows a page or
 * an image sets its own.
 */
export const setSecurityHeaders = (): readonly RequestHandler[] => [
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    // The token stands in the address of the page.
    referrerPolicy: { policy: 'no-referrer' },
    // The header would cut the link to the window that opened this one, and with it every
    // application that signs in through a popup and waits for its message.
    crossOriginOpenerPolicy: false,
  }),
  (request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    if (isPublicHttps(request)) response.setHeader('Strict-Transport-Security', 'max-age=31536000')
    next()
  },
]

const policy = (directives: Readonly<Record<string, readonly string[]>>): RequestHandler =>
  helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'style-src': ["'self'"],
      'img-src': ["'self'"],
      'base-uri': ["'none'"],
      'frame-ancestors': ["'none'"],
      ...directives,
    },
  })

/** Error pages: no form, no script. */
export const setPlainPolicy = policy({ 'form-action': ["'none'"] })

/** An image opened by its address: SVG is a document then, and must not act as one of ours. */
export const setImagePolicy: RequestHandler = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: { 'default-src': ["'none'"], 'style-src': ["'unsafe-inline'"], sandbox: [] },
})

/** The documents: one form, which only this server answers, and one script of ours. */
export const setTermsPolicy = policy({ 'form-action': ["'self'"], 'script-src': ["'self'"] })

/**
 * The answer on its way: one script of ours, and no `form-action` at all. Chromium holds that
 * directive against every redirect after the submit, and `/continue` redirects on to the
 * application: with the login host alone no sign-in would end, with `https:` none of a development
 * server's, and no list whatever admits the private scheme of a native application (RFC 8252 §7.1).
 * The target is built from a verified claim and the page shows nothing else that came from outside.
 */
export const setContinuePolicy = policy({ 'script-src': ["'self'"] })

/**
 * Whether the browser speaks HTTPS, with us or with a proxy before us. Not on loopback: browsers
 * apply the header to a host with all its ports, so a laptop's other servers would stop working.
 * A forged `X-Forwarded-Proto` only adds a header to the forger's own response.
 */
const isPublicHttps = (request: IncomingMessage): boolean => {
  const encrypted = 'encrypted' in request.socket && request.socket.encrypted === true
  const forwarded = request.headers['x-forwarded-proto'] === 'https'
  return (encrypted || forwarded) && !LOOPBACK.test(request.headers.host ?? 'localhost')
}
