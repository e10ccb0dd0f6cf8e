/** Records shared by a branch, with real repositories on this computer. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { runToExitCode } from '../../cli/run-command.ts'
import { record as recordCommand } from '../../deploy/commands/record.ts'
import type { DeploymentRecord } from '../../deploy/deployment-record.ts'
import { pullRecords, pushRecords } from '../../deploy/record-branch.ts'
import { loadRecord, recordFile, renderRecord, saveRecord } from '../../deploy/record-file.ts'

jest.setTimeout(60_000)

const folder = mkdtempSync(join(tmpdir(), 'record-branch-'))
let count = 0
let remote: string

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@localhost', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim()

/** A checkout of the code, as a runner or a colleague has it. */
const checkout = (): string => {
  const root = join(folder, `checkout-${(count += 1)}`)
  git(folder, 'clone', '--quiet', remote, root)
  return root
}

beforeEach(() => {
  remote = join(folder, `remote-${(count += 1)}.git`)
  git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', remote)
  const root = checkout()
  writeFileSync(join(root, '.gitignore'), 'deployments/\n')
  git(root, 'checkout', '--quiet', '-B', 'main')
  git(root, 'add', '.')
  git(root, 'commit', '--quiet', '-m', 'code')
  git(root, 'push', '--quiet', 'origin', 'main')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const aRecord = (domain: string, number: number, name = 'first'): DeploymentRecord => ({
  schema: 1,
  domain,
  actions: {
    [name]: {
      id: `id-${name}`,
      version: { id: `version-${number}`, number },
      hash: 'f'.repeat(64),
      trigger: { id: 'post-login', version: 'v3' },
      modules: [],
      secretsSetAt: {},
    },
  },
  lastRun: {
    kind: 'deploy',
    at: new Date(Date.UTC(2026, 10, 1, 10, number)).toISOString(),
    actions: [],
    bindings: [],
  },
})

const pull = (root: string) => pullRecords({ root, remote: 'origin', source: {} })
const push = (root: string) => pushRecords({ root, remote: 'origin', source: {} }, 'Record')

test('without the branch there is no record, and the first push makes it', async () => {
  const [one, other] = [checkout(), checkout()]
  expect(pull(one)).toEqual([])
  saveRecord(one, aRecord('a.example', 1))
  expect(await push(one)).toEqual(['a.example.json'])
  expect(await push(one)).toEqual([])
  expect(pull(other)).toEqual(['a.example.json'])
  expect(loadRecord(other, 'a.example')).toEqual(aRecord('a.example', 1))
})

test('the branch holds records alone, and checkout, index and code are not touched', async () => {
  const root = checkout()
  pull(root)
  saveRecord(root, aRecord('a.example', 1))
  await push(root)
  expect(git(remote, 'ls-tree', '--name-only', 'deployments')).toBe('a.example.json')
  expect(git(remote, 'rev-list', '--count', 'main')).toBe('1')
  expect(git(root, 'status', '--porcelain')).toBe('')
  expect(git(root, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('main')
})

test('records of two tenants that are pushed at the same time are both there', async () => {
  const [staging, production] = [checkout(), checkout()]
  for (const root of [staging, production]) pull(root)
  saveRecord(staging, aRecord('staging.example', 1))
  saveRecord(production, aRecord('production.example', 1))
  await push(staging)
  await push(production)
  expect(pull(checkout())).toEqual(['production.example.json', 'staging.example.json'])
})

test('a push that is overtaken is made again, also when it would have made the branch', async () => {
  for (const number of [1, 2]) {
    const [slow, fast] = [checkout(), checkout()]
    for (const root of [slow, fast]) pull(root)
    saveRecord(slow, aRecord(`slow-${number}.example`, number))
    saveRecord(fast, aRecord(`fast-${number}.example`, number))
    await push(fast)
    const theirs = git(fast, 'ls-remote', 'origin', 'refs/heads/deployments').slice(0, 40)
    const before = number === 1 ? [] : [git(remote, 'rev-parse', `${theirs}^`)]
    // The branch is as it was until the slow one pushes: then the fast one comes first.
    git(
      remote,
      'update-ref',
      ...(before[0] === undefined ? ['-d'] : []),
      'refs/heads/deployments',
      ...before,
    )
    const hook = join(slow, '.git/hooks/pre-push')
    mkdirSync(join(slow, '.git/hooks'), { recursive: true })
    writeFileSync(
      hook,
      `#!/bin/sh\n[ -e "$0.ran" ] && exit 0\ntouch "$0.ran"\ngit -C ${remote} update-ref refs/heads/deployments ${theirs}\n`,
    )
    chmodSync(hook, 0o755)
    expect(await push(slow)).toEqual([`slow-${number}.example.json`])
    expect(existsSync(`${hook}.ran`)).toBe(true)
    expect(pull(checkout())).toEqual(
      expect.arrayContaining([`fast-${number}.example.json`, `slow-${number}.example.json`]),
    )
  }
})

test('one tenant deployed to from two places keeps the newest version of each Action', async () => {
  const [one, other] = [checkout(), checkout()]
  for (const root of [one, other]) pull(root)
  saveRecord(one, aRecord('a.example', 5))
  saveRecord(other, aRecord('a.example', 4, 'second'))
  await push(one)
  await push(other)
  pull(one)
  expect(loadRecord(one, 'a.example')).toMatchObject({
    actions: { first: { version: { number: 5 } }, second: { version: { number: 4 } } },
    lastRun: aRecord('a.example', 5).lastRun,
  })
})

test('a pull keeps what was not pushed yet', async () => {
  const [one, other] = [checkout(), checkout()]
  saveRecord(one, aRecord('a.example', 4))
  await push(one)
  pull(other)
  saveRecord(other, aRecord('a.example', 5))
  pull(other)
  expect(loadRecord(other, 'a.example')).toEqual(aRecord('a.example', 5))
})

describe('npm run record', () => {
  const run = async (root: string, ...args: string[]) => {
    const said: string[] = []
    const say = (text: string): void => void said.push(text)
    const code = await runToExitCode(recordCommand, {
      root,
      args,
      env: { RECORD_TOKEN: 'the-token-of-the-pipeline' },
      print: say,
      tell: say,
      progress: (_, work) => work(() => undefined),
      fetch,
      leaves: () => undefined,
      runCli: () => Promise.reject(new Error('no Deploy CLI')),
    })
    return { code, said: said.join('\n') }
  }

  test('pulls and pushes, and says what', async () => {
    const root = checkout()
    expect(await run(root, 'pull')).toMatchObject({
      code: 0,
      said: expect.stringContaining('no record'),
    })
    saveRecord(root, aRecord('a.example', 1))
    expect((await run(root, 'push')).said).toContain('a.example.json')
    expect((await run(root, 'push')).said).toContain('has it already')
    expect((await run(root, 'pull')).said).toContain('Got into deployments/: a.example.json')
  })

  test('a remote that cannot be reached is a failure, never an empty record, and shows no token', async () => {
    const root = checkout()
    saveRecord(root, aRecord('a.example', 1))
    rmSync(remote, { recursive: true })
    for (const what of ['pull', 'push']) {
      const { code, said } = await run(root, what)
      expect(code).toBe(1)
      expect(said).toContain('[record_unusable]')
      expect(said).not.toContain('the-token')
    }
  })

  test('a record that cannot be read is not pushed, and a pull replaces it', async () => {
    const [one, other] = [checkout(), checkout()]
    saveRecord(one, aRecord('a.example', 1))
    await push(one)
    writeFileSync(join(one, recordFile('a.example')), '{"schema":2}\n')
    saveRecord(other, aRecord('a.example', 2))
    expect(await run(one, 'push')).toMatchObject({ code: 1 })
    await push(other)
    pull(one)
    expect(readFileSync(join(one, recordFile('a.example')), 'utf8')).toBe(
      renderRecord(aRecord('a.example', 2)),
    )
  })

  test.each(['', 'shove', 'pull origin more'])('refuses %j', async (text) => {
    const args = text.split(' ').filter(Boolean)
    expect(await run(checkout(), ...args)).toMatchObject({
      code: 1,
      said: expect.stringContaining('[arguments_wrong]'),
    })
  })
})
