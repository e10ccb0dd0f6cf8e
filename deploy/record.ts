/** `npm run record`: see `commands/record.ts`. */
import { runCommand } from './commands/command.ts'
import { record } from './commands/record.ts'

await runCommand(record)
