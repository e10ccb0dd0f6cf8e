import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { createHeadlessBrowser, type HeadlessBrowser } from './headless-browser.ts'
import type { LocalFetch } from '../local-fetch.ts'
import type { RunningTenant } from '../running.ts'
import { PASSWORD_REALM_GRANT } from '../../local-tenant/oidc/grant-types.ts'
import { people, PEOPLE_PASSWORD, type Person } from '../seed/people.ts'
import { API_IDENTIFIER } from '../seed/seed.ts'
import type { Client } from '../../local-tenant/store.ts'
import { connectTenant, findNamed, type TenantConnection } from './connect-tenant.ts'
import { diffMetadata } from './metadata-diff.ts'
import type { SignInOptions } from './options.ts'
import type { SignInReport } from './render-sign-in.ts'
import { walkSignIn } from './walk-sign-in.ts'

const SCOPE = 'openid profile email offline_access read:groups'

/** One way of asking for tokens, and how it ended. */
interface Ending {
  outcome: string
  tokens?: oidc.TokenEndpointResponse
}

/** A sign-in on its way. */
interface Attempt {
  options: SignInOptions
  person: Person
  configuration: oidc.Configuration
  redirectUri: string
  audience: string
  /** The id of the organization. */
  organization: string | undefined
  browser: HeadlessBrowser
  /** Where it went, in words. */
  steps: string[]
}

/**
 * Signs a seeded person in against the running tenant as an application would, with
 * `openid-client`, and reports what the Actions did. Throws with a sentence when the person, the
 * application or the connection does not exist.
 */
export const runSignIn = async (
  options: SignInOptions,
  running: RunningTenant,
  fetch: LocalFetch,
): Promise<SignInReport> => {
  const tenant = await connectTenant(running, fetch)
  const person = findPerson(options)
  const connections = await tenant.connections()
  findNamed('connection', person.connection, connections)
  const applications = (await tenant.applications()).filter(({ callbacks }) => callbacks.length > 0)
  const application = findNamed('application', options.client ?? person.clientId, applications)
  const [redirectUri = ''] = application.callbacks
  const attempt: Attempt = {
    options,
    person,
    configuration: await configure(running, application, fetch),
    redirectUri,
    audience: options.audience ?? API_IDENTIFIER,
    organization: await findOrganization(tenant, options.organization ?? person.organization),
    browser: createHeadlessBrowser({ fetch, stopAt: [redirectUri] }),
    steps: [],
  }
  const before = await tenant.look(person.email, person.connection)
  const ending = await signIn(attempt)
  const after = await tenant.look(person.email, person.connection)
  const known = new Set(before.flows.map(({ id }) => id))
  return {
    title: `${person.email} signs in to ${application.name} through ${person.connection}`,
    steps: attempt.steps,
    flows: after.flows.filter(({ id }) => !known.has(id)).reverse(),
    metadata: diffMetadata(before.user, after.user),
    outcome: ending.outcome,
    isSignedIn: ending.tokens !== undefined,
    tokens: describeTokens(ending.tokens),
  }
}

const configure = (
  { tenantUrl }: RunningTenant,
  { client_id, client_secret: secret }: Client,
  fetch: LocalFetch,
): Promise<oidc.Configuration> => {
  const authentication = secret === undefined ? oidc.None() : oidc.ClientSecretPost(secret)
  return oidc.discovery(new URL(tenantUrl), client_id, undefined, authentication, {
    [oidc.customFetch]: fetch,
  })
}

const signIn = async (attempt: Attempt): Promise<Ending> => {
  const { configuration, steps, options } = attempt
  if (options.protocol === 'password') return signInByPassword(attempt)
  const first = await signInByCode(attempt)
  if (options.protocol === 'silent') {
    steps.push('silently again, with prompt=none')
    return signInByCode(attempt, 'none')
  }
  if (options.protocol === 'code' || first.tokens?.refresh_token === undefined) return first
  steps.push('application → /oauth/token with the refresh token')
  return endingOf(oidc.refreshTokenGrant(configuration, first.tokens.refresh_token))
}

const signInByPassword = ({ configuration, person, audience, steps }: Attempt): Promise<Ending> => {
  steps.push('application → /oauth/token with the password')
  return endingOf(
    oidc.genericGrantRequest(configuration, PASSWORD_REALM_GRANT, {
      username: person.email,
      password: PEOPLE_PASSWORD,
      realm: person.connection,
      scope: SCOPE,
      audience,
    }),
  )
}

const signInByCode = async (attempt: Attempt, prompt?: 'none'): Promise<Ending> => {
  const { configuration, person, redirectUri, browser, options, audience, organization } = attempt
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
  const expectedState = oidc.randomState()
  const expectedNonce = oidc.randomNonce()
  const authorizationUrl = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: SCOPE,
    audience,
    ...(organization === undefined ? {} : { organization }),
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
    ...(prompt === undefined
      ? { connection: person.connection, login_hint: person.email }
      : { prompt }),
  })
  const walk = await walkSignIn(browser, authorizationUrl, person, options.terms)
  attempt.steps.push(...walk.steps)
  if (walk.callback === undefined) return { outcome: `not signed in: ${walk.stuck ?? ''}` }
  const checks = { pkceCodeVerifier, expectedState, expectedNonce }
  return endingOf(oidc.authorizationCodeGrant(configuration, walk.callback, checks))
}

const findPerson = ({ user, connection }: SignInOptions): Person => {
  const byEmail = people.map((person) => ({ name: person.email, person }))
  const { person } = findNamed('person', user, byEmail)
  return connection === undefined ? person : { ...person, connection }
}

const findOrganization = async (
  tenant: TenantConnection,
  wanted: string | undefined,
): Promise<string | undefined> =>
  wanted === undefined
    ? undefined
    : findNamed('organization', wanted, await tenant.organizations()).id

/** What the application learns: tokens, or the error of the authorization or token endpoint. */
const endingOf = async (request: Promise<oidc.TokenEndpointResponse>): Promise<Ending> => {
  try {
    return { outcome: 'signed in', tokens: await request }
  } catch (error) {
    if (
      error instanceof oidc.AuthorizationResponseError ||
      error instanceof oidc.ResponseBodyError
    ) {
      return { outcome: `${error.error}: ${error.error_description ?? ''}` }
    }
    throw error
  }
}

const describeTokens = (tokens: Ending['tokens']): SignInReport['tokens'] =>
  tokens === undefined
    ? []
    : [
        { name: 'ID token', claims: claimsOf(tokens.id_token) },
        { name: 'Access token', claims: claimsOf(tokens.access_token) },
      ]

const claimsOf = (token: string | undefined): Record<string, unknown> | undefined => {
  try {
    return decodeJwt(token ?? '')
  } catch {
    return undefined
  }
}
