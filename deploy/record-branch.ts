/**
 * The records on a branch of their own, `deployments`, which shares no history with the code. Only
 * git's plumbing is used: neither the files of the checkout nor its index are touched.
 */
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inFile, renderProblems } from '../cli/problems.ts'
import { mergeRecords, type DeploymentRecord } from './deployment-record.ts'
import type { Variables } from './environment.ts'
import { DeployFailure } from './failure.ts'
import { parseRecord } from './parse-record.ts'
import { tryAgain } from './patiently.ts'
import { RECORDS_FOLDER, renderRecord } from './record-file.ts'

export const RECORDS_BRANCH = 'deployments'

const REF = `refs/heads/${RECORDS_BRANCH}`
const FETCHED = `refs/${RECORDS_BRANCH}-fetched`

/** How often a push is tried again when somebody else pushed between our fetch and our push. */
const RETRIES = 7

export interface RecordBranch {
  root: string
  /** A remote or its address. */
  remote: string
  /** `RECORD_TOKEN` is the way in where git has no credentials. */
  source: Variables
}

/**
 * Puts the records of the branch into the folder, together with what is there and was not pushed
 * yet. Answers their names; none without the branch.
 */
export const pullRecords = (branch: RecordBranch): string[] => {
  const git = makeGit(branch)
  const files = readBranch(git)
  const ours = readFolder(branch.root)
  mkdirSync(join(branch.root, RECORDS_FOLDER), { recursive: true })
  for (const [name, text] of files) {
    // A pull is the remedy for a record that cannot be read.
    const isUsable = parseRecord(ours.get(name) ?? '').ok
    const merged = isUsable ? mergeTexts(name, ours.get(name) ?? text, text) : text
    writeFileSync(join(branch.root, RECORDS_FOLDER, name), merged)
  }
  return Array.from(files.keys())
}

/**
 * Puts the records of the folder on the branch, together with what others pushed meanwhile. Answers
 * the names of those that are new there.
 */
export const pushRecords = (branch: RecordBranch, message: string): Promise<string[]> => {
  const git = makeGit(branch)
  const push = async (): Promise<string[]> => {
    const theirs = readBranch(git)
    const merged = mergeFiles(readFolder(branch.root), theirs)
    const changed = Array.from(merged.keys()).filter(
      (name) => merged.get(name) !== theirs.get(name),
    )
    if (changed.length === 0) return []
    const parent = theirs.size === 0 ? [] : ['-p', FETCHED]
    const tree = writeTree(git, new Map([...theirs, ...merged]))
    const commit = git(['commit-tree', tree, ...parent, '-m', message], '', AUTHOR)
    git(['push', '--quiet', REMOTE, `${commit}:${REF}`])
    return changed
  }
  return tryAgain(push, { retries: RETRIES, firstPauseMs: 0, mayPass: isOvertaken })
}

/** The record says who deployed. A CI runner may have no name in git. */
const AUTHOR = {
  GIT_AUTHOR_NAME: 'npm run record',
  GIT_AUTHOR_EMAIL: 'record@localhost',
  GIT_COMMITTER_NAME: 'npm run record',
  GIT_COMMITTER_EMAIL: 'record@localhost',
}

type Git = (args: readonly string[], input?: string, env?: NodeJS.ProcessEnv) => string

const makeGit =
  ({ root, remote, source }: RecordBranch): Git =>
  (args, input, env) => {
    const words = args.map((word) => (word === REMOTE ? remote : word))
    try {
      return execFileSync('git', words, {
        cwd: root,
        encoding: 'utf8',
        input: input ?? '',
        stdio: ['pipe', 'pipe', 'pipe'],
        maxBuffer: 64 * 1024 * 1024,
        env: { ...process.env, ...credentials(source), GIT_TERMINAL_PROMPT: '0', ...env },
      }).replace(/\n$/, '')
    } catch (error) {
      const { stderr, status } = error as { stderr?: string; status?: number }
      throw new GitFailure(args[0] ?? '', status ?? 1, (stderr ?? String(error)).trim())
    }
  }

/** Stands for the remote in the arguments of git. */
const REMOTE = '<remote>'

class GitFailure extends DeployFailure {
  readonly status: number

  constructor(command: string, status: number, output: string) {
    super('record_unusable', `git ${command} failed for the branch ${RECORDS_BRANCH}: ${output}`)
    this.status = status
  }
}

/** Through git's environment, because everybody on the machine can read arguments. */
const credentials = ({ RECORD_TOKEN: token }: Variables): NodeJS.ProcessEnv =>
  token === undefined || token === ''
    ? {}
    : {
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'http.extraHeader',
        GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`,
      }

/** Git's words for a branch that is no longer where it was. */
const isOvertaken = (error: unknown): boolean =>
  error instanceof GitFailure &&
  /rejected|fetch first|non-fast-forward|cannot lock ref|reference already exists/.test(
    error.message,
  )

/** The text of each record on the branch, by name; empty when there is no such branch. */
const readBranch = (git: Git): Map<string, string> => {
  try {
    git(['ls-remote', '--exit-code', REMOTE, REF])
  } catch (error) {
    // Git's code for a branch that is not there; a remote that cannot be reached has another.
    if (error instanceof GitFailure && error.status === 2) return new Map()
    throw error
  }
  git(['fetch', '--quiet', '--no-tags', REMOTE, `+${REF}:${FETCHED}`])
  const names = git(['ls-tree', '--name-only', FETCHED]).split('\n').filter(isRecordName)
  return new Map(names.map((name) => [name, `${git(['show', `${FETCHED}:${name}`])}\n`]))
}

const readFolder = (root: string): Map<string, string> => {
  const folder = join(root, RECORDS_FOLDER)
  if (!existsSync(folder)) return new Map()
  return new Map(
    readdirSync(folder)
      .filter(isRecordName)
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  )
}

const isRecordName = (name: string): boolean => /^[\w.-]+\.json$/.test(name)

const mergeFiles = (
  ours: ReadonlyMap<string, string>,
  theirs: ReadonlyMap<string, string>,
): Map<string, string> =>
  new Map(
    Array.from(ours, ([name, text]) => [name, mergeTexts(name, text, theirs.get(name) ?? text)]),
  )

const mergeTexts = (name: string, one: string, other: string): string =>
  one === other
    ? one
    : renderRecord(mergeRecords(requireRecord(name, one), requireRecord(name, other)))

const requireRecord = (name: string, text: string): DeploymentRecord => {
  const parsed = parseRecord(text)
  if (parsed.ok) return parsed.value
  throw new DeployFailure('record_unusable', `${name} cannot be used.`, {
    details: renderProblems(inFile(name, parsed.problems)),
  })
}

const writeTree = (git: Git, files: ReadonlyMap<string, string>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'deployments-index-'))
  const env = { GIT_INDEX_FILE: join(folder, 'index') }
  try {
    for (const [name, text] of files) {
      const blob = git(['hash-object', '-w', '--stdin'], text)
      git(['update-index', '--add', '--cacheinfo', `100644,${blob},${name}`], '', env)
    }
    return git(['write-tree'], '', env)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
