/** Jest's global set-up: builds the team's project, for its laws, and the one of all other tests. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { tsImport } from 'tsx/esm/api'

export default async () => {
  const { buildActions } = await tsImport('../build/build-actions.ts', import.meta.url)
  const { buildRefused } = await tsImport('../build/render-report.ts', import.meta.url)
  const { renderFailure } = await tsImport('../cli/failure.ts', import.meta.url)
  const { buildFixture } = await tsImport('./build-fixture.ts', import.meta.url)
  const { FIXTURE, REPOSITORY } = await tsImport('./fixture-project.ts', import.meta.url)
  const keep = async (root, result) => {
    if (result.ok) return
    // The tests that need a bundle fail for want of it, the others may go on.
    await rm(join(root, 'dist', 'actions'), { recursive: true, force: true })
    console.error(renderFailure(buildRefused(result.problems)))
  }
  await keep(REPOSITORY, await buildActions(REPOSITORY))
  await keep(FIXTURE, await buildFixture())
}
