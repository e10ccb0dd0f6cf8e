import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Recorded } from './contract.ts'

export const recordingsFile = (name = 'management-api-actions'): string =>
  join(
    process.env['RECORDINGS_DIR'] ?? join(import.meta.dirname, '../../../shared/recordings'),
    `${name}.json`,
  )

/** The recorded exchanges of a file, or `undefined` on a machine that does not have them. */
export const readRecordings = (name?: string): Recorded[] | undefined => {
  const file = recordingsFile(name)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Recorded[]) : undefined
}
