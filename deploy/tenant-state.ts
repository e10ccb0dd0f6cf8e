import { createHash } from 'node:crypto'
import type { DeploymentRecord } from './deployment-record.ts'
import { findAction } from './plan-deployment.ts'
import type { Repository } from './repository.ts'
import type { Tenant } from './tenant.ts'

/**
 * A hash of what a plan was made for: which versions of ours are live, our bindings in order, and
 * the record. It is another one after every deploy, rollback or change by hand, also when that was
 * taken back since.
 */
export const hashTenantState = (
  { actions, bindings }: Repository,
  tenant: Tenant,
  record: DeploymentRecord | undefined,
): string => {
  const isOurs = (name: string): boolean => actions.some((action) => action.name === name)
  const state = {
    domain: tenant.domain,
    live: actions.map(({ name }) => [name, findAction(tenant, name)?.deployed?.id ?? '']),
    bound: Object.keys(bindings).map((trigger) =>
      (tenant.bindings[trigger] ?? [])
        .map(({ actionName }) => actionName)
        .filter((name) => isOurs(name)),
    ),
    record: record ?? null,
  }
  return createHash('sha256').update(JSON.stringify(state)).digest('hex')
}
