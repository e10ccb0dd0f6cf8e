import { json, Router, urlencoded } from 'express'
import type { TenantContext } from '../context.ts'
import { onlyWhenOpen } from './admission.ts'
import { authorize } from './authorize.ts'
import { continueLogin } from './continue.ts'
import { allowWebOrigins } from './cors.ts'
import { discovery, jwks } from './discovery.ts'
import { acceptIdentity, acceptLogin, showIdentityProvider, showLogin } from './login-pages.ts'
import { showHome } from './home.ts'
import { logout, oidcLogout } from './logout.ts'
import { createOidcContext } from './oidc-context.ts'
import { readAssets } from './pages.ts'
import { revokeToken } from './revoke-token.ts'
import { exchangeToken } from './exchange-token.ts'
import { userinfo } from './userinfo.ts'

/** Everything a browser or an application asks of the tenant. */
export const oidcRouter = (tenant: TenantContext): Router => {
  const context = createOidcContext(tenant)
  const router = Router()
  const form = urlencoded({ extended: false })
  const cors = allowWebOrigins(context)

  router.use(
    ['/.well-known/openid-configuration', '/.well-known/jwks.json'],
    (_request, response, next) => {
      response.set('access-control-allow-origin', '*')
      next()
    },
  )
  router.get('/.well-known/openid-configuration', discovery(context))
  router.get('/.well-known/jwks.json', jwks(context))

  router.get('/', showHome(context))
  router.get('/authorize', authorize(context))
  router.post('/authorize', form, authorize(context))
  router.use(['/u/login', '/idp', '/continue'], onlyWhenOpen(context))
  router.get('/u/login', showLogin(context))
  router.post('/u/login', form, acceptLogin(context))
  router.get('/idp/:connection', showIdentityProvider(context))
  router.post('/idp/:connection', form, acceptIdentity(context))
  router.get('/continue', continueLogin(context))
  router.post('/continue', form, continueLogin(context))
  router.get('/v2/logout', logout(context))
  router.get('/oidc/logout', oidcLogout(context))
  router.post('/oidc/logout', form, oidcLogout(context))

  router.use(['/oauth/token', '/oauth/revoke', '/userinfo'], cors)
  router.post('/oauth/token', form, json(), exchangeToken(context))
  router.post('/oauth/revoke', form, json(), revokeToken(context))
  router.get('/userinfo', userinfo(context))
  router.post('/userinfo', userinfo(context))

  for (const { path, type, content } of readAssets()) {
    router.get(path, (_request, response) => {
      response.type(type).send(content)
    })
  }
  return router
}
