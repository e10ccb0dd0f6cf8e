/** The repository becomes a team's own: what teams change leaves the build and the laws content. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { runToExitCode } from '../../cli/run-command.ts'
import { validate } from '../../deploy/commands/validate.ts'
import { ADOPTIONS, copyProject } from '../../test-kit/adoptions.ts'
import { FIXTURE, REPOSITORY } from '../../test-kit/fixture-project.ts'
import { loadLawProject } from '../../test-kit/laws/law-project.ts'
import { findBrokenIn } from '../../test-kit/laws/project-laws.ts'
import { ADOPTION_RUNS, LAW_TIMEOUT_MS } from '../../test-kit/laws/runs.ts'

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
