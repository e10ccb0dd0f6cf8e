import { createRequire } from 'node:module'
import { setTimeout as wait } from 'node:timers/promises'

const require = createRequire(import.meta.url)

/**
 * Takes the 8 MB schema of prompts away before the Deploy CLI compiles it, which is nearly all that
 * a run costs, and makes its pauses of two seconds short. Only in tests: the product never patches
 * the Deploy CLI, and `pipeline.test.ts` and `fresh-tenant.test.ts` run it untouched.
 */
export const trimDeployCli = () => {
  require('auth0-deploy-cli/lib/tools/auth0/handlers/prompts').schema = { type: 'object' }
  require('auth0-deploy-cli/lib/tools/utils').sleep = (ms) => wait(ms / 50)
}

trimDeployCli()
