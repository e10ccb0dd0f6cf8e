/** `npm run plan`: see `commands/plan.ts`. */
import { runCommand } from './commands/command.ts'
import { plan } from './commands/plan.ts'

await runCommand(plan)
