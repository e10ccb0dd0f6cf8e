import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildActions, readTenant } from '../../build.mjs'
import type { DeployTenant } from './deploy-tenant.ts'
import { SECRETS } from './run-command.ts'
import type { TestProject } from './test-project.ts'

/** Leaves the tenant as a deploy of the project would, without the seconds of the Deploy CLI. */
export const fillTenant = async (tenant: DeployTenant, project: TestProject): Promise<void> => {
  await buildActions(project.root)
  const { actions } = await readTenant(project.root)
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
}

export const builtCode = (project: TestProject, name: string): string =>
  readFileSync(join(project.root, 'dist/actions', `${name}.js`), 'utf8')
