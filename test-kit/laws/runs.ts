/**
 * How often each law is tried: 500 times by default, 10,000 times with `FULL=1`
 * (`npm run test:full`). `LAW_SEED` repeats a run; the seed is printed.
 */
const isFull = process.env['FULL'] === '1'

export const SEED = Number(process.env['LAW_SEED'] ?? Date.now() % 2_147_483_647)

export const LAW_RUNS = { numRuns: isFull ? 10_000 : 500, seed: SEED }

/** Of the laws on the team's settings, because the fixture is held to them more often. */
export const TEAM_RUNS = { numRuns: isFull ? 2_000 : 100, seed: SEED }

/** Of the laws on each of many changed projects. */
export const ADOPTION_RUNS = { numRuns: isFull ? 100 : 25, seed: SEED }

/** For laws that need threads. */
export const ENGINE_RUNS = { numRuns: isFull ? 500 : 40, seed: SEED }

/** Of deploys at the same moment. */
export const PAIRS = isFull ? 50 : 3

export const LAW_TIMEOUT_MS = isFull ? 1_800_000 : 120_000

export const sayRuns = (file: string): void => {
  process.stdout.write(
    `${file}: ${LAW_RUNS.numRuns} runs of each law${isFull ? '' : ', 10,000 with npm run test:full'}; LAW_SEED=${SEED}\n`,
  )
}
