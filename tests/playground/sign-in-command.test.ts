/** How `npm run sign-in` ends. What it prints of a whole sign-in is in tests/end-to-end. */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { loadCertificate, type LocalCertificate } from '../../local-tenant/certificate.ts'
import { createLocalFetch } from '../../playground/local-fetch.ts'
import { localFolder } from '../../playground/local-folder.ts'
import { writeRunning, type RunningTenant } from '../../playground/running.ts'
import { PROTOCOLS, type SignInOptions } from '../../playground/sign-in/options.ts'
import { runSignIn } from '../../playground/sign-in/run-sign-in.ts'
import { seed } from '../../playground/seed/seed.ts'
import { startTenant, type Tenant } from '../../local-tenant/tenant.ts'
import { bundlePrograms } from '../../test-kit/bundle-programs.ts'
import { action, bindActions, CARA } from '../../test-kit/local-tenant/oidc-harness.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const COMMAND_MS = 60_000

const programs = await bundlePrograms(['playground/sign-in.ts'])
afterAll(programs.remove)

let project: string
let certificate: LocalCertificate
let tenant: Tenant
let running: RunningTenant

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'sign-in-'))
  for (const part of [
    'actions',
    'cli',
    'local-tenant',
    'playground',
    'types',
    'package.json',
    'tsconfig.json',
  ]) {
    cpSync(join(ROOT, part), join(project, part), { recursive: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'))
  certificate = await loadCertificate(localFolder(project).certificate, Date.now())
  tenant = await startTenant({ port: 0, certificate, seed })
  const tools = {
    clientId: 'local-tools',
    clientSecret: tenant.store.state.clients['local-tools']?.client_secret ?? '',
  }
  const urls = { tenantUrl: tenant.url, portalUrl: '', demoUrl: '' }
  running = { ...urls, caFile: certificate.caFile, tools }
  writeRunning(localFolder(project), running)
})
afterEach(() => {
  bindActions(tenant.store.state, [])
})
afterAll(async () => {
  await tenant.close()
  rmSync(project, { recursive: true, force: true })
})

/** Asynchronous, because the tenant answers from this process. */
const run = (...args: string[]): Promise<{ code: number | null; out: string; err: string }> =>
  new Promise((resolve, reject) => {
    const command = [programs.fileOf('playground/sign-in.ts'), ...args]
    const child = spawn(process.execPath, command, { cwd: project })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })

const deny = (): void => {
  bindActions(tenant.store.state, [
    action('deny', { onExecutePostLogin: `api.access.deny('no entry')` }),
  ])
}

test(
  'the command exits 0 when tokens came, and 1 with the outcome when the sign-in was denied',
  async () => {
    const signedIn = await run('--user', CARA)
    expect([signedIn.code, signedIn.err]).toEqual([0, ''])
    expect(signedIn.out).toMatch(/Outcome: signed in\n$/)
    deny()
    const denied = await run('--user', CARA)
    expect([denied.code, denied.err]).toEqual([1, ''])
    expect(denied.out).toMatch(/Outcome: access_denied: no entry\n$/)
  },
  COMMAND_MS,
)

test(
  'the command exits 1 for a wrong option and without a tenant',
  async () => {
    const wrong = await run('--usr', CARA)
    expect([wrong.code, wrong.out]).toEqual([1, ''])
    const folder = localFolder(project)
    writeRunning(folder, { ...running, tenantUrl: 'https://localhost:1' })
    const unreachable = await run('--user', CARA)
    writeRunning(folder, running)
    expect(unreachable).toEqual({
      code: 1,
      out: '',
      err: 'The local tenant does not run. Start it in another terminal: npm start [not_running]\n',
    })
  },
  COMMAND_MS,
)

const runHere = (options: Partial<SignInOptions>) =>
  runSignIn(
    {
      user: CARA,
      connection: undefined,
      client: undefined,
      organization: undefined,
      audience: undefined,
      terms: 'accept',
      protocol: 'code',
      ...options,
    },
    running,
    createLocalFetch(certificate.caPem),
  )

test.each(PROTOCOLS)('asked by %s, tokens are a sign-in and a denial is none', async (protocol) => {
  expect(await runHere({ protocol })).toMatchObject({ isSignedIn: true, outcome: 'signed in' })
  deny()
  expect(await runHere({ protocol })).toMatchObject({ isSignedIn: false, tokens: [] })
})

test('a page that an Action sends to and nobody answers is no sign-in, nor is one after it', async () => {
  bindActions(tenant.store.state, [
    action('ask', {
      onExecutePostLogin: `api.redirect.sendUserTo('${tenant.url}/local/health')`,
      onContinuePostLogin: '',
    }),
  ])
  for (const [protocol, outcome] of [
    ['code', /^not signed in: /],
    ['refresh', /^not signed in: /],
    ['silent', /^interaction_required: /],
    ['password', /^interaction_required: /],
  ] as const) {
    const report = await runHere({ protocol })
    expect([protocol, report.isSignedIn]).toEqual([protocol, false])
    expect(report.outcome).toMatch(outcome)
  }
})

test('a sign-in that worked is none when the silent one after it is refused', async () => {
  bindActions(tenant.store.state, [
    action('once', {
      onExecutePostLogin: `
        if (event.transaction.prompt?.includes('none')) api.access.deny('not silently')`,
    }),
  ])
  expect(await runHere({ protocol: 'silent' })).toMatchObject({
    isSignedIn: false,
    outcome: 'access_denied: not silently',
  })
})

test.each([
  ['user', 'nobody@example.com', /^There is no person "nobody@.*There are: .*cara\.current@/],
  [
    'client',
    'Nothing',
    /^There is no application "Nothing"\. There are: Web App, .*Single-Page App$/,
  ],
  ['organization', 'foo', /^There is no organization "foo"\. There are: acme$/],
  ['connection', 'foo', /^There is no connection "foo"\. There are: .*, acme-saml, globex-oidc$/],
])('a %s that is not there is refused with those there are', async (option, name, message) => {
  await expect(runHere({ [option]: name })).rejects.toThrow(message)
})

test('the organization and the audience that are asked for are those of the tokens', async () => {
  const own = await runHere({ user: 'olga.organization@example.com' })
  expect(own).toMatchObject({ isSignedIn: true })
  expect(own.tokens.map(({ claims }) => claims?.['org_id'])).toEqual([
    'org_local000000acme',
    'org_local000000acme',
  ])
  const other = await runHere({ organization: 'acme' })
  expect(other.outcome).toMatch(/^access_denied: user .* is not part of the org_local/)
  const unknown = await runHere({ audience: 'https://unknown.example.com' })
  expect(unknown.outcome).toMatch(/^access_denied: Service not found/)
})
