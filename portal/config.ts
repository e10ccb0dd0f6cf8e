import type { Problem, Result } from '../actions/shared/problem.ts'
import { signingKeyProblem, type SigningKeyProblem } from '../actions/shared/session-token.ts'

/** What the pages have to know; the same for production and a laptop. */
export interface PortalConfig {
  /** The key shared with `enforce-terms` (its secret of the same name). */
  readonly signingKey: string
  /** Accepted beside the other while a key is being rotated. */
  readonly previousSigningKey?: string
  /**
   * Hosts, lower case and with the port unless it is 443, that a session token may name as `iss`
   * and that an answer may be sent to: the tenant's domain and its custom domains.
   */
  readonly loginHosts: readonly string[]
}

/** What `start.ts` reads from the environment. */
export interface PortalSettings {
  readonly config: PortalConfig
  readonly host: string
  readonly port: number
  readonly tlsFiles?: { readonly key: string; readonly cert: string }
  /** Absent: `brand.json` of this folder. */
  readonly brandFile?: string
}

const DEFAULT_HOST = '127.0.0.1'
const DEFAULT_PORT = 3000

const SIGNING_KEY_PROBLEMS: Readonly<Record<SigningKeyProblem, string>> = {
  missing: 'is not set; give it the value of the secret TERMS_TOKEN_SECRET of enforce-terms',
  short: 'is shorter than 32 bytes; make one with: openssl rand -base64 48',
  placeholder: 'is a placeholder and not a random key; make one with: openssl rand -base64 48',
}

/**
 * Reads the environment and reports every problem at once, none with its value.
 *
 * `TERMS_TOKEN_SECRET` and `LOGIN_HOSTS` (hosts separated by commas) are required.
 * `TERMS_TOKEN_SECRET_PREVIOUS` is optional. `HOST` is 127.0.0.1 and `PORT` 3000 unless set.
 * `TLS_KEY_FILE` and `TLS_CERT_FILE` (PEM) are set together or not at all; without them the pages
 * are served over plain HTTP, for a proxy that ends TLS. `BRAND_FILE` takes the place of the
 * `brand.json` beside this file; its logo is looked for from there. An empty variable counts as not
 * set.
 */
export const parsePortalSettings = (environment: unknown): Result<PortalSettings> => {
  const problems: Problem[] = []
  const read = (name: string): string | undefined => readVariable(environment, name)
  const refuse = (path: string, message: string) =>
    problems.push({
      path,
      message,
      code: read(path) === undefined ? 'variable_missing' : 'variable_invalid',
    })

  const signingKey = read('TERMS_TOKEN_SECRET') ?? ''
  const keyProblem = signingKeyProblem(signingKey)
  if (keyProblem) refuse('TERMS_TOKEN_SECRET', SIGNING_KEY_PROBLEMS[keyProblem])

  const previousSigningKey = read('TERMS_TOKEN_SECRET_PREVIOUS')
  const previousProblem = previousSigningKey && signingKeyProblem(previousSigningKey)
  if (previousProblem) refuse('TERMS_TOKEN_SECRET_PREVIOUS', SIGNING_KEY_PROBLEMS[previousProblem])

  const loginHosts = (read('LOGIN_HOSTS') ?? '')
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== '')
  if (loginHosts.length === 0)
    refuse('LOGIN_HOSTS', 'is not set; list the Auth0 login hosts, e.g. tenant.eu.auth0.com')
  loginHosts.forEach((host, index) => {
    if (!isHost(host))
      refuse(
        'LOGIN_HOSTS',
        `entry ${index + 1} is not a bare host such as tenant.eu.auth0.com (no scheme, no path, no wildcard, no :443)`,
      )
  })

  const port = Number(read('PORT') ?? DEFAULT_PORT)
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    refuse('PORT', 'is not a number between 0 and 65535')

  const key = read('TLS_KEY_FILE')
  const cert = read('TLS_CERT_FILE')
  if ((key === undefined) !== (cert === undefined))
    refuse(key === undefined ? 'TLS_KEY_FILE' : 'TLS_CERT_FILE', 'is not set, but its pair is')

  const brandFile = read('BRAND_FILE')

  if (problems.length > 0) return { ok: false, problems }
  return {
    ok: true,
    value: {
      config: {
        signingKey,
        ...(previousSigningKey !== undefined && { previousSigningKey }),
        loginHosts,
      },
      host: read('HOST') ?? DEFAULT_HOST,
      port,
      ...(key !== undefined && cert !== undefined && { tlsFiles: { key, cert } }),
      ...(brandFile !== undefined && { brandFile }),
    },
  }
}

const readVariable = (environment: unknown, name: string): string | undefined => {
  if (typeof environment !== 'object' || environment === null) return undefined
  const value: unknown = Reflect.get(environment, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Whether it is exactly what a browser would write after `https://` and before the path. */
const isHost = (host: string): boolean => {
  const url = URL.canParse(`https://${host}`) ? new URL(`https://${host}`) : undefined
  return url?.host === host && !host.includes('*')
}
