import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { FIXTURE_SUBJECT } from '../../test-kit/laws/fixture-subject.ts'
import { damageAt, damages, pathOf, type Damage } from '../../test-kit/laws/hostile-events.ts'
import { createHostileRuns, type HostileRun } from '../../test-kit/laws/hostile-runs.ts'
import { boundActions } from '../../test-kit/laws/law-tenant.ts'
import { LAW_RUNS, LAW_TIMEOUT_MS, sayRuns } from '../../test-kit/laws/runs.ts'

const LIMIT_MS = 50

const runAll = createHostileRuns(boundActions(), FIXTURE_SUBJECT)

/** The best of five, so that what else the machine does is not held against the Actions. */
const bestOf = async (list: readonly Damage[]): Promise<HostileRun[]> => {
  const rounds: HostileRun[][] = []
  for (let round = 0; round < 5; round += 1) rounds.push(await runAll(list))
  const [first = []] = rounds
  return first.map((_, index) =>
    rounds
      .flatMap((runs) => runs[index] ?? [])
      .reduce((best, run) => (run.cpuMs < best.cpuMs ? run : best)),
  )
}

describe('any event', () => {
  test(
    'is decided within 50 ms, and no Action throws or an open one denies, whatever the event is',
    async () => {
      sayRuns('Laws of any event')
      const slowest: { list: Damage[]; ms: number }[] = []
      await fc.assert(
        fc.asyncProperty(damages, async (list) => {
          const ms = Math.max(...(await runAll(list)).map((run) => run.ms))
          slowest.push({ list, ms })
          slowest.sort((left, right) => right.ms - left.ms).splice(5)
        }),
        LAW_RUNS,
      )
      for (const { list } of slowest) {
        const late = (await bestOf(list)).filter(({ cpuMs }) => cpuMs >= LIMIT_MS)
        const event = late.length === 0 ? [] : list.map((one) => [pathOf(one), one.with])
        expect({ late, event }).toEqual({ late: [], event: [] })
      }
    },
    LAW_TIMEOUT_MS,
  )

  const claims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims'
  const worst: [string, Damage[]][] = [
    ['1 MB of groups', [damageAt('user/groups', { kind: 'many', length: 25 })]],
    ['1 MB of tiny groups', [damageAt('user/groups', { kind: 'many', length: 1 })]],
    ['1 MB of identities', [damageAt('user/identities', { kind: 'many', length: 1 })]],
    [
      '1 MB of tiny mapped values',
      [damageAt('user/app_metadata/idp', { kind: 'many', length: 1 })],
    ],
    ['1 MB of scopes', [damageAt('transaction/requested_scopes', { kind: 'many', length: 1 })]],
    ['1 MB of languages', [damageAt('transaction/ui_locales', { kind: 'many', length: 1 })]],
    [
      'a strategy that is a list of 1 MB',
      [damageAt('connection/strategy', { kind: 'many', length: 1 })],
    ],
    [
      'a record of terms that is a text of 1 MB',
      [damageAt('user/app_metadata/terms/documents', { kind: 'long', of: '0' })],
    ],
    ['an attribute of 1 MB', [damageAt('user/groups', { kind: 'long', of: 'x ' })]],
    [
      'a metadata value of 1 MB',
      [damageAt('user/user_metadata/company', { kind: 'long', of: ' ' })],
    ],
    [
      'app_metadata 10,000 levels deep',
      [damageAt('user/app_metadata/idp', { kind: 'deep', levels: 10_000, as: 'object' })],
    ],
    [
      'a record of terms 10,000 levels deep',
      [damageAt('user/app_metadata/terms', { kind: 'deep', levels: 10_000, as: 'list' })],
    ],
    [
      'a profile 10,000 levels deep',
      [damageAt('user', { kind: 'deep', levels: 10_000, as: 'object' })],
    ],
    [
      'one of each',
      [
        damageAt('user/groups', { kind: 'many', length: 25 }),
        damageAt(`user/${claims}/department`, { kind: 'missing' }),
        damageAt('user/user_metadata/company', { kind: 'long', of: 'a,' }),
        damageAt('request/body', { kind: 'long', of: '0' }),
        damageAt('user/app_metadata/activity', { kind: 'deep', levels: 10_000, as: 'object' }),
      ],
    ],
  ]
  test.each(worst)('with %s is decided by each Action within 50 ms', async (_name, list) => {
    const late = (await bestOf(list)).filter(({ cpuMs }) => cpuMs >= LIMIT_MS)
    expect(late).toEqual([])
  })
})
