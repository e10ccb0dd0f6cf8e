import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'

const ROOT = join(import.meta.dirname, '../..')

test('the tests of an Action that jest --watch runs include those that take its bundle', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      join(ROOT, 'node_modules/jest/bin/jest.js'),
      '--listTests',
      '--findRelatedTests',
      'actions/add-claims/decide.ts',
    ],
    { cwd: ROOT },
  )
  const related = stdout.split('\n').map((file) => file.slice(ROOT.length + 1))
  expect(related).toEqual(
    expect.arrayContaining([
      'tests/actions/add-claims/decide.test.ts',
      'tests/actions/add-claims/action.test.ts',
      'tests/flows/five-actions.test.ts',
      'tests/flows/look-up.test.ts',
    ]),
  )
  expect(related).not.toContain('tests/reports/split-lines.test.ts')
})
