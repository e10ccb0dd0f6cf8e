import { FIXTURE_SUBJECT } from '../test-kit/laws/fixture-subject.ts'
import { boundActions } from '../test-kit/laws/law-tenant.ts'
import { createWorldLoader, findBrokenLaws, signInTwice } from '../test-kit/laws/sweep.ts'
import { cpuMicroseconds, medianOf } from './measure.ts'
import { formatNumber, type BenchTable } from './table.ts'

/** How many drawn users a second the laws of the chain get through. */
export const measureLaws = async (numRuns = 200, rounds = 3): Promise<BenchTable> => {
  const actions = boundActions()
  const load = createWorldLoader()
  const rates: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const since = cpuMicroseconds()
    const broken = await findBrokenLaws(
      new Map(),
      FIXTURE_SUBJECT,
      { numRuns, seed: round },
      (drawn) => signInTwice(drawn, actions, load),
    )
    if (broken.size > 0) throw new Error([...broken.values()].join('\n'))
    rates.push((numRuns * 1_000_000) / (cpuMicroseconds() - since))
  }
  const rate = medianOf(rates)
  return {
    title: 'Laws',
    columns: ['', 'a second of CPU', '10,000 runs, s of CPU'],
    rows: [
      ['drawn users, two sign-ins each', formatNumber(rate), formatNumber(10_000 / rate)],
      ['sign-ins', formatNumber(rate * 2), ''],
    ],
    notes: [],
  }
}
