/** Where the record of each tenant is kept: `deployments/<domain>.json`. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { problemAt, type Problem } from '../actions/shared/problem.ts'
import { messageOf } from '../cli/failure.ts'
import { inFile, renderProblems } from '../cli/problems.ts'
import type { DeploymentRecord, RecordedRun } from './deployment-record.ts'
import type { Variables } from './environment.ts'
import { DeployFailure } from './failure.ts'
import { parseRecord } from './parse-record.ts'

export const RECORDS_FOLDER = 'deployments'

/** `undefined` when there is none; one that cannot be read fails with `record_unusable`. */
export const loadRecord = (root: string, domain: string): DeploymentRecord | undefined => {
  const file = recordFile(domain)
  let text: string
  try {
    text = readFileSync(join(root, file), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw unusable(file, problemAt('', `cannot be read: ${messageOf(error)}`, 'file_failed'))
  }
  const parsed = parseRecord(text, domain)
  if (!parsed.ok) throw unusable(file, parsed.problems)
  return parsed.value
}

/** Writes the record; answers why it could not. */
export const saveRecord = (root: string, record: DeploymentRecord): string | undefined => {
  const file = join(root, recordFile(record.domain))
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, renderRecord(record))
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

export const renderRecord = (record: DeploymentRecord): string =>
  `${JSON.stringify(record, null, 2)}\n`

/** Relative to the project. Windows takes no colon, as in `localhost:8443`, in a file name. */
export const recordFile = (domain: string): string =>
  `${RECORDS_FOLDER}/${domain.replaceAll(':', '_')}.json`

export type Runner = Pick<RecordedRun, 'at' | 'by' | 'commit'>

/** When a run was, whose it was and which commit it deployed, as far as that is known. */
export const describeRunner = (root: string, source: Variables, now: number): Runner => {
  const by =
    source['GITHUB_ACTOR'] || source['GITLAB_USER_LOGIN'] || git(root, 'config', 'user.name')
  const commit = git(root, 'rev-parse', 'HEAD')
  const isChanged =
    commit !== '' && git(root, 'status', '--porcelain', '--untracked-files=no') !== ''
  return {
    at: new Date(now).toISOString(),
    // Some have set their e-mail address as their name, which must not be recorded.
    ...(by !== '' && { by: by.replace(/@.*/s, '') }),
    ...(commit !== '' && { commit: isChanged ? `${commit} and changes` : commit }),
  }
}

const git = (root: string, ...args: string[]): string => {
  try {
    return execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return ''
  }
}

const unusable = (file: string, problems: readonly Problem[]): DeployFailure =>
  new DeployFailure(
    'record_unusable',
    'The record cannot be used, and nothing was written. Get it again with npm run record -- pull, or remove it to go on as if nothing were on record.',
    { details: renderProblems(inFile(file, problems)) },
  )
