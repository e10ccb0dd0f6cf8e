/** `npm run mutate`: see `USAGE`. */
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { readArguments } from '../../cli/read-arguments.ts'
import { runHere } from '../../cli/run-command.ts'
import { REPOSITORY } from '../fixture-project.ts'
import { applyMutant, makeMutants, type Mutant } from './mutants.ts'

const USAGE = `npm run mutate [-- --sample 120] [--seed 1] [--quick] [folder or file ...]
  --sample  how many changes to try, drawn from all of them (default 120)
  --seed    another seed draws others (default 1)
  --quick   without the slow suites, so that more survive

Changes the code of actions/, deploy/ and portal/, or of what is named, in one
small place at a time, in a copy of the repository, and runs the tests that
could notice until the first fails. Prints the score by folder and what
survived: a test that is missing, or code that nobody needs. A change that is
noticed takes a few seconds, one that survives a minute or two. Exits with 1
when more than a tenth survives.`

/** Any: the set-up builds what others take. */
const BUILDS = 'tests/test-kit/mutants.test.ts'

const FOLDERS = ['actions', 'deploy', 'portal']

/** A mutant that runs longer than this runs for ever, which a test would notice. */
const STAGE_MS = 300_000

const readHere = (file: string): string => readFileSync(join(REPOSITORY, file), 'utf8')

const git = (...args: string[]): string[] =>
  execFileSync('git', args, { cwd: REPOSITORY, encoding: 'utf8' }).split('\n').filter(Boolean)

const filesInRepository = (): string[] =>
  git('ls-files', '--cached', '--others', '--exclude-standard')

/** The code of the product: settings are the team's, types do not run. */
const filesIn = (folders: readonly string[]): string[] =>
  filesInRepository().filter(
    (file) =>
      folders.some((folder) => file === folder || file.startsWith(`${folder}/`)) &&
      file.endsWith('.ts') &&
      !/(\/settings|\.d)\.ts$/.test(file),
  )

const copyRepository = (): string => {
  const copy = mkdtempSync(join(tmpdir(), 'mutants-'))
  for (const file of filesInRepository()) cpSync(join(REPOSITORY, file), join(copy, file))
  symlinkSync(join(REPOSITORY, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

/** The same for the same seed (mulberry32). */
const draw = (all: readonly Mutant[], count: number, seed: number): Mutant[] => {
  let state = seed
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return all
    .map((mutant) => ({ mutant, rank: random() }))
    .sort((left, right) => left.rank - right.rank)
    .slice(0, count)
    .map(({ mutant }) => mutant)
}

const isNoticed = async (copy: string, mutant: Mutant, isQuick: boolean): Promise<boolean> => {
  const file = join(copy, mutant.file)
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, applyMutant(text, mutant))
  try {
    const found = await stagesOf(copy, mutant.file)
    for (const [stage, suites] of (isQuick ? found.slice(0, QUICK_STAGES) : found).entries()) {
      const options = stage < UNBUILT_STAGES ? ['--globalSetup', ''] : []
      if (suites.length > 0 && !(await passes(copy, suites, options))) return true
    }
    return false
  } finally {
    writeFileSync(file, text)
  }
}

const SLOW = JSON.parse(
  readFileSync(join(REPOSITORY, 'test-kit/slow-suites.json'), 'utf8'),
) as string[]

/** Those whose suites take no bundle that could hold the change: nothing is built for them. */
const UNBUILT_STAGES = 2

/** Those before the slow ones. */
const QUICK_STAGES = 3

const stages = new Map<string, string[][]>()

/** The nearest tests, then the others that depend on the file, then slow ones and the compiler. */
const stagesOf = async (copy: string, file: string): Promise<string[][]> => {
  const known = stages.get(file)
  if (known !== undefined) return known
  const { out } = await jest(copy, ['--listTests', '--findRelatedTests', file])
  const related = out
    .split('\n')
    .filter((line) => line.endsWith('.test.ts'))
    .map((line) => relative(copy, line))
  const quick = related.filter((suite) => !SLOW.includes(suite))
  const near = quick.filter((suite) => suite.startsWith(join('tests', dirname(file))))
  const [top = ''] = file.split('/')
  const own = near.filter((suite) => basename(suite) === basename(file).replace('.ts', '.test.ts'))
  const found = [
    own,
    near.filter((suite) => !own.includes(suite)),
    quick.filter((suite) => !near.includes(suite)),
    // Among them those that start commands, which import nothing of what they run.
    SLOW.filter((suite) => related.includes(suite) || suite.includes(`/${top}/`)),
    ['tests/types/compiles.test.ts'],
  ]
  stages.set(file, found)
  return found
}

const RUN = ['--bail', '--silent', '--maxWorkers=2']

const passes = async (
  copy: string,
  suites: readonly string[],
  options: readonly string[] = [],
): Promise<boolean> =>
  (await jest(copy, [...RUN, ...options, '--runTestsByPath', ...suites])).code === 0

const jest = (
  copy: string,
  args: readonly string[],
): Promise<{ code: number | null; out: string }> =>
  new Promise((resolve, reject) => {
    const program = join(copy, 'node_modules/jest/bin/jest.js')
    const child = spawn(process.execPath, ['--experimental-vm-modules', program, ...args], {
      cwd: copy,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const timer = setTimeout(() => process.kill(-(child.pid ?? Number.NaN), 'SIGKILL'), STAGE_MS)
    let out = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code, out })
    })
  })

