/** A tenant on a free port, its people, a clock to turn, and an application that signs them in. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach } from '@jest/globals'
import * as client from 'openid-client'
import { loadCertificate } from '../../local-tenant/certificate.ts'
import {
  createHeadlessBrowser,
  type HeadlessBrowser,
  type Page,
} from '../../playground/sign-in/headless-browser.ts'
import { createLocalFetch, type LocalFetch } from '../../playground/local-fetch.ts'
import { PEOPLE_PASSWORD } from '../../playground/seed/people.ts'
import { seed as seedPeople } from '../../playground/seed/seed.ts'
import {
  bindPostLogin,
  putActionsLive,
  type LiveAction,
} from '../../local-tenant/put-actions-live.ts'
import type { TenantState } from '../../local-tenant/store.ts'
import { startTenant, type Tenant } from '../../local-tenant/tenant.ts'

export const DEMO_URL = 'https://app.example.test'
export const CALLBACK = `${DEMO_URL}/callback`

export const CARA = 'cara.current@example.com'
export const CARA_ID = 'auth0|6740a1c0de00000000000002'
export const NORA = 'nora.new@example.com'

/** Deploys and binds Actions without the Management API; replaces what was bound. */
export const bindActions = (state: TenantState, actions: readonly LiveAction[]): void => {
  state.actions = {}
  putActionsLive(state, actions, Date.now())
  bindPostLogin(
    state,
    actions.map(({ name }) => ({ actionName: name, displayName: name })),
    Date.now(),
  )
}

/** An Action that answers every handler it is given, as source text. */
export const action = (name: string, handlers: Record<string, string>): LiveAction => ({
  name,
  code: Object.entries(handlers)
    .map(([handler, body]) => `exports.${handler} = async (event, api) => { ${body} }`)
    .join('\n'),
})

export interface TestTenant {
  tenant: Tenant
  state: TenantState
  fetch: LocalFetch
  /** Milliseconds that were added to the clock. */
  clock: { skipped: number }
  close(): Promise<void>
  /** It stops at the application, and at these beginnings of addresses. */
  browser(stopAt?: string[]): HeadlessBrowser
  application(clientId?: string): Promise<client.Configuration>
}

export const startTestTenant = async (
  options: { stateFile?: string; certificateFolder?: string } = {},
): Promise<TestTenant> => {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-'))
  const certificate = await loadCertificate(options.certificateFolder ?? folder, Date.now())
  const fetch = createLocalFetch(certificate.caPem)
  const clock = { skipped: 0 }
  const tenant = await startTenant({
    port: 0,
    certificate,
    now: () => Date.now() + clock.skipped,
    seed: (state, now) => {
      seedPeople(state, now, DEMO_URL)
    },
    ...(options.stateFile === undefined ? {} : { stateFile: options.stateFile }),
  })
  const { state } = tenant.store
  return {
    tenant,
    state,
    fetch,
    clock,
    browser: (stopAt = []) => createHeadlessBrowser({ fetch, stopAt: [DEMO_URL, ...stopAt] }),
    application: (clientId = 'web-app') => {
      const secret = state.clients[clientId]?.client_secret
      return client.discovery(
        new URL(tenant.url),
        clientId,
        undefined,
        secret === undefined ? client.None() : client.ClientSecretPost(secret),
        { [client.customFetch]: fetch as unknown as client.CustomFetch },
      )
    },
    async close() {
      await tenant.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** One tenant for all tests of a file. Before each, no Action is bound and the clock is right. */
export const shareTestTenant = async (): Promise<{
  local: TestTenant
  application: client.Configuration
}> => {
  const local = await startTestTenant()
  beforeEach(() => {
    bindActions(local.state, [])
    local.clock.skipped = 0
  })
  afterAll(() => local.close())
  return { local, application: await local.application() }
}

export interface Login {
  page: Page
  verifier: string
  nonce: string
  state: string
}

/** Opens `/authorize` with PKCE, `state` and `nonce`, as an application would. */
export const openAuthorize = async (
  browser: HeadlessBrowser,
  application: client.Configuration,
  parameters: Record<string, string> = {},
): Promise<Login> => {
  const verifier = client.randomPKCECodeVerifier()
  const nonce = client.randomNonce()
  const state = client.randomState()
  const url = client.buildAuthorizationUrl(application, {
    redirect_uri: CALLBACK,
    scope: 'openid profile email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    nonce,
    state,
    ...parameters,
  })
  return { page: await browser.open(url), verifier, nonce, state }
}

/** Signs a database user in and answers where the browser stopped. */
export const signIn = async (
  browser: HeadlessBrowser,
  application: client.Configuration,
  email: string,
  parameters: Record<string, string> = {},
): Promise<Login> => {
  const login = await openAuthorize(browser, application, parameters)
  const page = await browser.submit('form', { username: email, password: PEOPLE_PASSWORD })
  return { ...login, page }
}

/** Exchanges the code that the browser brought to the application. */
export const redeem = (
  application: client.Configuration,
  { page, verifier, nonce, state }: Login,
) =>
  client.authorizationCodeGrant(application, new URL(page.url), {
    pkceCodeVerifier: verifier,
    expectedNonce: nonce,
    expectedState: state,
  })

/** The parameters that the application was sent. */
export const answerOf = (url: string): Record<string, string> =>
  Object.fromEntries(new URL(url).searchParams)

/** The OAuth error code of a token request that must fail. */
export const errorOf = async (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    () => 'accepted',
    (error: unknown) => (error as client.ResponseBodyError).error,
  )
