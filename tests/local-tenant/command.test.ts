import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, expect, test } from '@jest/globals'
import { ManagementClient } from 'auth0'
import { createLocalFetch } from '../../playground/local-fetch.ts'

const BIN = join(import.meta.dirname, '../../local-tenant/bin.mjs')
const folder = mkdtempSync(join(tmpdir(), 'local-tenant-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = (...args: string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [BIN, ...args], { cwd: folder })

const outputOf = async (child: ChildProcessWithoutNullStreams) => {
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  await once(child, 'close')
  return { code: child.exitCode, out, err }
}

/** Starts it and answers what it prints, as variables. */
const start = async () => {
  const child = run('--port', '0')
  const [printed] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, env: parseEnv(printed.toString()) }
}

const stop = async (child: ChildProcessWithoutNullStreams): Promise<number | null> => {
  child.kill('SIGTERM')
  await once(child, 'close')
  return child.exitCode
}

test('an empty tenant starts in any folder, is filled by the SDK and keeps what it was given', async () => {
  const clientOf = (env: NodeJS.Dict<string>) =>
    new ManagementClient({
      domain: env['AUTH0_DOMAIN'] ?? '',
      clientId: env['AUTH0_CLIENT_ID'] ?? '',
      clientSecret: env['AUTH0_CLIENT_SECRET'] ?? '',
      fetch: createLocalFetch(
        readFileSync(env['NODE_EXTRA_CA_CERTS'] ?? '', 'utf8'),
      ) as typeof fetch,
    })
  const first = await start()
  const { user_id: id = '' } = await clientOf(first.env).users.create({
    connection: 'Username-Password-Authentication',
    email: 'ada@example.com',
    password: 'Correct-Horse-7',
  })
  expect(await stop(first.child)).toBe(0)

  const second = await start()
  expect(await clientOf(second.env).users.get(id)).toMatchObject({ email: 'ada@example.com' })
  expect(second.env['AUTH0_CLIENT_SECRET']).toBe(first.env['AUTH0_CLIENT_SECRET'])
  expect(await stop(second.child)).toBe(0)
}, 60_000)

test('--help explains it; what cannot start says why in one line and exits with 1', async () => {
  const [help, wrong, port] = await Promise.all([
    outputOf(run('--help')),
    outputOf(run('--prot', '1')),
    outputOf(run('--port', '70000')),
  ])
  expect(help).toEqual({ code: 0, out: expect.stringContaining('local-tenant [--port'), err: '' })
  expect(wrong).toEqual({
    code: 1,
    out: '',
    err: expect.stringContaining("Unknown option '--prot'"),
  })
  expect(port.err).toMatch(/^--port takes a number[^]*\[arguments_wrong\]\n$/)
}, 60_000)
