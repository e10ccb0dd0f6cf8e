import type { Problem } from '../actions/shared/problem.ts'
import { problemsFailure, type CommandFailure } from '../cli/failure.ts'
import { renderProblems } from '../cli/problems.ts'
import type { Bundle } from './build-actions.ts'
import { MAX_BUNDLE_BYTES } from './bundle-action.ts'

/** What each command that builds ends with when the build is refused. */
export const buildRefused = (problems: readonly Problem[]): CommandFailure =>
  problemsFailure('repository_invalid', 'Build refused. Correct this and run again:', problems)

/** Says what the build takes all the same. */
export const tellWarnings = (warnings: readonly Problem[], tell: (text: string) => void): void => {
  if (warnings.length > 0) tell(`Built, with this to look at:\n${renderProblems(warnings)}`)
}

/** The bundles as a table. */
export const renderBuildReport = (bundles: readonly Bundle[]): string => {
  const width = Math.max(...bundles.map(({ name }) => name.length), 'Action'.length)
  const rows = bundles.map(({ name, bytes, hash }) => {
    const share = `${Math.round((100 * bytes) / MAX_BUNDLE_BYTES)} %`
    return [
      name.padEnd(width),
      String(bytes).padStart(7),
      share.padStart(7),
      ` ${hash.slice(0, 12)}`,
    ]
  })
  const head = ['Action'.padEnd(width), 'bytes'.padStart(7), 'of max'.padStart(7), ' sha256']
  return [head, ...rows].map((cells) => cells.join('  ')).join('\n')
}
