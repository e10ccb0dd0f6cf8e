/** `npm run validate`: see `commands/validate.ts`. */
import { runCommand } from './commands/command.ts'
import { validate } from './commands/validate.ts'

await runCommand(validate)
