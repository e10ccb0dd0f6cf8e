import type { DeploymentRecord } from '../deployment-record.ts'
import { parseConnection, type Variables } from '../environment.ts'
import { openTenant, type OpenTenant } from '../open-tenant.ts'
import { beforeWriting } from '../parse-tenant.ts'
import { planDeployment, type Plan, type PlanOptions } from '../plan-deployment.ts'
import { loadRecord } from '../record-file.ts'
import type { Repository } from '../repository.ts'
import type { Tenant } from '../tenant.ts'
import { hashTenantState } from '../tenant-state.ts'
import { variablesOf, type Command } from './command.ts'
import { requireRepository, environmentFailure } from './validate.ts'

/** The repository, the tenant it was compared with, and the plan. */
export interface ReadPlan {
  /** The caller's variables, or those of `--env`. */
  source: Variables
  repository: Repository
  opened: OpenTenant
  tenant: Tenant
  plan: Plan
  record: DeploymentRecord | undefined
  /** See `hashTenantState`. */
  state: string
}

/**
 * Builds, reads the tenant that `--env` names and plans. Writes nothing to the tenant. A wrong
 * argument is said before a variable that is missing.
 */
export const preparePlan = async (
  command: Command,
  env: string | undefined,
  options: PlanOptions,
  requireArguments: (repository: Repository) => void = () => undefined,
): Promise<ReadPlan> => {
  const source = variablesOf(command, env)
  const repository = await requireRepository(command)
  requireArguments(repository)
  const connection = parseConnection(source)
  if (!connection.ok) throw environmentFailure(connection.problems, env)
  const { domain } = connection.value
  const record = loadRecord(command.root, domain)
  const work = async (): Promise<ReadPlan> => {
    const opened = await openTenant(connection.value, source, command)
    opened.requireScopes(['read:actions'])
    const tenant = await opened.api.fetchTenant(Object.keys(repository.bindings))
    const plan = planDeployment(repository, tenant, { ...options, record })
    const state = hashTenantState(repository, tenant, record)
    return { source, repository, opened, tenant, plan, record, state }
  }
  return beforeWriting(command.progress(`Reading ${domain}`, work))
}
