/** Jest's global set-up: tests of whole flows load the bundles that would be deployed. */
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildActions, renderBuildReport } from '../build.mjs'

export default async () => {
  const root = dirname(dirname(fileURLToPath(import.meta.url)))
  const result = await buildActions(root)
  if (result.problems.length === 0) return
  // The tests that need a bundle fail for want of it, the others may go on.
  await rm(join(root, 'dist', 'actions'), { recursive: true, force: true })
  console.error(renderBuildReport(result))
}
