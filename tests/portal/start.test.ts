import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { request as send } from 'undici'
import { SIGNING_KEY } from '../../test-kit/portal/terms-link.ts'

const START = join(import.meta.dirname, '../../portal/start.ts')
const COMPLETE = { TERMS_TOKEN_SECRET: SIGNING_KEY, LOGIN_HOSTS: 'login.example.com', PORT: '0' }

let child: ChildProcessWithoutNullStreams
afterEach(() => {
  child.kill('SIGKILL')
})

const start = (environment: Readonly<Record<string, string>>, ...args: string[]): void => {
  child = spawn(process.execPath, ['--import', 'tsx', START, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
  })
}

const read = async (stream: NodeJS.ReadableStream): Promise<string> => {
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return text
}

const runToTheEnd = async (...given: Parameters<typeof start>) => {
  start(...given)
  const [errors] = await Promise.all([read(child.stderr), once(child, 'exit')])
  return { errors: errors.trim().split('\n'), exitCode: child.exitCode }
}

test('a portal without settings says what to do, and exits with one line for each', async () => {
  const { errors, exitCode } = await runToTheEnd({ TERMS_TOKEN_SECRET: 'hush' })
  expect(exitCode).toBe(1)
  expect(errors).toEqual([
    'The portal cannot start. Set these variables: [environment_incomplete]',
    expect.stringMatching(/^ {2}TERMS_TOKEN_SECRET is shorter .* \[variable_invalid\]$/),
    expect.stringMatching(/^ {2}LOGIN_HOSTS is not set; .* \[variable_missing\]$/),
  ])
  expect(errors.join()).not.toContain('hush')
})

test('a portal with arguments says that it is configured by variables', async () => {
  const { errors, exitCode } = await runToTheEnd(COMPLETE, '--port', '80')
  expect(exitCode).toBe(1)
  expect(errors).toEqual([
    'The portal takes no arguments. Variables configure it: see "Running it" in README.md. [arguments_wrong]',
  ])
})

test('a portal whose certificate is missing exits with one line', async () => {
  const { errors, exitCode } = await runToTheEnd({
    ...COMPLETE,
    TLS_KEY_FILE: '/nowhere/key.pem',
    TLS_CERT_FILE: '/nowhere/cert.pem',
  })
  expect(exitCode).toBe(1)
  expect(errors).toEqual([
    expect.stringMatching(/^The portal cannot start: .*\/nowhere\/key\.pem.* \[start_failed\]$/),
  ])
})

test('a portal whose brand cannot be used exits with a line for each fault', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'brand-')), 'brand.json')
  writeFileSync(file, '{ "name": "Acme", "defaultLocale": "en" }')
  const { errors, exitCode } = await runToTheEnd({ ...COMPLETE, BRAND_FILE: file })
  rmSync(dirname(file), { recursive: true })
  expect(exitCode).toBe(1)
  expect(errors).toEqual([
    'The brand cannot be used. Correct this: [brand_invalid]',
    expect.stringMatching(/brand\.json: colours\.light must hold .* \[brand_invalid\]$/),
    expect.stringMatching(/brand\.json: colours\.dark must hold/),
  ])
})

test('npm run portal ends the portal, too, when it is told to', async () => {
  child = spawn('npm', ['run', '--silent', 'portal'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), ...COMPLETE },
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { url } = JSON.parse(line.toString()) as { url: string }
  child.kill('SIGTERM')
  await once(child, 'exit')
  expect(child.exitCode).toBe(0)
  await expect(send(`${url}/health`)).rejects.toThrow('ECONNREFUSED')
}, 20_000)

test('a portal says where it is, answers, and ends on SIGTERM with 0', async () => {
  start(COMPLETE)
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const started = JSON.parse(line.toString()) as Record<string, string>
  expect(started).toEqual({
    time: expect.any(String),
    level: 'info',
    event: 'started',
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  })
  const answer = await send(`${started['url'] ?? ''}/health`)
  expect(await answer.body.json()).toEqual({ status: 'ok' })
  child.kill('SIGTERM')
  const [rest] = await Promise.all([read(child.stdout), once(child, 'exit')])
  expect(rest).toContain('"event":"stopped"')
  expect(child.exitCode).toBe(0)
})
