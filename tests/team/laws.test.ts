/** The only tests that read what a team sets: they hold it to laws, whatever it is. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import { REPOSITORY } from '../../test-kit/fixture-project.ts'
import { loadLawProject } from '../../test-kit/laws/law-project.ts'
import { findBrokenIn, PROJECT_LAWS } from '../../test-kit/laws/project-laws.ts'
import { LAW_TIMEOUT_MS, TEAM_RUNS } from '../../test-kit/laws/runs.ts'

describe("the team's Actions, with the team's settings", () => {
  let broken: ReadonlyMap<string, string> = new Map()

  beforeAll(async () => {
    broken = await findBrokenIn(await loadLawProject(REPOSITORY), TEAM_RUNS)
  }, LAW_TIMEOUT_MS)

  test.each(PROJECT_LAWS)('%s', (name) => {
    expect(broken.get(name) ?? 'holds').toBe('holds')
  })

  test('every drawn sign-in ends', () => {
    expect([...broken.keys()].filter((name) => !PROJECT_LAWS.includes(name))).toEqual([])
  })
})
