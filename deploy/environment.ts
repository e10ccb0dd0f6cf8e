import { signingKeyProblem, type SigningKeyProblem } from '../actions/shared/session-token.ts'

/** The environment for the Deploy CLI, or every reason why there is none. */
export type DeployEnvironment =
  { ok: true; env: Record<string, string> } | { ok: false; problems: string[] }

/** What the Deploy CLI may do, whatever the caller's environment says. */
export const DEPLOY_CLI_LIMITS = {
  AUTH0_INCLUDED_ONLY: '["actions","triggers"]',
  AUTH0_ALLOW_DELETE: 'false',
} as const

const SIGNING_KEYS = ['TERMS_TOKEN_SECRET', 'TERMS_TOKEN_SECRET_PREVIOUS']

/** A variable that may be absent, and the one whose value it then gets. */
const STAND_INS: Readonly<Record<string, string>> = {
  TERMS_TOKEN_SECRET_PREVIOUS: 'TERMS_TOKEN_SECRET',
}

const SIGNING_KEY_REMEDY = 'make one with: openssl rand -base64 48'

const KEY_PROBLEMS: Record<SigningKeyProblem, string> = {
  missing: 'is not set',
  short: `is shorter than 32 bytes; ${SIGNING_KEY_REMEDY}`,
  placeholder: `is not random; ${SIGNING_KEY_REMEDY}`,
}

/** Handed on when they are set: how to reach the tenant, not what to deploy. */
const PASSED_ON = [
  'AUTH0_CLIENT_SIGNING_ALGORITHM',
  'HOME',
  'HTTPS_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'NO_PROXY',
  'PATH',
]

/**
 * Picks from the caller's environment what a deployment of `tenantYaml` needs. Each `@@NAME@@` in
 * it must be set. `TERMS_TOKEN_SECRET_PREVIOUS` may be absent outside a rotation; it then gets the
 * value of `TERMS_TOKEN_SECRET`, so that no secret is ever empty.
 */
export const parseDeployEnvironment = (
  source: Readonly<Record<string, string | undefined>>,
  tenantYaml: string,
): DeployEnvironment => {
  const env: Record<string, string> = { ...DEPLOY_CLI_LIMITS }
  const problems: string[] = []
  const take = (name: string): void => {
    const value = source[name]
    if (value === undefined || value === '') problems.push(`${name} is not set`)
    else env[name] = value
  }

  take('AUTH0_DOMAIN')
  for (const name of credentialNames(source)) take(name)
  const markers = tenantYaml.matchAll(/@@(\w+)@@/g)
  for (const name of new Set(Array.from(markers, ([, marker]) => marker ?? ''))) {
    const standIn = STAND_INS[name]
    if (standIn !== undefined && !source[name]) {
      env[name] = source[standIn] ?? ''
      continue
    }
    const keyProblem = SIGNING_KEYS.includes(name) ? signingKeyProblem(source[name]) : undefined
    if (keyProblem === undefined) take(name)
    else problems.push(`${name} ${KEY_PROBLEMS[keyProblem]}`)
  }
  for (const name of PASSED_ON) {
    const value = source[name]
    if (value !== undefined) env[name] = value
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, env }
}

/** One of the three ways in: a token, a client with a private key, a client with a secret. */
const credentialNames = (source: Readonly<Record<string, string | undefined>>): string[] => {
  if (source['AUTH0_ACCESS_TOKEN']) return ['AUTH0_ACCESS_TOKEN']
  if (source['AUTH0_CLIENT_SIGNING_KEY_PATH']) {
    return ['AUTH0_CLIENT_ID', 'AUTH0_CLIENT_SIGNING_KEY_PATH']
  }
  return ['AUTH0_CLIENT_ID', 'AUTH0_CLIENT_SECRET']
}
