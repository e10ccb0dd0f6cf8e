/** `npm run deploy` as a process of its own, which a test can kill; with the trimmed Deploy CLI. */
import { runCommand } from '../../deploy/commands/command.ts'
import { deploy } from '../../deploy/commands/deploy.ts'
import { runTrimmedCli } from './run-command.ts'

await runCommand(deploy, {
  root: process.env['DEPLOY_TEST_ROOT'] ?? '',
  runCli: runTrimmedCli,
})
