/** Jest's global set-up: tests of whole flows load the bundles that would be deployed. */
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { tsImport } from 'tsx/esm/api'

export default async () => {
  const { buildActions } = await tsImport('../build/build-actions.ts', import.meta.url)
  const { renderBuildReport } = await tsImport('../build/render-report.ts', import.meta.url)
  const root = dirname(import.meta.dirname)
  const result = await buildActions(root)
  if (result.problems.length === 0) return
  // The tests that need a bundle fail for want of it, the others may go on.
  await rm(join(root, 'dist', 'actions'), { recursive: true, force: true })
  console.error(renderBuildReport(result))
}
