import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from '@jest/globals'
import { request as send } from 'undici'
import { SIGNING_KEY } from './terms-link.ts'

const START = fileURLToPath(new URL('../../portal/start.ts', import.meta.url))
const COMPLETE = { TERMS_TOKEN_SECRET: SIGNING_KEY, LOGIN_HOSTS: 'login.example.com', PORT: '0' }

let child: ChildProcessWithoutNullStreams
afterEach(() => {
  child.kill('SIGKILL')
})

const start = (environment: Readonly<Record<string, string>>): void => {
  child = spawn(process.execPath, ['--import', 'tsx', START], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
  })
}

const read = async (stream: NodeJS.ReadableStream): Promise<string> => {
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return text
}

const runToTheEnd = async (environment: Readonly<Record<string, string>>) => {
  start(environment)
  const [errors] = await Promise.all([read(child.stderr), once(child, 'exit')])
  return { errors: errors.trim().split('\n'), exitCode: child.exitCode }
}

test('a portal without settings exits with one line for each', async () => {
  const { errors, exitCode } = await runToTheEnd({ TERMS_TOKEN_SECRET: 'hush' })
  expect(exitCode).toBe(1)
  expect(errors.map((line) => line.split(' ')[0])).toEqual(['TERMS_TOKEN_SECRET', 'LOGIN_HOSTS'])
  expect(errors.join()).not.toContain('hush')
})

test('a portal whose certificate is missing exits with one line', async () => {
  const { errors, exitCode } = await runToTheEnd({
    ...COMPLETE,
    TLS_KEY_FILE: '/nowhere/key.pem',
    TLS_CERT_FILE: '/nowhere/cert.pem',
  })
  expect(exitCode).toBe(1)
  expect(errors).toEqual([expect.stringMatching(/^The portal cannot start: .*\/nowhere\/key\.pem/)])
})

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
