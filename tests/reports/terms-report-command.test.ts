import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from '@jest/globals'
import { settings } from '../../test-kit/fixture/actions/enforce-terms/settings.ts'
import { runToExitCode } from '../../cli/run-command.ts'
import { runTermsReport, type TermsReportCommand } from '../../reports/terms-report-command.ts'
import { documents, inChunks, TIME } from '../../test-kit/reports/documents.ts'

const folder = mkdtempSync(join(tmpdir(), 'terms-report-'))
afterAll(() => rmSync(folder, { recursive: true }))

const USER = JSON.stringify({
  identities: [{ connection: 'db' }],
  app_metadata: { terms: { version: '2026-01', accepted_at: TIME } },
})

const write = (name: string, content: string | Buffer): string => {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

const run = async (args: readonly string[], overrides: Partial<TermsReportCommand> = {}) => {
  const printed: string[] = []
  const told: string[] = []
  const details: string[] = []
  const code = await runToExitCode(runTermsReport, {
    args,
    stdin: inChunks(''),
    print: (text) => printed.push(text),
    tell: (text) => told.push(text),
    progress: (_, work) => work((detail) => details.push(detail)),
    documents,
    now: new Date('2026-06-01'),
    ...overrides,
  })
  return { code, printed: printed.join('\n'), told: told.join('\n'), details }
}

describe('npm run terms:report', () => {
  test('prints the report of a file and ends well, also with malformed lines', async () => {
    const { code, printed, told } = await run([write('users.ndjson', `${USER}\n{\n${USER}\n`)])
    expect({ code, told }).toEqual({ code: 0, told: '' })
    expect(printed).toContain('2 users, 1 connection\n')
    expect(printed).toContain('1 malformed line, not counted:')
  })

  test('takes a packed file for what it is, whatever it is called', async () => {
    const { code, printed } = await run([write('users.json', gzipSync(USER))])
    expect(code).toBe(0)
    expect(printed).toContain('1 user, 1 connection\n')
  })

  test('reads standard input', async () => {
    const { code, printed, details } = await run(['-'], { stdin: inChunks(USER) })
    expect(code).toBe(0)
    expect(printed).toContain('1 user, 1 connection\n')
    expect(details.at(-1)).toBe('0.0 MB, 0 users')
  })

  test('shows how far it is', async () => {
    const file = write('large.ndjson', `${USER}\n`.repeat(10_000))
    const { details } = await run([file])
    expect(details[0]).toMatch(/^█+░+ \d+% of 1\.\d MB, [\d,]+ users$/)
    expect(details.at(-1)).toMatch(/^█{20} 100% of 1\.\d MB, [\d,]+ users$/)
  })

  test('prints what it has of a file that breaks off, and fails', async () => {
    const packed = gzipSync(`${USER}\n`.repeat(500))
    const file = write('cut.gz', packed.subarray(0, packed.length - 4))
    const csv = join(folder, 'cut.csv')
    const { code, printed, told } = await run([file, '--csv', csv])
    expect(code).toBe(1)
    expect(printed).toContain('500 users, 1 connection\n')
    expect(told).toContain('Not the whole report: cut.gz breaks off (Z_BUF_ERROR).')
    expect(readFileSync(csv, 'utf8')).toContain(',db,500,')
  })

  test('writes the CSV file', async () => {
    const csv = join(folder, 'report.csv')
    const { code } = await run([write('users.ndjson', USER), '--csv', csv])
    expect(code).toBe(0)
    expect(readFileSync(csv, 'utf8')).toMatch(/^document,.*\r\n.*\bterms,2026-01,.*,db,1,1,0,/s)
  })

  test.each<[string, string[], string]>([
    ['no file', [], 'Which file?'],
    ['two files', ['a', 'b'], "Unexpected argument 'b'"],
    ['an unknown option', ['a', '--jsn'], "Unknown option '--jsn'"],
    ['no file for --csv', ['a', '--csv='], 'Which file for --csv?'],
  ])('refuses %s and explains itself', async (_, args, message) => {
    const { code, printed, told } = await run(args)
    expect({ code, printed }).toEqual({ code: 1, printed: '' })
    expect(told).toContain(message)
    expect(told).toContain('npm run terms:report -- FILE')
  })

  test('says in one sentence that a file cannot be read', async () => {
    const none = join(folder, 'none.ndjson')
    expect(await run([none])).toMatchObject({
      code: 1,
      printed: '',
      told: `${none} cannot be read: there is no such file or folder [file_failed]`,
    })
    mkdirSync(join(folder, 'sub'))
    expect(await run([join(folder, 'sub')])).toMatchObject({
      code: 1,
      printed: '',
      told: `${join(folder, 'sub')} cannot be read: it is a folder [file_failed]`,
    })
  })

  test('never writes over the export', async () => {
    const file = write('precious.ndjson', USER)
    symlinkSync(file, join(folder, 'link'))
    for (const csv of [file, join(folder, 'sub', '..', 'precious.ndjson'), join(folder, 'link')]) {
      const { code, printed, told } = await run([file, '--csv', csv])
      expect({ code, printed }).toEqual({ code: 1, printed: '' })
      expect(told).toContain('would be lost')
    }
    expect(readFileSync(file, 'utf8')).toBe(USER)
  })

  test('prints the report when the CSV file cannot be written, and fails', async () => {
    const csv = join(folder, 'none', 'report.csv')
    const { code, printed, told } = await run([write('users.ndjson', USER), '--csv', csv])
    expect(code).toBe(1)
    expect(printed).toContain('1 user, 1 connection\n')
    expect(told).toBe(`${csv} cannot be written: there is no such file or folder [file_failed]`)
  })

  test('prints for the sample what the README shows of it', async () => {
    const { code, printed } = await run(
      [join(import.meta.dirname, '../../test-kit/reports/users.ndjson')],
      {
        documents: settings.documents,
        now: new Date('2026-11-20'),
      },
    )
    expect(code).toBe(0)
    expect(printed).toMatch(/^7 users, 3 connections\n/)
    expect(printed).toContain('1 malformed line, not counted:\n  line 7: not JSON')
  })
})
