import { readFileSync } from 'node:fs'
import { decodeJwt, importPKCS8, SignJWT } from 'jose'
import type { Connection, Credentials } from './environment.ts'
import { explainFailure, isDropped, networkCode, statusIn } from './explain-failure.ts'
import { DeployFailure } from './failure.ts'
import { ANSWERS, NO_JSON, parseAnswer } from './parse-tenant.ts'
import { tryAgain } from './patiently.ts'
import { oneLine } from '../cli/safe-text.ts'

export interface TokenRequest {
  fetch: typeof fetch
  /** How often a 429, a 5xx or a broken connection is tried again. */
  retries: number
}

/**
 * Gets a token for the Management API by client credentials, once for all that a command does, the
 * Deploy CLI included: so its environment holds no client secret, and Auth0 counts one token.
 * https://auth0.com/docs/get-started/authentication-and-authorization-flow/client-credentials-flow
 */
export const requestAccessToken = async (
  { domain, credentials }: Connection,
  { fetch, retries }: TokenRequest,
): Promise<string> => {
  if (credentials.kind === 'token') return credentials.accessToken
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: credentials.clientId,
    audience: `https://${domain}/api/v2/`,
    ...(await proofOf(domain, credentials)),
  })
  const ask = async (): Promise<string> => {
    try {
      const answer = await fetch(`https://${domain}/oauth/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      })
      return await readToken(answer, domain)
    } catch (error) {
      throw explainFailure(error, domain)
    }
  }
  // What the tenant asks for in its answer comes on top, see `guardFetch`.
  return tryAgain(ask, { retries, firstPauseMs: 1000, mayPass })
}

const mayPass = (error: unknown): boolean => {
  const status = statusIn(error) ?? 0
  return status === 429 || status >= 500 || isDropped(error) || networkCode(error) === 'ETIMEDOUT'
}

type Proving = Exclude<Credentials, { kind: 'token' }>

const proofOf = async (domain: string, credentials: Proving): Promise<Record<string, string>> => {
  if (credentials.kind === 'secret') return { client_secret: credentials.clientSecret }
  const { clientId, keyFile, algorithm } = credentials
  try {
    const key = await importPKCS8(readFileSync(keyFile, 'utf8'), algorithm)
    return {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await new SignJWT({})
        .setProtectedHeader({ alg: algorithm })
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(`https://${domain}/`)
        .setIssuedAt()
        .setExpirationTime('2m')
        .setJti(crypto.randomUUID())
        .sign(key),
    }
  } catch (error) {
    throw new DeployFailure(
      'bad_credentials',
      `AUTH0_CLIENT_SIGNING_KEY_PATH does not lead to a PKCS #8 private key for ${algorithm}.`,
      { cause: error },
    )
  }
}

const readToken = async (answer: Response, domain: string): Promise<string> => {
  const body: unknown = await answer.json().catch(() => NO_JSON)
  if (answer.ok) return parseAnswer('POST /oauth/token', ANSWERS.token, body).access_token
  const { error, error_description: description } = (body ?? {}) as Record<string, unknown>
  const reason = oneLine([error, description].filter((text) => typeof text === 'string').join(': '))
  if (answer.status === 401 || answer.status === 403 || answer.status === 400) {
    throw new DeployFailure(
      'bad_credentials',
      `${domain} gives this client no token (${reason || answer.status}). Check AUTH0_CLIENT_ID and its secret ` +
        'or key, and that the client is authorized for the Auth0 Management API.',
    )
  }
  throw explainFailure({ statusCode: answer.status, body: reason }, domain)
}

/** The scopes in a token, `undefined` when it does not say. Not verified: the tenant does that. */
export const scopesOf = (accessToken: string): Set<string> | undefined => {
  try {
    const { scope } = decodeJwt(accessToken)
    return typeof scope === 'string' ? new Set(scope.split(' ').filter(Boolean)) : undefined
  } catch {
    return undefined
  }
}
