/** `node build.mjs` bundles the Actions into `dist`, or prints every reason why not and exits 1. */
import { tsImport } from 'tsx/esm/api'

const { buildActions } = await tsImport('./build/build-actions.ts', import.meta.url)
const { renderBuildReport } = await tsImport('./build/render-report.ts', import.meta.url)

const result = await buildActions(import.meta.dirname)
const report = renderBuildReport(result)
if (result.problems.length > 0) {
  console.error(report)
  process.exitCode = 1
} else {
  console.log(report)
}
