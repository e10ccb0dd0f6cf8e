/** `npm run drift`: see `commands/plan.ts`. */
import { runCommand } from './commands/command.ts'
import { drift } from './commands/plan.ts'

await runCommand(drift)
