import { readArguments, readChoice } from '../../cli/read-arguments.ts'
import type { ExitCode } from '../../cli/run-command.ts'
import { pullRecords, pushRecords, RECORDS_BRANCH, type RecordBranch } from '../record-branch.ts'
import { RECORDS_FOLDER } from '../record-file.ts'
import type { Command } from './command.ts'

const USAGE = `npm run record -- pull | push [REMOTE]
  pull    get deployments/ from the branch deployments, before a plan or a
          deploy
  push    put deployments/ on that branch, after a deploy or a rollback
  REMOTE  origin, when it is not said`

/** `npm run record`: shares the records of deploys between those who deploy. */
export const record = async (command: Command): Promise<ExitCode> => {
  const { positionals } = readArguments(command.args, USAGE, {}, 2)
  const [wanted = 'nothing', remote = 'origin'] = positionals
  const what = readChoice('The first argument', wanted, ['pull', 'push'], USAGE)
  const branch: RecordBranch = { root: command.root, remote, source: command.env }
  const names =
    what === 'pull' ? pullRecords(branch) : await pushRecords(branch, 'Record a deployment')
  command.print(DESCRIPTIONS[what](names))
  return 0
}

const DESCRIPTIONS: Record<'pull' | 'push', (names: readonly string[]) => string> = {
  pull: (names) =>
    names.length === 0
      ? `There is no record on the branch ${RECORDS_BRANCH}. The first push makes it.`
      : `Got into ${RECORDS_FOLDER}/: ${names.join(', ')}`,
  push: (names) =>
    names.length === 0
      ? `The branch ${RECORDS_BRANCH} has it already.`
      : `Put on the branch ${RECORDS_BRANCH}: ${names.join(', ')}`,
}
