import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildActions } from '../../build/build-actions.ts'
import { loadTenantFile } from '../../build/tenant-file.ts'
import { adoptActions } from '../../deploy/deployment-record.ts'
import { ANSWERS, parseAnswer } from '../../deploy/parse-tenant.ts'
import { saveRecord } from '../../deploy/record-file.ts'
import { actionView } from '../../local-tenant/management/action-view.ts'
import type { DeployTenant } from './deploy-tenant.ts'
import { SECRETS } from './run-command.ts'
import type { TestProject } from './test-project.ts'

/**
 * Leaves the tenant and the record as a deploy of the project would, without the seconds of the
 * Deploy CLI.
 */
export const fillTenant = async (tenant: DeployTenant, project: TestProject): Promise<void> => {
  await buildActions(project.root)
  const { actions } = await loadTenantFile(project.root)
  for (const { name, secrets = [] } of actions) {
    const action = tenant.addForeign(name, builtCode(project, name))
    action.secrets = secrets.map((secret) => ({
      name: secret.name,
      value: SECRETS[secret.name as keyof typeof SECRETS],
      updated_at: action.updated_at,
    }))
    for (const version of action.versions) version.secrets = action.secrets
  }
  tenant.bind(...actions.map(({ name }) => name))
  recordTenant(tenant, project)
}

/** Puts everything that is live on record. */
export const recordTenant = (tenant: DeployTenant, project: TestProject): void => {
  const views = Object.values(tenant.state.actions).map((action) => actionView(action, Date.now()))
  const { actions } = parseAnswer('the test', ANSWERS.actions, { actions: views })
  const live = { domain: tenant.domain, actions, bindings: {} }
  saveRecord(
    project.root,
    adoptActions(
      undefined,
      live,
      actions.map(({ name }) => name),
    ),
  )
}

export const builtCode = (project: TestProject, name: string): string =>
  readFileSync(join(project.root, 'dist/actions', `${name}.js`), 'utf8')
