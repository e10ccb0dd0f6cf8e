import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { deploy } from '../../deploy/commands/deploy.ts'
import { plan } from '../../deploy/commands/plan.ts'
import { makeCertificate, startDeployTenant, type DeployTenant } from './deploy-tenant.ts'
import { runIn, SECRETS, type Ran } from './run-command.ts'
import { makeProject, TWO_ACTIONS, type TestProject } from './test-project.ts'

jest.setTimeout(180_000)

const { certificate, remove } = await makeCertificate()
let project: TestProject
let tenant: DeployTenant

beforeEach(async () => {
  project = makeProject()
  tenant = await startDeployTenant(certificate)
})

afterEach(async () => {
  await tenant.close()
  project.remove()
})

afterAll(remove)

const run = (...args: string[]): Promise<Ran> => runIn(project, tenant, deploy, ['--yes', ...args])

describe('npm run deploy', () => {
  test('puts Actions, secrets and order into an empty tenant', async () => {
    const { code, out, err } = await run()
    console.log(out, err)
    expect(code).toBe(0)
    expect(tenant.bound()).toEqual(['first', 'second'])
    const p = await runIn(project, tenant, plan)
    console.log(p.out, p.err)
    project.write({ ...TWO_ACTIONS, second: { says: 'two' } })
    const again = await run()
    console.log(again.out, again.err, tenant.seen, SECRETS)
  })
})
