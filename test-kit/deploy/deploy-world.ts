import { afterAll, afterEach, beforeEach } from '@jest/globals'
import { makeCertificate, startDeployTenant, type DeployTenant } from './deploy-tenant.ts'
import { makeProject, type TestProject } from './test-project.ts'

export interface DeployWorld {
  project: TestProject
  tenant: DeployTenant
}

/** A project and an empty tenant, new for each test of a file. */
export const useDeployWorld = async (): Promise<DeployWorld> => {
  const { certificate, remove } = await makeCertificate()
  const world = {} as DeployWorld
  beforeEach(async () => {
    world.project = makeProject()
    world.tenant = await startDeployTenant(certificate)
  })
  afterEach(async () => {
    await world.tenant.close()
    world.project.remove()
  })
  afterAll(remove)
  return world
}
