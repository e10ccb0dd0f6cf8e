import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, jest, test } from '@jest/globals'
import { withTemporaryFolder } from '../../deploy/with-temporary-folder.ts'
import { bundlePrograms } from '../../test-kit/bundle-programs.ts'
import {
  makeCertificate,
  startDeployTenant,
  type SeenRequest,
} from '../../test-kit/deploy/deploy-tenant.ts'
import { SECRETS } from '../../test-kit/deploy/run-command.ts'
import { makeProject } from '../../test-kit/deploy/test-project.ts'

jest.setTimeout(40_000)

const CHILD = 'test-kit/deploy/deploy-in-child.ts'
const programs = await bundlePrograms([CHILD])
afterAll(programs.remove)

const { certificate, remove } = await makeCertificate()
const tenant = await startDeployTenant(certificate)
const project = makeProject()

afterAll(async () => {
  await tenant.close()
  project.remove()
  remove()
})

const foldersOf = (pid = 0): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`auth0-deploy-${pid}-`))

interface Interrupted {
  code: number | null
  /** Standard error. */
  err: string
  pid: number
  /** Fulfilled when the Deploy CLI, which was waiting for an answer, is gone. */
  cliEnded: Promise<unknown>
}

/**
 * Sends `signal` to the deploy alone at the first request that is the moment, which gets no answer:
 * the first of the Deploy CLI, unless told otherwise.
 */
const interrupt = async (
  signal: NodeJS.Signals,
  isMoment: (request: SeenRequest) => boolean = ({ byCli }) => byCli,
): Promise<Interrupted> => {
  const child = spawn(process.execPath, [programs.fileOf(CHILD), '--yes'], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...tenant.env, ...SECRETS, DEPLOY_TEST_ROOT: project.root },
  })
  let err = ''
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  let cliEnded: Promise<unknown> = Promise.reject(new Error('the Deploy CLI asked for nothing'))
  cliEnded.catch(() => undefined)
  tenant.setFault((seen, { request }) => {
    if (isMoment(seen)) {
      cliEnded = new Promise((closed) => request.socket.once('close', closed))
      child.kill(signal)
    }
    return isMoment(seen)
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, err, pid: child.pid ?? 0, cliEnded }
}

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('%s removes the temporary folder and ends the Deploy CLI', async (signal, expected) => {
  const { code, pid, cliEnded } = await interrupt(signal)
  expect(code).toBe(expected)
  expect(foldersOf(pid)).toEqual([])
  // Left alone it would wait for its answer for a minute and then go on.
  await cliEnded
})

test.each([
  ['SIGINT', 'before anything was written', '/oauth/token', 'Nothing was written to the tenant.'],
  ['SIGTERM', 'while the Deploy CLI writes', '', 'was being written to: npm run plan shows'],
] as const)('%s %s says what the tenant is left with', async (signal, _, path, text) => {
  const { err } = await interrupt(signal, (seen) => (path === '' ? seen.byCli : seen.path === path))
  expect(err).toContain(`Stopped by ${signal}. `)
  expect(err).toContain(text)
})

test('SIGKILL, which nobody can catch, ends the Deploy CLI as well', async () => {
  const { code, cliEnded } = await interrupt('SIGKILL')
  expect(code).toBeNull()
  await cliEnded
})

test('SIGKILL leaves a folder without a secret, which the next run removes', async () => {
  const { pid } = await interrupt('SIGKILL')
  const [folder = ''] = foldersOf(pid)
  const text = readFileSync(join(tmpdir(), folder, 'tenant.yaml'), 'utf8')
  for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret)
  await withTemporaryFolder({}, () => Promise.resolve())
  expect(foldersOf(pid)).toEqual([])
})

test('a folder is removed when the work in it fails', async () => {
  let folder = ''
  const work = withTemporaryFolder({ 'a/b.txt': 'x' }, (made) => {
    folder = made
    expect(readFileSync(join(made, 'a/b.txt'), 'utf8')).toBe('x')
    return Promise.reject(new Error('failed'))
  })
  await expect(work).rejects.toThrow('failed')
  expect(existsSync(folder)).toBe(false)
})

test('folders of other programs are left alone', async () => {
  const other = mkdtempSync(join(tmpdir(), 'auth0-deploy-other-'))
  await withTemporaryFolder({}, () => Promise.resolve())
  expect(existsSync(other)).toBe(true)
  rmSync(other, { recursive: true })
})
