import { problemAt, type Problem, type Result } from '../actions/shared/problem.ts'
import { signingKeyProblem, type SigningKeyProblem } from '../actions/shared/session-token.ts'
import { nearest } from '../actions/shared/schema.ts'
import { guessBits } from './guess-bits.ts'
import { proxyFor } from './proxy.ts'

/** Variables as a process or a file has them. */
export type Variables = Readonly<Record<string, string | undefined>>

/** What the Deploy CLI may do, whatever the caller's environment says. */
export const DEPLOY_CLI_LIMITS = {
  AUTH0_INCLUDED_ONLY: '["actions","triggers"]',
  AUTH0_ALLOW_DELETE: 'false',
} as const

/** Auth0's limit. https://auth0.com/docs/customize/actions/limitations */
const MAX_SECRET_CHARACTERS = 4096

const SIGNING_KEYS = ['TERMS_TOKEN_SECRET', 'TERMS_TOKEN_SECRET_PREVIOUS']

/** A variable that may be absent, and the one whose value it then gets. */
const FALLBACKS: Readonly<Record<string, string>> = {
  TERMS_TOKEN_SECRET_PREVIOUS: 'TERMS_TOKEN_SECRET',
}

const SIGNING_KEY_REMEDY = 'make one with: openssl rand -base64 48'

const KEY_PROBLEMS: Record<SigningKeyProblem, string> = {
  missing: 'is not set',
  short: `is shorter than 32 bytes; ${SIGNING_KEY_REMEDY}`,
  placeholder: `is a known placeholder; ${SIGNING_KEY_REMEDY}`,
}

/** Somebody who has one token can try keys against it on as many computers as they like. */
const MIN_SIGNING_KEY_BITS = 80

/** Somebody who guesses a token has to try each guess at the service that issued it. */
const MIN_TOKEN_BITS = 40

/** By its name, as `tenant.yaml` has it. */
const IS_KEY_OR_TOKEN = /(^|_)(SECRET|TOKEN|KEY|PASSWORD)(_PREVIOUS)?$/

/** The Deploy CLI gets these when they are set. They say how to reach the tenant, not what to deploy. */
const PASSED_ON = [
  'AUTH0_API_MAX_RETRIES',
  'AUTH0_MAX_RETRIES',
  'AUTH0_RETRY_INITIAL_DELAY_MS',
  'AUTH0_RETRY_MAX_DELAY_MS',
  'HOME',
  'NODE_EXTRA_CA_CERTS',
  'PATH',
]

const READ = [
  'AUTH0_ACCESS_TOKEN',
  'AUTH0_ALLOW_DELETE',
  'AUTH0_CLIENT_ID',
  'AUTH0_CLIENT_SECRET',
  'AUTH0_CLIENT_SIGNING_ALGORITHM',
  'AUTH0_CLIENT_SIGNING_KEY_PATH',
  'AUTH0_DOMAIN',
  ...PASSED_ON,
]

/** How to get into a tenant. */
export type Credentials =
  | { kind: 'token'; accessToken: string }
  | { kind: 'private-key'; clientId: string; keyFile: string; algorithm: string }
  | { kind: 'secret'; clientId: string; clientSecret: string }

export interface Connection {
  /** Without a scheme; with a port only for a tenant on this computer. */
  domain: string
  credentials: Credentials
}

/** With a port for a tenant on this computer. */
export const HOST_NAME = /^[\w-]+(\.[\w-]+)*(:\d+)?$/

/** Reads where the tenant is and how to get in; a token goes before a key, a key before a secret. */
export const parseConnection = (source: Variables): Result<Connection> => {
  const problems: Problem[] = []
  const take = (name: string): string => {
    const value = source[name]
    if (value === undefined || value === '') problems.push(notSet(name, source))
    return value ?? ''
  }
  const domain = take('AUTH0_DOMAIN')
  if (domain !== '' && !HOST_NAME.test(domain)) {
    problems.push(
      ...invalid(
        'AUTH0_DOMAIN',
        'must be a host name such as example.eu.auth0.com, without https://',
      ),
    )
  }
  const credentials = parseCredentials(source, take)
  problems.push(...deletionProblems(source))
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, value: { domain, credentials } }
}

