/**
 * Writes `contract.json` from the recordings, which stay outside the repository:
 * `npx tsx test-kit/local-tenant/draw-facts.ts`, with `RECORDINGS_DIR` where they are not
 * in `../shared/recordings`.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'prettier'
import { drawContract } from './contract.ts'
import { readRecordings, recordingsFile } from './recordings.ts'

const recordings = readRecordings()
if (recordings === undefined) throw new Error(`There are no recordings: ${recordingsFile()}`)
const file = join(import.meta.dirname, 'contract.json')
const text = JSON.stringify(drawContract(recordings, 'ours'))
writeFileSync(file, await format(text, { parser: 'json', printWidth: 100 }))
console.log(`${file}: ${recordings.length} exchanges`)
