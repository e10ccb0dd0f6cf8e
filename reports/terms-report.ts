/** `npm run terms:report`: see `terms-report-command.ts`. */
import { settings } from '../actions/enforce-terms/settings.ts'
import { runToExitCode } from '../cli/run-command.ts'
import { withProgress } from '../cli/progress.ts'
import { runTermsReport } from './terms-report-command.ts'

process.exitCode = await runToExitCode(runTermsReport, {
  args: process.argv.slice(2),
  stdin: process.stdin,
  print: (text) => console.log(text),
  tell: (text) => console.error(text),
  progress: withProgress,
  documents: settings.documents,
  now: new Date(),
})
