/** Runs a command of `deploy/` in this process against a test tenant. */
import { expect } from '@jest/globals'
import { runToExitCode, type ExitCode } from '../../cli/run-command.ts'
import type { Command } from '../../deploy/commands/command.ts'
import { runWarmCli } from '../deploy-cli/warm.ts'
import type { DeployTenant } from './deploy-tenant.ts'
import type { TestProject } from './test-project.ts'

/** Values that must turn up nowhere. */
export const SECRETS = {
  API_KEY: 'ak_5f0cTz8Wd3Qy6Nb1',
  TERMS_TOKEN_SECRET: 'Zk3v9Qx7Lw2Tr8Yp5Nm1Bc6Hd4Jf0Gs-Aa',
}

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
  const code = await runToExitCode(work, {
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
    runCli: runWarmCli,
    ...overrides,
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

export const succeed = async (...args: Parameters<typeof runIn>): Promise<Ran> => {
  const ran = await runIn(...args)
  expect(ran).toEqual({ ...ran, code: 0 })
  return ran
}
