/**
 * Jest's resolver: what tests import of a team's files, and what the code that they import does, is
 * the file of the same path in `test-kit/fixture/`.
 */
import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const root = dirname(import.meta.dirname)

export const sync = (request, options) => {
  const file = options.defaultResolver(request, options)
  const fixture = join(root, 'test-kit', 'fixture', relative(root, file))
  return existsSync(fixture) ? fixture : file
}
