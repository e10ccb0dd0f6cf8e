/** `npm run build`: see `USAGE`. */
import { join } from 'node:path'
import { CommandFailure } from '../cli/failure.ts'
import { readArguments } from '../cli/read-arguments.ts'
import { runHere } from '../cli/run-command.ts'
import { buildActions } from './build-actions.ts'
import { renderBuildReport } from './render-report.ts'

const USAGE = `npm run build
Bundles each Action into dist/actions/, or says with file and reason what would
fail or mislead only after a deployment. Then nothing is written.`

await runHere(async ({ args, print }) => {
  readArguments(args, USAGE, {})
  const result = await buildActions(join(import.meta.dirname, '..'))
  const report = renderBuildReport(result)
  if (result.problems.length > 0) throw new CommandFailure('repository_invalid', report)
  print(report)
  return 0
})
