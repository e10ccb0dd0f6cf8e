/** The repository becomes a team's own: what teams change leaves the build and the laws content. */
import { execFile } from 'node:child_process'
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { runToExitCode } from '../../cli/run-command.ts'
import { validate } from '../../deploy/commands/validate.ts'
import { ADOPTIONS, copyProject } from '../../test-kit/adoptions.ts'
import { putTeamFiles } from '../../test-kit/build-fixture.ts'
import { FIXTURE, REPOSITORY } from '../../test-kit/fixture-project.ts'
import { loadLawProject } from '../../test-kit/laws/law-project.ts'
import { findBrokenIn } from '../../test-kit/laws/project-laws.ts'
import { ADOPTION_RUNS, LAW_TIMEOUT_MS, SEED } from '../../test-kit/laws/runs.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'adoption-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const validateProject = async () => {
  const said: string[] = []
  const code = await runToExitCode(validate, {
    root,
    args: ['--no-secrets'],
    env: {},
    print: (text) => said.push(text),
    tell: (text) => said.push(text),
    progress: (_text, work) => work(() => undefined),
    leaves: () => undefined,
    fetch: () => Promise.reject(new Error('validate asks nobody')),
    runCli: () => Promise.reject(new Error('validate runs nothing')),
  })
  return { code, said }
}

/** The suites that could notice what a team sets. */
const SUITES = [
  'tests/actions',
  'tests/build/settings',
  'tests/deploy/environment',
  'tests/flows',
  'tests/playground/(mapping-preview|seed)',
  'tests/portal/(app|brand|check-portal|published-terms|server|start|terms-texts)\\.test',
  'tests/readme',
  'tests/reports',
  'tests/team/laws',
  'tests/types',
]

/** The repository with the fixture's files in the place of the team's. */
const copyRepository = async (): Promise<void> => {
  for (const name of readdirSync(REPOSITORY)) {
    const isMade = ['node_modules', 'dist', 'deployments', 'coverage', 'screenshots'].includes(name)
    if (!isMade && !['.git', '.fixture', '.local'].includes(name)) {
      cpSync(join(REPOSITORY, name), join(root, name), { recursive: true })
    }
  }
  await putTeamFiles(root)
}

/** The titles of the tests that fail, and what jest says when it cannot run. */
const failingTests = async (): Promise<string[]> => {
  const jest = join(REPOSITORY, 'node_modules', 'jest', 'bin', 'jest.js')
  const results = join(root, 'results.json')
  const options = ['--json', '--outputFile', results, '--silent', '--maxWorkers=1']
  await promisify(execFile)(
    process.execPath,
    ['--experimental-vm-modules', jest, ...options, ...SUITES],
    { cwd: root, env: { ...process.env, FULL: '' }, maxBuffer: 100_000_000 },
    // That tests fail is in the results.
  ).catch(() => undefined)
  const { testResults } = JSON.parse(readFileSync(results, 'utf8')) as {
    testResults: {
      status: string
      name: string
      message: string
      assertionResults: { status: string; fullName: string }[]
    }[]
  }
  return testResults.flatMap(({ status, name, message, assertionResults }) => {
    const failed = assertionResults.filter((result) => result.status === 'failed')
    return status === 'failed' && failed.length === 0
      ? [`${name}: ${message}`]
      : failed.map(({ fullName }) => fullName)
  })
}

/** Each takes minutes: with FULL=1 one runs, another for each commit; ADOPTIONS=all runs all. */
const tried = [...ADOPTIONS].filter(
  (_, index) =>
    process.env['ADOPTIONS'] === 'all' ||
    (process.env['FULL'] === '1' && index === SEED % ADOPTIONS.size),
)
if (tried.length === 0) {
  process.stderr.write(
    "Skipped in adoptions: the product's tests on an adoption take minutes; set FULL=1 for one, ADOPTIONS=all for all\n",
  )
}
const inFull = tried.length === 0 ? describe.skip : describe

inFull('the tests of the product stay green for a team that', () => {
  test.each(tried.length === 0 ? [...ADOPTIONS] : tried)(
    '%s',
    async (_name, adopt) => {
      await copyRepository()
      symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'))
      adopt(root)
      expect(await failingTests()).toEqual([])
    },
    1_200_000,
  )
})

describe('a team that', () => {
  test.each([...ADOPTIONS])(
    '%s has a project that is valid and breaks no law',
    async (_name, adopt) => {
      copyProject(FIXTURE, root)
      symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'))
      adopt(root)
      expect(await validateProject()).toEqual({
        code: 0,
        said: [expect.stringMatching(/^Valid: /)],
      })
      expect([...(await findBrokenIn(await loadLawProject(root), ADOPTION_RUNS))]).toEqual([])
    },
    LAW_TIMEOUT_MS,
  )
})

test('an Action of the team that writes what its manifest does not say breaks a law, which is named', async () => {
  copyProject(FIXTURE, root)
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'))
  ADOPTIONS.get('adds an Action of its own')?.(root)
  writeFileSync(
    join(root, 'actions', 'check-contract', 'action.ts'),
    "export const onExecutePostLogin = async (_event, api) => api.user.setAppMetadata('seen', true)",
  )
  expect(await validateProject()).toMatchObject({ code: 0 })
  const broken = await findBrokenIn(await loadLawProject(root), ADOPTION_RUNS)
  expect([...broken.keys()]).toContain(
    'an Action sets only keys of its manifest, and none twice in an execution',
  )
}, 60_000)
