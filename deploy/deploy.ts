/** `npm run deploy`: see `commands/deploy.ts`. */
import { runCommand } from './commands/command.ts'
import { deploy } from './commands/deploy.ts'

await runCommand(deploy)
