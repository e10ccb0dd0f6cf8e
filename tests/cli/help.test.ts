import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from '@jest/globals'
import { bundlePrograms } from '../../test-kit/bundle-programs.ts'

const ROOT = join(import.meta.dirname, '../..')

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

/** Those that a file of this repository answers; the portal is configured by variables alone. */
const COMMANDS = Object.entries(scripts).filter(([, script]) => /^tsx |^node build/.test(script))

const fileOf = (script: string): string => script.split(' ')[1] ?? ''

const programs = await bundlePrograms(
  COMMANDS.filter(([, script]) => script.startsWith('tsx ')).map(([, script]) => fileOf(script)),
)
afterAll(programs.remove)

test.each(COMMANDS)('npm run %s -- --help explains itself in 80 columns', async (name, script) => {
  const file = script.startsWith('tsx ') ? programs.fileOf(fileOf(script)) : fileOf(script)
  const args = [file, '--help']
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: ROOT })
  expect(stdout).toMatch(new RegExp(`^npm (run )?${name}\\b`))
  expect(stderr).toBe('')
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
})
