import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import type { runDeployCli } from '../../deploy/run-deploy-cli.ts'

/** By the file of certificates, which a process reads once. */
const idle = new Map<string, ChildProcess[]>()
const started = new Set<ChildProcess>()

afterAll(() => {
  for (const child of started) child.kill('SIGKILL')
})

/**
 * The trimmed Deploy CLI in a process that is kept for the next run, because loading it takes most
 * of the time of a short one. What a process of its own does besides, to end with ours and to find
 * the proxy, is left out here.
 */
export const runWarmCli: typeof runDeployCli = ({ inputFile, env, onLine, signal }) =>
  new Promise((resolve, reject) => {
    const caFile = env['NODE_EXTRA_CA_CERTS'] ?? ''
    const waiting = idle.get(caFile) ?? []
    idle.set(caFile, waiting)
    const child = waiting.pop() ?? startChild(caFile)
    const lines: string[] = []
    const end = (exitCode: number): void => {
      signal?.removeEventListener('abort', kill)
      child.removeAllListeners()
      resolve({ exitCode, output: lines.join('\n') })
    }
    const kill = (): void => void child.kill('SIGKILL')
    signal?.addEventListener('abort', kill, { once: true })
    child.on('error', reject)
    child.on('exit', () => end(1))
    child.on('message', (message: { line: string } | { exitCode: number }) => {
      if ('exitCode' in message) {
        waiting.push(child)
        end(message.exitCode)
        return
      }
      const text = message.line.replace(/^\S+Z - /, '')
      lines.push(text)
      onLine?.(text)
    })
    child.send({ inputFile, env })
  })

const startChild = (caFile: string): ChildProcess => {
  const child = fork(join(import.meta.dirname, 'warm.mjs'), {
    env: { NODE_EXTRA_CA_CERTS: caFile },
    execArgv: [],
  })
  started.add(child)
  return child
}
