import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'

const ROOT = join(import.meta.dirname, '../..')

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

/** Those that a file of this repository answers; the portal is configured by variables alone. */
const COMMANDS = Object.entries(scripts).filter(([, script]) => /^tsx |^node build/.test(script))

test.each(COMMANDS)('npm run %s -- --help explains itself in 80 columns', async (name, script) => {
  const [runner, file = ''] = script.split(' ')
  const args = [...(runner === 'tsx' ? ['--import', 'tsx'] : []), file, '--help']
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: ROOT })
  expect(stdout).toMatch(new RegExp(`^npm (run )?${name}\\b`))
  expect(stderr).toBe('')
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
})
