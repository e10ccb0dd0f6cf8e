/** Makes and builds the project that tests work on. */
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Result } from '../actions/shared/problem.ts'
import { buildActions, type Build } from '../build/build-actions.ts'
import { ACTION_NAMES, FIXTURE, REPOSITORY, TEAM_FILES } from './fixture-project.ts'

const PRODUCT = [
  'actions',
  'build',
  'cli',
  'deploy',
  'local-tenant',
  'playground',
  'portal',
  'reports',
  'types',
  'build.mjs',
  'package.json',
  'tsconfig.json',
]

const KNOWN_FOLDERS: readonly string[] = ['shared', ...ACTION_NAMES]

/** Writes what has changed, file by file at once, because another run may be reading. */
export const buildFixture = async (): Promise<Result<Build>> => {
  const made = await mkdtemp(join(tmpdir(), 'fixture-'))
  try {
    await makeProject(made)
    await mirror(made, FIXTURE)
  } finally {
    await rm(made, { recursive: true })
  }
  return buildActions(FIXTURE)
}

const makeProject = async (root: string): Promise<void> => {
  for (const part of PRODUCT) {
    await cp(join(REPOSITORY, part), join(root, part), { recursive: true })
  }
  await putTeamFiles(root)
}

/** Puts the files of the fixture in the place of the team's in a copy of the repository. */
export const putTeamFiles = async (root: string): Promise<void> => {
  await rm(join(root, 'portal', 'terms'), { recursive: true, force: true })
  for (const entry of await readdir(join(root, 'actions'), { withFileTypes: true })) {
    const isOfTheTeam = entry.isDirectory() && !KNOWN_FOLDERS.includes(entry.name)
    if (isOfTheTeam) await rm(join(root, 'actions', entry.name), { recursive: true })
  }
  await cp(TEAM_FILES, root, { recursive: true })
  for (const file of await filesIn(TEAM_FILES)) {
    if (!file.endsWith('.ts')) continue
    const text = await readFile(join(TEAM_FILES, file), 'utf8')
    // What it imports is two folders nearer there.
    await writeFile(join(root, file), text.replaceAll("'../../../", "'../"))
  }
}

/** Ends the name of a file that is being written. */
const HALF = '.half'

const mirror = async (from: string, to: string): Promise<void> => {
  const [wanted, present] = await Promise.all([filesIn(from), filesIn(to)])
  for (const file of present) {
    const isInUse = file.startsWith('dist/') || file.endsWith(HALF)
    if (!isInUse && !wanted.includes(file)) await rm(join(to, file), { force: true })
  }
  for (const file of wanted) {
    const content = await readFile(join(from, file))
    const before = await readFile(join(to, file)).catch(() => undefined)
    if (before?.equals(content)) continue
    await mkdir(dirname(join(to, file)), { recursive: true })
    const half = join(to, `${file}.${process.pid}${HALF}`)
    await writeFile(half, content)
    await rename(half, join(to, file))
  }
}

const filesIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
}
