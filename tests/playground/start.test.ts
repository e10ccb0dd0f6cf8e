/** What `npm start` says when it cannot. What it does when it can is in tests/end-to-end. */
import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { loadCertificate } from '../../local-tenant/certificate.ts'
import { createLocalFetch, type LocalFetch } from '../../playground/local-fetch.ts'
import { localFolder } from '../../playground/local-folder.ts'
import { writeRunning } from '../../playground/running.ts'
import { PEOPLE_PASSWORD } from '../../playground/seed/people.ts'
import type { TenantState } from '../../local-tenant/store.ts'
import { startTenant } from '../../local-tenant/tenant.ts'
import { bundlePrograms } from '../../test-kit/bundle-programs.ts'
import { FIXTURE, REPOSITORY } from '../../test-kit/fixture-project.ts'

const programs = await bundlePrograms(['playground/start.ts'])
afterAll(programs.remove)

let project: string
let localFetch: LocalFetch | undefined
const servers: Server[] = []

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'start-'))
  cpSync(FIXTURE, project, { recursive: true })
  symlinkSync(join(REPOSITORY, 'node_modules'), join(project, 'node_modules'))
})

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  rmSync(project, { recursive: true, force: true })
})

const start = (...args: string[]): Promise<{ code: number | null; said: string }> =>
  new Promise((resolve, reject) => {
    const command = [programs.fileOf('playground/start.ts'), ...args]
    const child = spawn(process.execPath, command, { cwd: project })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, said }))
  })

const takePort = async (): Promise<number> => {
  const server = createServer()
  servers.push(server)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return (server.address() as AddressInfo).port
}

const EXIT_MS = 60_000

describe('npm start ends with one message and exit code 1', () => {
  test(
    'when its port is in use',
    async () => {
      const port = await takePort()
      const { code, said } = await start('--port', String(port))
      expect(code).toBe(1)
      expect(said).toMatch(
        new RegExp(`^Port ${port} is in use\\..*npm start -- --port \\d+ \\[port_in_use\\]\\n$`),
      )
    },
    EXIT_MS,
  )

  test(
    'when the port of the portal is in use',
    async () => {
      const port = await takePort()
      const { code, said } = await start('--port', String(port - 2))
      expect(code).toBe(1)
      expect(said).toMatch(
        new RegExp(`^Port ${port} is in use\\..*npm start -- --port \\d+ \\[port_in_use\\]\\n$`),
      )
    },
    EXIT_MS,
  )

  test(
    'when --reset meets a port in use, and nothing is forgotten',
    async () => {
      const port = await takePort()
      const secrets = join(project, '.local', 'secrets.json')
      mkdirSync(join(project, '.local'))
      writeFileSync(secrets, '{}')
      const { code, said } = await start('--reset', '--port', String(port - 3))
      expect([code, said]).toEqual([1, expect.stringContaining(`Port ${port} is in use.`)])
      expect(readFileSync(secrets, 'utf8')).toBe('{}')
    },
    EXIT_MS,
  )

  const certificates: [string, () => void, RegExp][] = [
    [
      'is not a certificate',
      () => writeFileSync(join(project, '.local', 'certificate', 'localhost.pem'), 'nonsense'),
      /ca\.pem is not a certificate\. Delete the folder/,
    ],
    [
      'cannot be read',
      () => mkdirSync(join(project, '.local', 'certificate', 'localhost.pem')),
      /localhost\.pem cannot be read \(EISDIR\)\. Delete the folder/,
    ],
  ]
  test.each(certificates)(
    'when its certificate %s',
    async (_, spoil, message) => {
      const folder = join(project, '.local', 'certificate')
      mkdirSync(folder, { recursive: true })
      for (const file of ['ca.pem', 'localhost-key.pem'])
        writeFileSync(join(folder, file), 'nonsense')
      spoil()
      const { code, said } = await start('--port', '20401')
      expect(code).toBe(1)
      expect(said).toMatch(message)
    },
    EXIT_MS,
  )

  const tenants: [string, string, RegExp][] = [
    ['is no YAML', 'actions: [', /tenant\.yaml is not YAML/],
    ['lists nothing', 'actions: 7\ntriggers: no', /tenant\.yaml: actions must list the Actions/],
  ]
  test.each(tenants)(
    'when tenant.yaml %s',
    async (_, text, message) => {
      writeFileSync(join(project, 'tenant.yaml'), text)
      const { code, said } = await start('--port', '20401')
      expect(code).toBe(1)
      expect(said).toMatch(message)
      expect(said).not.toMatch(/^\s+at /m)
    },
    EXIT_MS,
  )

  test(
    'when its state is from somewhere else',
    async () => {
      mkdirSync(join(project, '.local'))
      writeFileSync(join(project, '.local', 'tenant.json'), '{"schema": 99}')
      const { code, said } = await start('--port', '20401')
      expect(code).toBe(1)
      expect(said).toMatch(/is from another version\. Begin again with: npm start -- --reset/)
    },
    EXIT_MS,
  )

  test(
    'when the tenant of this folder runs already, and takes nothing from it',
    async () => {
      const folder = localFolder(project)
      const certificate = await loadCertificate(folder.certificate, Date.now())
      const tenant = await startTenant({ port: 0, certificate })
      const { url: tenantUrl } = tenant
      const tools = { clientId: '', clientSecret: '' }
      const { caFile } = certificate
      writeRunning(folder, { tenantUrl, portalUrl: '', demoUrl: '', caFile, tools })
      const { code, said } = await start('--reset', '--port', '20401')
      await tenant.close()
      expect([code, said]).toEqual([
        1,
        `The local tenant runs already, at ${tenantUrl}. Stop it first. [already_running]\n`,
      ])
      expect(existsSync(caFile)).toBe(true)
    },
    EXIT_MS,
  )

  test(
    'when it is called with an option it does not have',
    async () => {
      const { code, said } = await start('--prot')
      expect(code).toBe(1)
      expect(said).toContain('npm start [-- --reset]')
      expect(said).not.toMatch(/^\s+at /m)
    },
    EXIT_MS,
  )
})

