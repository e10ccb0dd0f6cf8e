/** Runs a command of `deploy/` in this process against a test tenant. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endingWell, type Command, type ExitCode } from '../../deploy/commands/command.ts'
import { runDeployCli } from '../../deploy/run-deploy-cli.ts'
import type { DeployTenant } from './deploy-tenant.ts'
import type { TestProject } from './test-project.ts'

const MODULES = join(import.meta.dirname, '../../node_modules')

/** Values that must turn up nowhere. */
export const SECRETS = {
  API_KEY: 'ak_5f0cTz8Wd3Qy6Nb1',
  TERMS_TOKEN_SECRET: 'Zk3v9Qx7Lw2Tr8Yp5Nm1Bc6Hd4Jf0Gs-Aa',
}

/**
 * Takes the 8 MB schema of prompts away before the Deploy CLI compiles it, which is nearly all that
 * a run costs, and makes its pauses of two seconds a tenth. Only here: the product never patches the
 * Deploy CLI, and the first test of `deploy.test.ts` does not either.
 */
export const TRIM = `
require('auth0-deploy-cli/lib/tools/auth0/handlers/prompts').schema = { type: 'object' }
require('auth0-deploy-cli/lib/tools/utils').sleep = (ms) => new Promise((done) => setTimeout(done, ms / 10))
`

export const writeTrim = (): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'deploy-trim-')), 'trim.cjs')
  writeFileSync(file, TRIM)
  return file
}

let trimFile: string | undefined

export const runTrimmedCli: typeof runDeployCli = (run) =>
  runDeployCli({
    ...run,
    env: {
      ...run.env,
      NODE_OPTIONS: `--require ${(trimFile ??= writeTrim())}`,
      NODE_PATH: MODULES,
    },
  })

export interface Ran {
  code: ExitCode
  /** Standard output. */
  out: string
  /** Standard error. */
  err: string
}

export const runIn = async (
  project: TestProject,
  tenant: DeployTenant,
  work: (command: Command) => Promise<ExitCode>,
  args: readonly string[] = [],
  overrides: Partial<Command> = {},
): Promise<Ran> => {
  const out: string[] = []
  const err: string[] = []
  const code = await endingWell(work, {
    root: project.root,
    args,
    env: { ...tenant.env, ...SECRETS },
    print: (text) => out.push(text),
    tell: (text) => err.push(text),
    progress: async (text, step) => {
      err.push(text)
      return step(() => undefined)
    },
    leaves: () => undefined,
    fetch: tenant.fetch,
    runCli: runTrimmedCli,
    ...overrides,
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}
