import { CommandFailure } from '../../cli/failure.ts'
import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { createHeadlessBrowser } from './headless-browser.ts'
import type { LocalFetch } from '../local-fetch.ts'
import type { RunningTenant } from '../running.ts'
import { PASSWORD_REALM_GRANT } from '../../local-tenant/oidc/grant-types.ts'
import { people, PEOPLE_PASSWORD, type Person } from '../seed/people.ts'
import { API_IDENTIFIER } from '../seed/seed.ts'
import type { Client } from '../../local-tenant/store.ts'
import { connectTenant } from './connect-tenant.ts'
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
  const application = findApplication(
    await tenant.applications(),
    options.client ?? person.clientId,
  )
  const configuration = await oidc.discovery(
    new URL(running.tenantUrl),
    application.client_id,
    undefined,
    application.client_secret === undefined
      ? oidc.None()
      : oidc.ClientSecretPost(application.client_secret),
    { [oidc.customFetch]: fetch },
  )
  const [redirectUri = ''] = application.callbacks
  const browser = createHeadlessBrowser({ fetch, stopAt: [redirectUri] })
  const steps: string[] = []

  const signInByCode = async (prompt?: 'none'): Promise<Ending> => {
    const codeVerifier = oidc.randomPKCECodeVerifier()
    const state = oidc.randomState()
    const nonce = oidc.randomNonce()
    const authorizationUrl = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: SCOPE,
      audience: API_IDENTIFIER,
      code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...(prompt === undefined
        ? { connection: person.connection, login_hint: person.email }
        : { prompt }),
    })
    const walk = await walkSignIn(browser, authorizationUrl, person, options.terms)
    steps.push(...walk.steps)
    if (walk.callback === undefined) return { outcome: `not signed in: ${walk.stuck ?? ''}` }
    return endingOf(
      oidc.authorizationCodeGrant(configuration, walk.callback, {
        pkceCodeVerifier: codeVerifier,
        expectedState: state,
        expectedNonce: nonce,
      }),
    )
  }

  const signIn = async (): Promise<Ending> => {
    if (options.protocol === 'password') {
      steps.push('application → /oauth/token with the password')
      return endingOf(
        oidc.genericGrantRequest(configuration, PASSWORD_REALM_GRANT, {
          username: person.email,
          password: PEOPLE_PASSWORD,
          realm: person.connection,
          scope: SCOPE,
          audience: API_IDENTIFIER,
        }),
      )
    }
    const first = await signInByCode()
    if (options.protocol === 'silent') {
      steps.push('silently again, with prompt=none')
      return signInByCode('none')
    }
    if (options.protocol === 'code' || first.tokens?.refresh_token === undefined) return first
    steps.push('application → /oauth/token with the refresh token')
    return endingOf(oidc.refreshTokenGrant(configuration, first.tokens.refresh_token))
  }

  const before = await tenant.look(person.email, person.connection)
  const ending = await signIn()
  const after = await tenant.look(person.email, person.connection)

  const known = new Set(before.flows.map(({ id }) => id))
  return {
    title: `${person.email} signs in to ${application.name} through ${person.connection}`,
    steps,
    flows: after.flows.filter(({ id }) => !known.has(id)).reverse(),
    metadata: diffMetadata(before.user, after.user),
    outcome: ending.outcome,
    isSignedIn: ending.tokens !== undefined,
    tokens:
      ending.tokens === undefined
        ? []
        : [
            { name: 'ID token', claims: claimsOf(ending.tokens.id_token) },
            { name: 'Access token', claims: claimsOf(ending.tokens.access_token) },
          ],
  }
}

const findPerson = ({ user, connection }: SignInOptions): Person => {
  const person = people.find(({ email }) => email === user)
  if (person === undefined) {
    throw new CommandFailure(
      'not_found',
      `There is no ${user}. There are:\n${people.map(({ email }) => `  ${email}`).join('\n')}`,
    )
  }
  return connection === undefined ? person : { ...person, connection }
}

const findApplication = (applications: readonly Client[], wanted: string): Client => {
  const application = applications.find(
    ({ client_id, name }) => client_id === wanted || name === wanted,
  )
  if (application !== undefined) return application
  const names = applications
    .filter(({ callbacks }) => callbacks.length > 0)
    .map(({ name }) => `  ${name}`)
  throw new CommandFailure(
    'not_found',
    `There is no application "${wanted}". There are:\n${names.join('\n')}`,
  )
}

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

const claimsOf = (token: string | undefined): Record<string, unknown> | undefined => {
  try {
    return decodeJwt(token ?? '')
  } catch {
    return undefined
  }
}
