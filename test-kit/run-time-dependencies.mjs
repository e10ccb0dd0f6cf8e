/**
 * Jest's extractor of dependencies: tests that take bundles from `.fixture/` depend on the Actions
 * there, though they import none. `jest --watch` and `jest --findRelatedTests` go by it.
 */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = dirname(import.meta.dirname)

const FIXTURE_PROJECT = join(root, 'test-kit', 'fixture-project.ts')

const actions = readdirSync(join(root, 'actions'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
  .map(({ name }) => `../actions/${name}/action.ts`)

export const extract = (code, file, extractImports) =>
  new Set([...extractImports(code), ...(file === FIXTURE_PROJECT ? actions : [])])

/** Jest keeps what it extracted as long as this stays the same. */
export const getCacheKey = () => actions.join()
