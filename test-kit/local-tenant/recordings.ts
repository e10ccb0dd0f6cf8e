import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Recorded } from './contract.ts'

export const recordingsFile = (): string =>
  join(
    process.env['RECORDINGS_DIR'] ?? join(import.meta.dirname, '../../../shared/recordings'),
    'management-api-actions.json',
  )

/** The recorded exchanges, or `undefined` on a machine that does not have them. */
export const readRecordings = (): Recorded[] | undefined => {
  const file = recordingsFile()
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Recorded[]) : undefined
}
