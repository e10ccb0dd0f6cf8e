import type { BuildResult } from './build-actions.ts'
import { MAX_BUNDLE_BYTES } from './bundle-action.ts'

/** The bundles as a table, or every problem. */
export const renderBuildReport = ({ bundles, problems }: BuildResult): string => {
  if (problems.length > 0) {
    const lines = problems.map(({ file, reason }) => `  ${file}: ${reason}`)
    return [`Build refused, ${problems.length} problem(s):`, ...lines].join('\n')
  }
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
