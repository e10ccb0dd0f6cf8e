import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { realpath, stat, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import type { EnforceTermsSettings } from '../actions/enforce-terms/schema.ts'
import type { withProgress } from '../deploy/progress.ts'
import { countExport, type ExportProgress } from './count-export.ts'
import { errorCode } from './error-code.ts'
import { renderCsv } from './render-csv.ts'
import { renderReport } from './render-report.ts'

export const USAGE = `npm run terms:report -- FILE [--csv FILE]

Reads a user export and counts, per document and version of
actions/enforce-terms/settings.ts and per connection, what users answered.

  FILE        what Auth0's export job wrote in its format "json": one user a
              line, packed (.gz) or not; - reads standard input
  --csv FILE  write all numbers to this file, too
  --help      this text

Ask the job for these fields (POST /api/v2/jobs/users-exports):
  {"format":"json","fields":[{"name":"identities"},{"name":"app_metadata"}]}

A user counts once, under the connection of the first identity. For each version
a user is one of these:
  Accepted     the last answer to this version that the profile keeps is yes
  Covered      accepted an earlier version, and none since asks again
  Declined     the last answer to this version that the profile keeps is no
  Deferred     put off before the version's date, and not answered since
  Never asked  nothing of this is kept: no sign-in since, not one of those the
               document is for, left the page, went straight to a later version,
               so long ago that the bounded history let it go, or unreadable

Users are not told apart: one who stands in the file twice counts twice. No
output names a user or quotes a line. Exit code: 0 done, also with malformed
lines; 1 wrong arguments, or a file that could not be read to its end or not be
written.`

/** What the command needs of its surroundings. */
export interface TermsReportCommand {
  readonly args: readonly string[]
  readonly stdin: AsyncIterable<Buffer>
  /** The report: standard output. */
  readonly print: (text: string) => void
  /** Everything else: standard error. */
  readonly tell: (text: string) => void
  readonly progress: typeof withProgress
  readonly documents: EnforceTermsSettings['documents']
  readonly now: Date
}

/** Answers the exit code: see `USAGE`. */
export const runTermsReport = async (command: TermsReportCommand): Promise<0 | 1> => {
  const { print, tell, documents, now } = command
  const options = readOptions(command.args)
  if (typeof options === 'string') {
    tell(`${options}\n\n${USAGE}`)
    return 1
  }
  if (options === undefined) {
    print(USAGE)
    return 0
  }

  const { file, csv } = options
  const source = await openExport(file, csv, command.stdin)
  if (typeof source === 'string') {
    tell(source)
    return 1
  }
  const report = await command.progress(`Reading ${source.name}`, (showDetail) =>
    countExport(source.chunks, documents, (progress) =>
      showDetail(renderProgress(progress, source.bytes)),
    ),
  )
  print(renderReport(report, documents, now))
  if (report.cutShort !== undefined) {
    tell(`\nNot the whole report: ${source.name} breaks off (${report.cutShort}).`)
  }
  if (csv !== undefined) {
    try {
      await writeFile(csv, renderCsv(report.answers, documents))
    } catch (error) {
      tell(`${csv} cannot be written: ${reasonOf(error)}`)
      return 1
    }
  }
  return report.cutShort === undefined ? 0 : 1
}

interface Options {
  readonly file: string
  readonly csv: string | undefined
}

/** `undefined` when help is asked for, a sentence when something is wrong. */
const readOptions = (args: readonly string[]): Options | string | undefined => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { csv: { type: 'string' }, help: { type: 'boolean' } },
      allowPositionals: true,
    })
    const [file, ...others] = positionals
    if (values.help === true) return undefined
    if (file === undefined) return 'Which file?'
    if (others.length > 0) return 'One file at a time.'
    if (values.csv === '') return 'Which file for --csv?'
    return { file, csv: values.csv }
  } catch (error) {
    return String(error).replace(/^\w+( \[\w+\])?: /, '')
  }
}

interface Source {
  readonly name: string
  readonly chunks: AsyncIterable<Buffer>
  /** `undefined` where nobody knows before the end. */
  readonly bytes: number | undefined
}

/** A sentence when there is nothing to read. */
const openExport = async (
  file: string,
  csv: string | undefined,
  stdin: AsyncIterable<Buffer>,
): Promise<Source | string> => {
  if (file === '-') return { name: 'standard input', chunks: stdin, bytes: undefined }
  try {
    const stats = await stat(file)
    if (stats.isDirectory()) return `${file} cannot be read: it is a folder`
    if (csv !== undefined && (await isSameFile(file, csv))) {
      return '--csv names the export itself, which would be lost.'
    }
    const stream = createReadStream(file, { highWaterMark: 256 * 1024 })
    await once(stream, 'ready')
    return {
      name: basename(file),
      chunks: stream,
      bytes: stats.isFile() ? stats.size : undefined,
    }
  } catch (error) {
    return `${file} cannot be read: ${reasonOf(error)}`
  }
}

const isSameFile = async (file: string, other: string): Promise<boolean> =>
  (await realpath(file)) === (await realpath(other).catch(() => undefined))

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'this account may not',
  EISDIR: 'it is a folder',
}

const reasonOf = (error: unknown): string => {
  const code = errorCode(error)
  return code === undefined ? String(error) : (REASONS[code] ?? code)
}

const BAR_WIDTH = 20

const renderProgress = ({ bytes, users }: ExportProgress, total: number | undefined): string => {
  const counted = `${users.toLocaleString('en-US')} users`
  if (total === undefined) return `${toMegabytes(bytes)} MB, ${counted}`
  const share = Math.min(1, bytes / Math.max(1, total))
  const done = Math.round(share * BAR_WIDTH)
  const bar = '█'.repeat(done) + '░'.repeat(BAR_WIDTH - done)
  return `${bar} ${Math.floor(share * 100)}% of ${toMegabytes(total)} MB, ${counted}`
}

const toMegabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