const parseCredentials = (source: Variables, take: (name: string) => string): Credentials => {
  if (source['AUTH0_ACCESS_TOKEN'])
    return { kind: 'token', accessToken: take('AUTH0_ACCESS_TOKEN') }
  const clientId = take('AUTH0_CLIENT_ID')
  return source['AUTH0_CLIENT_SIGNING_KEY_PATH']
    ? {
        kind: 'private-key',
        clientId,
        keyFile: take('AUTH0_CLIENT_SIGNING_KEY_PATH'),
        algorithm: source['AUTH0_CLIENT_SIGNING_ALGORITHM'] || 'RS256',
      }
    : { kind: 'secret', clientId, clientSecret: take('AUTH0_CLIENT_SECRET') }
}

const invalid = (name: string, message: string | undefined): Problem[] =>
  problemAt(name, message, 'variable_invalid')

const deletionProblems = (source: Variables): Problem[] => {
  const value = source['AUTH0_ALLOW_DELETE']
  return invalid(
    'AUTH0_ALLOW_DELETE',
    value === undefined || value === '' || value === 'false'
      ? undefined
      : 'is set: the Deploy CLI would delete every Action that is not in tenant.yaml, ' +
          "other teams' too. Unset it; to delete one of ours use: npm run deploy -- --prune NAME",
  )
}

/**
 * Picks the values of the secrets `names` and says of each what is wrong with it.
 * `TERMS_TOKEN_SECRET_PREVIOUS` may be absent outside a rotation; it then gets the value of
 * `TERMS_TOKEN_SECRET`, so that no secret is ever empty.
 */
export const parseSecrets = (
  source: Variables,
  names: Iterable<string>,
): Result<Record<string, string>> => {
  const values: Record<string, string> = {}
  const problems: Problem[] = []
  for (const name of new Set(names)) {
    const fallback = FALLBACKS[name]
    if (fallback !== undefined && !source[name]) {
      values[name] = source[fallback] ?? ''
      continue
    }
    const value = source[name]
    if (!value) problems.push(notSet(name, source, names))
    else {
      problems.push(...invalid(name, secretProblem(name, value)))
      values[name] = value
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: values }
}

/** `read` are variables that mean something else. */
const notSet = (name: string, source: Variables, read: Iterable<string> = []): Problem => {
  const others = Object.keys(source).filter(
    // TERM, which a shell sets, is no TERMS_URL.
    (other) => ![...READ, ...read].includes(other) && Math.abs(other.length - name.length) <= 3,
  )
  const meant = nearest(name, others)
  const message = meant === undefined ? 'is not set' : `is not set; is ${meant} meant?`
  return { path: name, message, code: 'variable_missing' }
}

const secretProblem = (name: string, value: string): string | undefined => {
  if (/##\w+##|@@\w+@@/.test(value)) return 'is still a placeholder'
  const isSigningKey = SIGNING_KEYS.includes(name)
  const keyProblem = isSigningKey ? signingKeyProblem(value) : undefined
  if (keyProblem !== undefined) return KEY_PROBLEMS[keyProblem]
  if (isSigningKey && guessBits(value) < MIN_SIGNING_KEY_BITS) {
    return `is easy to guess: it is made of words, sequences or repetitions; ${SIGNING_KEY_REMEDY}`
  }
  if (IS_KEY_OR_TOKEN.test(name) && guessBits(value) < MIN_TOKEN_BITS) {
    return 'is easy to guess: it is made of words, sequences or repetitions, or too short; let the service that it is for issue a random one'
  }
  if (value.length > MAX_SECRET_CHARACTERS)
    return `is longer than the ${MAX_SECRET_CHARACTERS} characters that Auth0 takes`
  // With another scheme, enforce-terms would keep everybody out.
  return name.endsWith('_URL') && !isHttpsUrl(value) ? 'is not a URL with https://' : undefined
}

const isHttpsUrl = (value: string): boolean =>
  URL.canParse(value) && new URL(value).protocol === 'https:'

/** What the Deploy CLI needs to reach the tenant, and no variable that it could put into code. */
export const pickCliVariables = (source: Variables): Record<string, string> => {
  const env: Record<string, string> = {}
  for (const name of PASSED_ON) {
    const value = source[name]
    if (value !== undefined) env[name] = value
  }
  const proxy = proxyFor(source, source['AUTH0_DOMAIN'] ?? '')
  return proxy === undefined ? env : { ...env, HTTPS_PROXY: proxy }
}
