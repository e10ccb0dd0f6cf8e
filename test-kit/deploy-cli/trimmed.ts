import { join } from 'node:path'
import { runDeployCli } from '../../deploy/run-deploy-cli.ts'

/** The real Deploy CLI in a process of its own, less what `trim.mjs` takes away. */
export const runTrimmedCli: typeof runDeployCli = (run) =>
  runDeployCli({
    ...run,
    env: { ...run.env, NODE_OPTIONS: `--import ${join(import.meta.dirname, 'trim.mjs')}` },
  })
