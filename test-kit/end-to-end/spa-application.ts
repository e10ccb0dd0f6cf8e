/** A single-page application as Auth0 documents it: `auth0-spa-js`, no server of its own. */
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import type { LocalCertificate } from '../../local-tenant/certificate.ts'

export interface SpaApplication {
  /** Where it is served; also its callback. */
  readonly origin: string
  close(): Promise<void>
}

/** What the page does; the browser's own globals are not ours to type. */
const script = ({ host, clientId }: { host: string; clientId: string }): string => `
  import { Auth0Client } from '@auth0/auth0-spa-js'
  const client = new Auth0Client({
    domain: ${JSON.stringify(host)},
    clientId: ${JSON.stringify(clientId)},
    authorizationParams: { redirect_uri: location.origin },
  })
  const show = (text) => { document.querySelector('output').textContent = text }
  const query = new URLSearchParams(location.search)
  if (query.has('code') || query.has('error')) {
    await client.handleRedirectCallback().then(
      () => show('signed in'),
      ({ error, error_description }) => show(error + ' ' + error_description),
    )
    history.replaceState({}, '', '/')
  } else show('ready')
  document.querySelector('#log-in').addEventListener('click', () => client.loginWithRedirect())
  document.querySelector('#silent').addEventListener('click', async () => {
    show('asking')
    try {
      const token = await client.getTokenSilently({ cacheMode: 'off', timeoutInSeconds: 10 })
      const { sub, ...claims } = await client.getIdTokenClaims()
      show('token ' + token.length + ' ' + claims['https://example.com/claims/terms_version'])
    } catch ({ error }) {
      show(error)
    }
  })
`

const HTML = `<!doctype html><html lang="en"><title>Application</title>
<button id="log-in">Log in</button> <button id="silent">Who am I</button> <output></output>
<script type="module" src="/app.js"></script></html>`

export const startSpa = async (
  certificate: LocalCertificate,
  tenant: { host: string; clientId: string },
): Promise<SpaApplication> => {
  const { outputFiles } = await build({
    stdin: { contents: script(tenant), resolveDir: import.meta.dirname },
    bundle: true,
    format: 'esm',
    write: false,
  })
  const javascript = outputFiles[0]?.text ?? ''
  const server = createServer(
    { key: certificate.key, cert: certificate.cert },
    (request, response) => {
      const isScript = request.url === '/app.js'
      response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html')
      response.end(isScript ? javascript : HTML)
    },
  )
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}
