import type { DeploymentRecord } from '../deployment-record.ts'
import { recordFile, saveRecord } from '../record-file.ts'
import { safeJson } from '../../cli/safe-text.ts'
import type { Command } from './command.ts'

/** Writes the record and says where, or prints it where it cannot be written. */
export const keepRecord = (command: Command, record: DeploymentRecord): void => {
  const file = recordFile(record.domain)
  const problem = saveRecord(command.root, record)
  if (problem === undefined) {
    command.tell(`On record in ${file}. Share it with: npm run record -- push`)
    return
  }
  command.tell(
    `${file} could not be written: ${problem}\nKeep this as ${file}; without it the next plan takes what is live for somebody else's:\n${safeJson(record)}`,
  )
}
