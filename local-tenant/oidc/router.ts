import { json, Router, urlencoded, type Request, type RequestHandler, type Response } from 'express'
import type { TenantContext } from '../context.ts'
import { onlyWhenOpen } from './admission.ts'
import { notImplemented, type OidcAnswer, type OidcHandler } from './answer.ts'
import { authorize } from './authorize.ts'
import { acceptConfirmation, showConfirmation } from './confirm.ts'
import { continueLogin } from './continue.ts'
import { COOKIE_OPTIONS } from './cookies.ts'
import { allowWebOrigins } from './cors.ts'
import { discovery, jwks } from './discovery.ts'
import { exchangeToken } from './exchange-token.ts'
import { showHome } from './home.ts'
import { acceptIdentity, acceptLogin, showIdentityProvider, showLogin } from './login-pages.ts'
import { logout, oidcLogout } from './logout.ts'
import { createOidcContext, type OidcContext } from './oidc-context.ts'
import { acceptReset, askForPassword, showMailbox, showReset, verifyEmail } from './mailbox.ts'
import { readAssets } from './pages.ts'
import { revokeToken } from './revoke-token.ts'
import { acceptSignUp, showSignUp, signUpByApi } from './sign-up.ts'
import { listTraces, showTrace } from './traces.ts'
import { userinfo } from './userinfo.ts'

interface Route {
  get?: OidcHandler
  post?: OidcHandler
  /** Scripts on the pages of a client's `web_origins` may call it, and may send JSON. */
  forScripts?: true
}

const ROUTES: Record<string, Route> = {
  '/.well-known/openid-configuration': { get: discovery },
  '/.well-known/jwks.json': { get: jwks },
  '/': { get: showHome },
  '/authorize': { get: authorize, post: authorize },
  '/u/login': { get: onlyWhenOpen(showLogin), post: onlyWhenOpen(acceptLogin) },
  '/u/signup': { get: onlyWhenOpen(showSignUp), post: onlyWhenOpen(acceptSignUp) },
  '/u/email-verification': { get: verifyEmail },
  '/u/reset-password': { get: showReset, post: acceptReset },
  '/dbconnections/signup': { post: signUpByApi, forScripts: true },
  '/dbconnections/change_password': { post: askForPassword, forScripts: true },
  '/u/confirm': { get: onlyWhenOpen(showConfirmation), post: onlyWhenOpen(acceptConfirmation) },
  '/idp/:connection': {
    get: onlyWhenOpen(showIdentityProvider),
    post: onlyWhenOpen(acceptIdentity),
  },
  '/continue': { get: onlyWhenOpen(continueLogin), post: onlyWhenOpen(continueLogin) },
  '/v2/logout': { get: logout },
  '/oidc/logout': { get: oidcLogout, post: oidcLogout },
  '/oauth/token': { post: exchangeToken, forScripts: true },
  '/oauth/revoke': { post: revokeToken, forScripts: true },
  '/userinfo': { get: userinfo, post: userinfo, forScripts: true },
  // What Auth0 does not have.
  '/local/health': {
    get: ({ context }) => ({ status: 200, body: { status: 'up', issuer: context.issuer } }),
  },
  '/local/mailbox': { get: showMailbox },
  '/local/traces': { get: listTraces },
  '/local/traces/:id': { get: showTrace },
}

/** What Auth0 has under these addresses and this tenant has not. */
const NOT_IMPLEMENTED: Record<string, string> = {
  '/.well-known/oauth-authorization-server': 'GET',
  '/bc-authorize': 'POST',
  '/client/:id.js': 'GET',
  '/co/authenticate': 'POST',
  '/dbconnections/change_password/challenge': 'POST',
  '/dbconnections/signup/challenge': 'POST',
  '/login/callback': 'GET POST',
  '/me/v1{/*rest}': 'GET POST PATCH PUT DELETE',
  '/mfa/associate': 'POST',
  '/mfa/authenticators': 'GET',
  '/mfa/authenticators/:id': 'DELETE',
  '/mfa/challenge': 'POST',
  '/oauth/device/code': 'POST',
  '/oauth/par': 'POST',
  '/oauth/reverse': 'POST',
  '/oidc/register': 'POST',
  '/passwordless/start': 'POST',
  '/passwordless/verify': 'POST',
  '/samlp/:id': 'GET POST',
  '/samlp/:id/logout': 'GET POST',
  '/samlp/metadata/:id': 'GET',
  '/scim/v2{/*rest}': 'GET POST PATCH PUT DELETE',
  '/tokeninfo': 'POST',
  '/user/ssodata': 'GET',
  '/usernamepassword/challenge': 'POST',
  '/usernamepassword/login': 'POST',
  '/v2/device_codes': 'GET',
  '/wsfed{/*rest}': 'GET POST',
}

/** Everything a browser or an application asks of the tenant. */
export const oidcRouter = (tenant: TenantContext): Router => {
  const context = createOidcContext(tenant)
  const router = Router()
  for (const [path, { get, post, forScripts }] of Object.entries(ROUTES)) {
    if (forScripts) router.use(path, allowWebOrigins(context))
    if (get !== undefined) router.get(path, handle(context, get))
    if (post === undefined) continue
    const parsers = [urlencoded({ extended: false }), ...(forScripts ? [json()] : [])]
    router.post(path, parsers, handle(context, post))
  }
  for (const [path, methods] of Object.entries(NOT_IMPLEMENTED)) {
    for (const method of methods.split(' ')) {
      const name = `${method} ${path.replace('{/*rest}', '')}`
      router[method.toLowerCase() as 'get'](
        path,
        handle(context, () => notImplemented(name)),
      )
    }
  }
  for (const { path, type, content } of readAssets()) {
    router.get(path, (_request, response) => {
      response.type(type).send(content)
    })
  }
  return router
}

const handle =
  (context: OidcContext, handler: OidcHandler): RequestHandler =>
  async (request, response) => {
    sendAnswer(response, await handler(readRequest(context, request)))
  }

const readRequest = (context: OidcContext, request: Request) => ({
  context,
  method: request.method,
  params: request.params as Record<string, string>,
  query: request.query,
  body: request.body as unknown,
  headers: request.headers,
  ip: request.socket.remoteAddress ?? '127.0.0.1',
})

/** The one place where an answer becomes a response. */
export const sendAnswer = (
  response: Response,
  { status, headers = {}, cookies = {}, body }: OidcAnswer,
): void => {
  response.status(status).set(headers)
  for (const [name, value] of Object.entries(cookies)) {
    if (value === null) response.clearCookie(name, COOKIE_OPTIONS)
    else response.cookie(name, value, COOKIE_OPTIONS)
  }
  if (typeof body === 'string') response.type('html').send(body)
  else if (body === undefined) response.end()
  else response.json(body)
}
