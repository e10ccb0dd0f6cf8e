import { missingScope } from './explain-failure.ts'
import { DeployFailure, type FailureCode } from './failure.ts'

/** What the Deploy CLI prints, by cause. The first that matches is taken. */
const CAUSES: readonly [pattern: RegExp, code: FailureCode, text: (match: string) => string][] = [
  [/Insufficient scope[^\n]*/i, 'scope_missing', missingScope],
  [
    /\b429\b|too many requests|global limit has been reached|rate limit/i,
    'rate_limited',
    () => 'The tenant still answered 429 after all retries. Wait a minute and run again.',
  ],
  [
    /status code:? 401|Invalid token|Expired token|Unauthorized/i,
    'bad_credentials',
    () => 'The tenant refused the access token.',
  ],
  [
    /did not return an alternative response|fetch failed|ECONN\w+|socket hang up|ETIMEDOUT/i,
    'tenant_failed',
    () => 'The connection to the tenant broke.',
  ],
  [
    /status code:? 5\d\d|internal server error/i,
    'tenant_failed',
    () => 'The tenant answered with a server error.',
  ],
]

const TAIL_LINES = 12

/** Why an import failed, with the end of what the Deploy CLI printed, which must hold no secret. */
export const explainDeployCli = (exitCode: number, output: string): DeployFailure => {
  const tail = output
    .split('\n')
    .slice(-TAIL_LINES)
    .map((line) => `  | ${line}`)
    .join('\n')
  for (const [pattern, code, text] of CAUSES) {
    const match = pattern.exec(output)
    if (match !== null) {
      return new DeployFailure(code, `${text(match[0])} The Deploy CLI said:\n${tail}`)
    }
  }
  return new DeployFailure(
    'deploy_cli_failed',
    `The Deploy CLI ended with exit code ${exitCode}:\n${tail}`,
  )
}
