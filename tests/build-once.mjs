/** Jest's global set-up: tests of whole flows load the bundles that would be deployed. */
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildActions, renderBuildReport } from '../build.mjs'

export default async () => {
  const root = dirname(dirname(fileURLToPath(import.meta.url)))
  const result = await buildActions(root)
  if (result.problems.length > 0) throw new Error(renderBuildReport(result))
}
