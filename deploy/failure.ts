import { CommandFailure } from '../cli/failure.ts'

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

export class DeployFailure extends CommandFailure<FailureCode> {}
