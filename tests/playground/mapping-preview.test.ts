import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { FIXTURE } from '../../test-kit/fixture-project.ts'

const folder = mkdtempSync(join(tmpdir(), 'mapping-preview-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = (...args: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', 'playground/mapping-preview.ts', ...args], {
    cwd: FIXTURE,
    encoding: 'utf8',
  })

test('an event in a file is previewed', () => {
  const file = join(folder, 'event.json')
  writeFileSync(
    file,
    JSON.stringify({
      connection: { name: 'acme-saml', strategy: 'samlp' },
      user: { groups: ['staff', 'approvers'] },
    }),
  )
  const { status, stdout, stderr } = run('--event', file)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('Sign-in over acme-saml (samlp)')
  expect(stdout).toContain('app_metadata.idp = {\n    "groups": [\n      "approvers",')
})

test('a file that is no event gives one line and a failure', () => {
  const file = join(folder, 'broken.json')
  writeFileSync(file, '{"user":{}}')
  const { status, stdout, stderr } = run('--event', file)
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: '',
    stderr: 'The event has no "connection" object. [event_invalid]\n',
  })
})

test('a file that is not there gives one line and a failure', () => {
  const { status, stdout, stderr } = run('--event', join(folder, 'none.json'))
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toMatch(/^\S+none\.json cannot be read\. \[file_failed\]\n$/)
})
