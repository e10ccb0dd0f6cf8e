/**
 * `npm run deploy`: builds the Actions, then lets the Deploy CLI put them and their order into the
 * tenant that the environment names. Nothing is deleted.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildActions, renderBuildReport } from '../build.mjs'
import { parseDeployEnvironment } from './environment.ts'
import { importTenant } from './import-tenant.ts'

const root = join(import.meta.dirname, '..')

const deploy = async (): Promise<void> => {
  const inputFile = join(root, 'tenant.yaml')
  const environment = parseDeployEnvironment(process.env, readFileSync(inputFile, 'utf8'))
  if (!environment.ok) {
    throw new Error(
      ['Nothing was deployed:', ...environment.problems.map((problem) => `  ${problem}`)].join(
        '\n',
      ),
    )
  }
  const result = await buildActions(root)
  const report = renderBuildReport(result)
  if (result.problems.length > 0) throw new Error(report)
  console.log(report)
  await importTenant(`Deploying to ${environment.env['AUTH0_DOMAIN'] ?? ''}`, {
    inputFile,
    env: environment.env,
  })
}

try {
  await deploy()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
