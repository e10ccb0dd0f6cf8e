/** `npm run bench`: see `USAGE`. */
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, platform, release } from 'node:os'
import { join } from 'node:path'
import { buildRefused } from '../build/render-report.ts'
import { readArguments } from '../cli/read-arguments.ts'
import { runHere } from '../cli/run-command.ts'
import { buildFixture } from '../test-kit/build-fixture.ts'
import { measureLaws } from './law-speed.ts'
import { measureGroups, measureRules, renderMappingCost } from './mapping-cost.ts'
import { measureProfileWrites } from './profile-writes.ts'
import { measureActions, measureFlows } from './run-time.ts'
import { formatNumber, renderTable, type BenchTable } from './table.ts'

type Topic = () => Promise<BenchTable>

const QUICK: readonly Topic[] = [
  () => measureProfileWrites(),
  () => measureActions(),
  () => measureFlows(),
  async () => renderMappingCost('rules', await measureRules()),
  async () => renderMappingCost('groups', await measureGroups()),
  () => measureLaws(),
]

const SLOW: readonly Topic[] = [
  async () => {
    const { measurePlanVersusDryRun } = await import('./plan-versus-dry-run.ts')
    const { runs, plan, dryRun } = await measurePlanVersusDryRun()
    return {
      title: 'What a deploy would change',
      columns: ['command', 'elapsed, s', 'CPU, s', 'peak memory, MB'],
      rows: [
        ['`npm run plan` (with the build)', plan] as const,
        ['`a0deploy import --dry-run`', dryRun] as const,
      ].map(([name, { wallSeconds, cpuSeconds, peakMegabytes }]) => [
        name,
        formatNumber(wallSeconds, 1),
        formatNumber(cpuSeconds, 1),
        formatNumber(peakMegabytes),
      ]),
      notes: [
        `Against one local tenant in which everything is deployed, in turn, median of ${runs}.`,
      ],
    }
  },
  async () => (await import('./terms-report.ts')).measureTermsReport(),
]

const USAGE = `npm run bench [-- --all]
  --all  with what takes minutes: the deploy plan, the report on a million users

Measures what things cost, in about a minute without --all. Prints Markdown and
keeps the same as JSON in bench/results/.`

const root = join(import.meta.dirname, '..')

await runHere(async ({ args, print }) => {
  const { all } = readArguments(args, USAGE, { all: { type: 'boolean', default: false } })
  const built = await buildFixture()
  if (!built.ok) throw buildRefused(built.problems)
  const [cpu] = cpus()
  const machine = `${cpu?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, Node ${process.versions.node}, ${platform()} ${release()}`
  const at = new Date().toISOString()
  print(
    `## Numbers\n\nOn ${machine}, ${at.slice(0, 10)}. Medians of several runs; compare numbers of one table, not of two machines.`,
  )

  const tables: BenchTable[] = []
  for (const topic of all ? [...QUICK, ...SLOW] : QUICK) {
    const table = await topic()
    tables.push(table)
    print(`\n${renderTable(table)}`)
  }

  const results = join(root, 'bench', 'results')
  await mkdir(results, { recursive: true })
  const file = join(results, `${at.replaceAll(':', '-')}.json`)
  await writeFile(file, `${JSON.stringify({ at, machine, tables }, undefined, 2)}\n`)
  return 0
})