const say = ({ file, line, before, after }: Mutant): string =>
  `${file}:${line}  ${short(before)}  →  ${after === '' ? 'nothing' : short(after)}`

const short = (code: string): string => {
  const line = code.replaceAll(/\s+/g, ' ')
  return line.length > 70 ? `${line.slice(0, 69)}…` : line
}

const renderScore = (tried: readonly Mutant[], survivors: readonly Mutant[]): string => {
  const topOf = ({ file }: Mutant): string => file.split('/', 1)[0] ?? ''
  const scoreOf = (name: string, among: readonly Mutant[]): string => {
    const killed = among.filter((mutant) => !survivors.includes(mutant)).length
    return `${name.padEnd(10)} ${killed} of ${among.length} (${Math.floor((100 * killed) / among.length)} %)`
  }
  const folders = [...new Set(tried.map(topOf))].sort()
  return [
    ...folders.map((name) =>
      scoreOf(
        name,
        tried.filter((mutant) => topOf(mutant) === name),
      ),
    ),
    scoreOf('all', tried),
  ].join('\n')
}

await runHere(async ({ args, print, tell }) => {
  const given = readArguments(
    args,
    USAGE,
    {
      sample: { type: 'string', default: '120' },
      seed: { type: 'string', default: '1' },
      quick: { type: 'boolean', default: false },
    },
    Number.POSITIVE_INFINITY,
  )
  const folders = given.positionals.length > 0 ? given.positionals : FOLDERS
  const all = filesIn(folders).flatMap((file) => makeMutants(file, readHere(file)))
  const tried = draw(all, Number(given.sample), Number(given.seed))
  const copy = copyRepository()
  const stop = (): void => rmSync(copy, { recursive: true, force: true })
  process.once('exit', stop)
  if (!(await passes(copy, [BUILDS]))) throw new Error('The tests fail without a change, too.')
  const survivors: Mutant[] = []
  for (const [index, mutant] of tried.entries()) {
    const noticed = await isNoticed(copy, mutant, given.quick)
    if (!noticed) survivors.push(mutant)
    tell(`${index + 1}/${tried.length} ${noticed ? 'killed' : 'SURVIVED'} ${say(mutant)}`)
  }
  print(`\n${renderScore(tried, survivors)}\n\n${survivors.map(say).join('\n')}`)
  return survivors.length * 10 > tried.length ? 1 : 0
})
