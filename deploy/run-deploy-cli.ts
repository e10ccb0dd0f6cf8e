import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

export interface DeployCliRun {
  /** `tenant.yaml`; code paths in it are relative to its folder. */
  inputFile: string
  /**
   * The whole environment of the Deploy CLI. It replaces `##NAME##` and `@@NAME@@` by every
   * variable it is given, in the code of Actions too, so it gets what it needs and nothing else.
   */
  env: Readonly<Record<string, string>>
  /** Each line the Deploy CLI prints, without its time stamp. */
  onLine?: (line: string) => void
  /** Ends the Deploy CLI at once; the answer then has `exitCode` 1. */
  signal?: AbortSignal
}

export interface DeployCliResult {
  /** 0 means that the Deploy CLI was content, which is not proof that the tenant is. */
  exitCode: number
  output: string
}

const PRELOAD = new URL('deploy-cli-preload.mjs', import.meta.url).href

/**
 * Runs `a0deploy import`, as it was installed. Secrets travel in its environment, never in argv. It
 * ends with this process, however that ends, and goes through the proxy that `HTTPS_PROXY` in `env`
 * names.
 */
export const runDeployCli = ({
  inputFile,
  env,
  onLine,
  signal,
}: DeployCliRun): Promise<DeployCliResult> =>
  new Promise((resolve, reject) => {
    const args = ['--import', PRELOAD, deployCliFile(), 'import', '--input_file', inputFile]
    const child = spawn(process.execPath, args, {
      env,
      cwd: dirname(inputFile),
      // The last one is never written to: the preload sees it close when this process is gone.
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    const [, stdout, stderr, held] = child.stdio
    held?.on('error', () => undefined)
    // It must not go on writing to the tenant when this process ends.
    const end = (): void => void child.kill('SIGKILL')
    process.once('exit', end)
    signal?.addEventListener('abort', end, { once: true })
    const lines: string[] = []
    for (const stream of [stdout, stderr].filter((output) => output !== null)) {
      createInterface({ input: stream }).on('line', (line) => {
        const text = line.replace(/^\S+Z - /, '')
        lines.push(text)
        onLine?.(text)
      })
    }
    child.on('error', reject)
    child.on('close', (code) => {
      process.off('exit', end)
      signal?.removeEventListener('abort', end)
      resolve({ exitCode: code ?? 1, output: lines.join('\n') })
    })
  })

const deployCliFile = (): string => {
  const packageFile = createRequire(import.meta.url).resolve('auth0-deploy-cli/package.json')
  return join(dirname(packageFile), 'lib', 'index.js')
}
