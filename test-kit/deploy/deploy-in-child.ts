/** A command as a process of its own, which a test can kill; with the trimmed Deploy CLI. */
import { runCommand } from '../../deploy/commands/command.ts'
import { deploy } from '../../deploy/commands/deploy.ts'
import { plan } from '../../deploy/commands/plan.ts'
import { validate } from '../../deploy/commands/validate.ts'
import { runTrimmedCli } from '../deploy-cli/trimmed.ts'

const { DEPLOY_TEST_COMMAND: name, DEPLOY_TEST_ROOT: root = '' } = process.env

await runCommand(name === 'plan' ? plan : name === 'validate' ? validate : deploy, {
  root,
  runCli: runTrimmedCli,
})
