/** `npm run build`: see `USAGE`. */
import { join } from 'node:path'
import { readArguments } from '../cli/read-arguments.ts'
import { runHere } from '../cli/run-command.ts'
import { buildActions } from './build-actions.ts'
import { buildRefused, renderBuildReport, tellWarnings } from './render-report.ts'

const USAGE = `npm run build
Bundles each Action into dist/actions/, or says with file and reason what would
fail or mislead only after a deployment. Then nothing is written.`

await runHere(async ({ args, print, tell }) => {
  readArguments(args, USAGE, {})
  const result = await buildActions(join(import.meta.dirname, '..'))
  if (!result.ok) throw buildRefused(result.problems)
  print(renderBuildReport(result.value.bundles))
  tellWarnings(result.value.warnings, tell)
  return 0
})
