/** What `npm run terms:report` takes for a small and a very large tenant: time and peak memory. */
import { spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { renderTable, type BenchTable } from './table.ts'

const root = join(import.meta.dirname, '..')

/** Runs the command as a child on files of 1,000 and 1,000,000 users; about a minute and 1 GB. */
export const measureTermsReport = async (): Promise<BenchTable> => {
  const folder = mkdtempSync(join(tmpdir(), 'terms-report-bench-'))
  try {
    const rows: string[][] = []
    for (const { users, isPacked } of [
      { users: 1000, isPacked: false },
      { users: 1_000_000, isPacked: false },
      { users: 1_000_000, isPacked: true },
    ]) {
      const file = join(folder, `users.ndjson${isPacked ? '.gz' : ''}`)
      await writeUsers(file, users, isPacked)
      const { seconds, peakBytes } = await measure(file, users)
      rows.push([
        `${users.toLocaleString('en-US')}${isPacked ? ', gzip' : ''}`,
        `${toMegabytes(statSync(file).size)} MB`,
        `${seconds.toFixed(1)} s`,
        Math.round(users / seconds).toLocaleString('en-US'),
        peakBytes === undefined ? 'not measured' : `${toMegabytes(peakBytes)} MB`,
      ])
      rmSync(file)
    }
    return {
      title: 'npm run terms:report',
      columns: ['users', 'file', 'time', 'users/s', 'peak memory'],
      rows,
      notes: [
        'Time is that of the whole process, its start included. Peak memory is VmHWM of Linux.',
        'Half of the users have answered three documents, a quarter in the older form, a quarter never.',
      ],
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const writeUsers = (file: string, users: number, isPacked: boolean): Promise<void> => {
  const batches = Readable.from(
    (function* () {
      const size = 1000
      for (let start = 0; start < users; start += size) {
        yield Array.from({ length: Math.min(size, users - start) }, (_, index) =>
          userLine(start + index),
        ).join('')
      }
    })(),
  )
  return isPacked
    ? pipeline(batches, createGzip({ level: 1 }), createWriteStream(file))
    : pipeline(batches, createWriteStream(file))
}

const CONNECTIONS = ['Username-Password-Authentication', 'google-oauth2', 'acme-saml', 'contoso']

/** A line as Auth0's job writes it for `identities`, `app_metadata` and the fields it has anyway. */
const userLine = (index: number): string => {
  const connection = CONNECTIONS[index % CONNECTIONS.length] ?? ''
  const id = index.toString(16).padStart(24, '0')
  const terms = termsOf(index)
  return `${JSON.stringify({
    user_id: `auth0|${id}`,
    email: `user-${index}@example.com`,
    email_verified: true,
    name: `User ${index}`,
    created_at: '2025-02-03T04:05:06.000Z',
    identities: [{ connection, provider: 'auth0', user_id: id, isSocial: false }],
    app_metadata: { customer_id: id, plan: 'free', ...(terms !== undefined && { terms }) },
  })}\n`
}

const termsOf = (index: number): object | undefined => {
  const accepted = (version: string) => ({
    version,
    accepted_at: '2026-11-03T08:00:00.000Z',
    locale: 'en',
    hash: 'mPz3S0cPQ1dOq1mB0nWgkP2o7bqB7vQm1y0yqWkq0nE',
    client: 'aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW',
  })
  if (index % 4 === 0) return undefined
  const first = accepted('2025-01-15')
  if (index % 4 === 1) return { version: first.version, accepted_at: first.accepted_at }
  return {
    documents: {
      'terms-of-service': accepted('2026-11-01'),
      'privacy-policy': first,
      'product-news': first,
    },
    history: [{ id: 'terms-of-service', ...first }],
  }
}

const measure = async (
  file: string,
  users: number,
): Promise<{ seconds: number; peakBytes: number | undefined }> => {
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['--import', 'tsx', 'reports/terms-report.ts', file], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let peakBytes: number | undefined
  const timer = setInterval(() => {
    peakBytes = readPeakBytes(child.pid) ?? peakBytes
  }, 20)
  try {
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on('error', reject).on('close', resolve)
    })
    const printed = await child.stdout.toArray().then((chunks) => Buffer.concat(chunks).toString())
    const code = await ended
    const seconds = (performance.now() - startedAt) / 1000
    if (code !== 0 || !printed.startsWith(`${users.toLocaleString('en-US')} users, `)) {
      throw new Error(`terms:report ended with ${String(code)} and not with all users`)
    }
    return { seconds, peakBytes }
  } finally {
    clearInterval(timer)
  }
}

/** The most memory a process ever held; `undefined` once it is gone, and where there is no /proc. */
const readPeakBytes = (pid: number | undefined): number | undefined => {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8')
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}

const toMegabytes = (bytes: number): string =>
  (bytes / 1e6).toLocaleString('en-US', { maximumFractionDigits: bytes < 10e6 ? 1 : 0 })

if (process.argv[1] === import.meta.filename) console.log(renderTable(await measureTermsReport()))
