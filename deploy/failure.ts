/** Why a command could not do its work; stable, so that a pipeline can react to it. */
export type FailureCode =
  | 'answer_unreadable'
  | 'arguments_wrong'
  | 'bad_credentials'
  | 'build_failed'
  | 'deploy_cli_failed'
  | 'domain_wrong'
  | 'rate_limited'
  | 'record_unusable'
  | 'repository_invalid'
  | 'rolled_back'
  | 'scope_missing'
  | 'tenant_changed'
  | 'tenant_failed'
  | 'timed_out'

/** Ends a command with exit code 1; the message says what happened and what to do. */
export class DeployFailure extends Error {
  readonly code: FailureCode

  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DeployFailure'
    this.code = code
  }
}
