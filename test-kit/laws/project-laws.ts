import * as fc from 'fast-check'
import { CHAIN_LAWS } from './chain-laws.ts'
import { checkClaimLaw, CLAIM_LAWS } from './claim-laws.ts'
import { damages } from './hostile-events.ts'
import { createHostileRuns } from './hostile-runs.ts'
import type { LawProject } from './law-project.ts'
import { createWorldLoader, findBrokenLaws, signInTwice } from './sweep.ts'

interface Runs {
  numRuns: number
  seed: number
}

const OTHER_LAWS: ReadonlyMap<string, (project: LawProject, runs: Runs) => Promise<void>> = new Map<
  string,
  (project: LawProject, runs: Runs) => Promise<void>
>([
  [
    'no Action throws and none that fails open denies, whatever the event is',
    async (project, runs) => {
      const runAll = createHostileRuns(project.actions, project)
      await fc.assert(
        fc.asyncProperty(damages, async (list) => {
          await runAll(list)
        }),
        runs,
      )
    },
  ],
  [
    'no key is in the manifests of two Actions',
    async ({ manifests }) => {
      const targets = Object.values(manifests).flatMap(({ writes }) => writes)
      const twice = targets.filter((target, index) => targets.indexOf(target) !== index)
      if (twice.length > 0) throw new Error(`in two manifests: ${twice.join(', ')}`)
    },
  ],
  ...[...CLAIM_LAWS].map(
    ([name, law]) =>
      [
        name,
        async (project: LawProject, runs: Runs) => {
          if (project.claims === undefined) return
          await checkClaimLaw(law, fc.constant(project.claims), project, runs)
        },
      ] as const,
  ),
])

/** What holds for every project that the build accepts. */
export const PROJECT_LAWS: readonly string[] = [...CHAIN_LAWS.keys(), ...OTHER_LAWS.keys()]

/** The report of each law that is broken. */
export const findBrokenIn = async (
  project: LawProject,
  runs: Runs,
): Promise<ReadonlyMap<string, string>> => {
  const load = createWorldLoader()
  const broken = await findBrokenLaws(CHAIN_LAWS, project, runs, (drawn) =>
    signInTwice(drawn, project.actions, load),
  )
  for (const [name, law] of OTHER_LAWS) {
    await law(project, runs).catch((error: unknown) => broken.set(name, String(error)))
  }
  return broken
}
