import { readFileSync } from 'node:fs'
import { decodeJwt, importPKCS8, SignJWT } from 'jose'
import type { Connection, Credentials } from './environment.ts'
import { explainFailure, networkCode } from './explain-failure.ts'
import { DeployFailure } from './failure.ts'
import { ANSWERS, NO_JSON, parseAnswer } from './parse-tenant.ts'
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
  for (let attempt = 0; ; attempt += 1) {
    let answer
    try {
      answer = await fetch(`https://${domain}/oauth/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      })
    } catch (error) {
      if (attempt < retries && isDropped(error)) {
        await waitBefore(attempt)
        continue
      }
      throw explainFailure(error, domain)
    }
    if ((answer.status === 429 || answer.status >= 500) && attempt < retries) {
      await waitBefore(attempt)
      continue
    }
    return readToken(answer, domain)
  }
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

const isDropped = (error: unknown): boolean =>
  ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET'].includes(networkCode(error) ?? '')

/** A second that doubles each time; what the tenant asks for comes on top, see `guardFetch`. */
const waitBefore = async (attempt: number): Promise<void> => {
  await new Promise((done) => setTimeout(done, 1000 * 2 ** attempt))
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
