import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { realpath, stat, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { EnforceTermsSettings } from '../actions/enforce-terms/schema.ts'
import { CommandFailure } from '../cli/failure.ts'
import { argumentsWrong, readArguments } from '../cli/read-arguments.ts'
import type { ExitCode, Terminal } from '../cli/run-command.ts'
import type { withProgress } from '../cli/progress.ts'
import { countExport, type ExportProgress } from './count-export.ts'
import { errorCode } from './error-code.ts'
import { renderCsv } from './render-csv.ts'
import { renderReport } from './render-report.ts'

const USAGE = `npm run terms:report -- FILE [--csv FILE]

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
export interface TermsReportCommand extends Terminal {
  readonly stdin: AsyncIterable<Buffer>
  readonly progress: typeof withProgress
  readonly documents: EnforceTermsSettings['documents']
  readonly now: Date
}

/** `npm run terms:report`: see `USAGE`. */
export const runTermsReport = async (command: TermsReportCommand): Promise<ExitCode> => {
  const { print, tell, documents, now } = command
  const { file, csv } = readOptions(command.args)
  const source = await openExport(file, csv, command.stdin)
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
      throw new CommandFailure('file_failed', `${csv} cannot be written: ${reasonOf(error)}`)
    }
  }
  return report.cutShort === undefined ? 0 : 1
}

interface Options {
  readonly file: string
  readonly csv: string | undefined
}

const readOptions = (args: readonly string[]): Options => {
  const { csv, positionals } = readArguments(args, USAGE, { csv: { type: 'string' } }, 1)
  const [file] = positionals
  if (file === undefined) throw argumentsWrong('Which file?', USAGE)
  if (csv === '') throw argumentsWrong('Which file for --csv?', USAGE)
  return { file, csv }
}

interface Source {
  readonly name: string
  readonly chunks: AsyncIterable<Buffer>
  /** `undefined` where nobody knows before the end. */
  readonly bytes: number | undefined
}

const openExport = async (
  file: string,
  csv: string | undefined,
  stdin: AsyncIterable<Buffer>,
): Promise<Source> => {
  if (file === '-') return { name: 'standard input', chunks: stdin, bytes: undefined }
  try {
    const stats = await stat(file)
    if (stats.isDirectory()) throw unreadable(file, 'it is a folder')
    if (csv !== undefined && (await isSameFile(file, csv))) {
      throw argumentsWrong('--csv names the export itself, which would be lost.', USAGE)
    }
    const stream = createReadStream(file, { highWaterMark: 256 * 1024 })
    await once(stream, 'ready')
    return {
      name: basename(file),
      chunks: stream,
      bytes: stats.isFile() ? stats.size : undefined,
    }
  } catch (error) {
    throw error instanceof CommandFailure ? error : unreadable(file, reasonOf(error))
  }
}

const unreadable = (file: string, reason: string): CommandFailure =>
  new CommandFailure('file_failed', `${file} cannot be read: ${reason}`)

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