test(
  'npm start grants nobody a token that the Actions would refuse, from the first answer on',
  async () => {
    const port = (await takePort()) - 6
    const command = ['--import', 'tsx', join(project, 'playground', 'start.ts')]
    const run = async (): Promise<{ said: string; answers: unknown[] }> => {
      const child = spawn(process.execPath, [...command, '--port', String(port)], { cwd: project })
      let said = ''
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
      const ended = new Promise((resolve) => child.on('close', resolve))
      const answers: unknown[] = []
      while (!said.includes('Stop with Ctrl+C') && child.exitCode === null) {
        answers.push(...(await askForTokens(port).then((answer) => [answer], nothingYet)))
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      answers.push(await askForTokens(port))
      child.kill('SIGTERM')
      expect(await ended).toBe(0)
      expect(said).toMatch(/Stop with Ctrl\+C\.\n\nStopped\. .*\n$/)
      return { said, answers }
    }
    const denied = {
      error: 'access_denied',
      error_description: expect.stringContaining('terms_interaction_required'),
    }
    const first = await run()
    expect(first.said).toContain('Deployed to the local tenant: guard-access')
    for (const answer of first.answers) expect(answer).toMatchObject(denied)

    const second = await run()
    expect(second.said).toContain('Deployed to the local tenant: nothing, all is as it was.')
    for (const answer of second.answers) expect(answer).toMatchObject(denied)
  },
  EXIT_MS,
)

/** Nobody listens, or the first start has not written its state. */
const nothingYet = (): unknown[] => []

/** What a password grant of somebody who never accepted the terms is answered. */
const askForTokens = async (port: number): Promise<unknown> => {
  const folder = localFolder(project)
  const { clients } = JSON.parse(readFileSync(folder.state, 'utf8')) as TenantState
  localFetch ??= createLocalFetch(readFileSync(join(folder.certificate, 'ca.pem'), 'utf8'))
  const answer = await localFetch(`https://localhost:${port}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'password',
      client_id: 'web-app',
      client_secret: clients['web-app']?.client_secret,
      username: 'nora.new@example.com',
      password: PEOPLE_PASSWORD,
      scope: 'openid',
    }),
  })
  return answer.json()
}
