import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { LogLine } from '../api/action-log.ts'
import type { ApiResult } from '../api/result.ts'
import { messageOf } from '../json.ts'
import type { BoundAction } from './flow.ts'
import type { TracedCommand } from '../trace.ts'
import { workerBundle } from './worker-bundle.ts'
import type { RunRequest, WorkerMessage, WorkerSetup } from './worker-messages.ts'

/** What a run left behind, even one that failed or was stopped. */
export interface WorkerRun {
  /** What the handler asked for, or why it failed. */
  ended: { result: ApiResult } | { failure: string }
  commands: TracedCommand[]
  logs: LogLine[]
  durationMs: number
}

/** What holds for the workers of all Actions. */
export interface WorkerLimits {
  memoryMb: number
  /** PEM of a certificate authority to trust beside the public ones. */
  trustedCa?: string | undefined
}

/** What Auth0's users see when the time is over. */
const TIME_IS_OVER = 'Request to Webtask exceeded allowed execution time'

/** One version of one Action in a thread of its own, which is replaced when it dies. */
export class ActionWorker {
  readonly #setup: WorkerSetup
  readonly #memoryMb: number
  #thread: Promise<Worker> | undefined
  #queue: Promise<unknown> = Promise.resolve()
  #closed = false
  #runs = 0

  constructor(action: BoundAction, { memoryMb, trustedCa }: WorkerLimits) {
    this.#setup = {
      name: action.name,
      code: action.code,
      dependencies: action.dependencies.map(({ name }) => name),
      requireFrom: fileURLToPath(new URL('../../package.json', import.meta.url)),
      ...(trustedCa === undefined ? {} : { trustedCa }),
    }
    this.#memoryMb = memoryMb
  }

  /**
   * Runs one handler, after the runs asked for before. `limitMs` begins when the thread is ready.
   * Whatever the Action does, the answer is a value.
   */
  run(request: Omit<RunRequest, 'run'>, limitMs: number): Promise<WorkerRun> {
    const numbered = { ...request, run: (this.#runs += 1) }
    const turn = this.#queue.then(() => this.#runInThread(numbered, limitMs))
    this.#queue = turn
    return turn
  }

  /** Ends the thread at once; a run that is going on fails. */
  async close(): Promise<void> {
    this.#closed = true
    const thread = await this.#thread?.catch(() => undefined)
    await thread?.terminate()
  }

  /** Ends the thread after the runs already asked for. */
  async retire(): Promise<void> {
    await this.#queue
    await this.close()
  }

  async #runInThread(request: RunRequest, limitMs: number): Promise<WorkerRun> {
    try {
      // Twice, because a leftover of an earlier run may kill the thread before this run starts.
      for (let attempt = 0; attempt < 2 && !this.#closed; attempt += 1) {
        const run = await this.#attempt(request, limitMs)
        if (run !== 'not started') return run
      }
    } catch (error) {
      return failedRun(messageOf(error))
    }
    return failedRun('The worker of the Action was ended.')
  }

  async #attempt(request: RunRequest, limitMs: number): Promise<WorkerRun | 'not started'> {
    const thread = await this.#readyThread()
    const commands: TracedCommand[] = []
    const logs: LogLine[] = []
    const begin = performance.now()
    let started = false
    let cause: string | undefined
    // Throws for an event that cannot be cloned, so it comes before the listeners.
    thread.postMessage(request)
    return new Promise((resolve) => {
      const end = (ended: WorkerRun['ended'] | undefined): void => {
        clearTimeout(timer)
        thread.off('message', onMessage).off('error', onError).off('exit', onExit)
        const durationMs = performance.now() - begin
        resolve(ended === undefined ? 'not started' : { ended, commands, logs, durationMs })
      }
      const onMessage = (message: WorkerMessage | null | undefined): void => {
        // The code of the Action can post anything too.
        if (!message || message.kind === 'ready' || message.run !== request.run) return
        if (message.kind === 'started') started = true
        else if (message.kind === 'log') logs.push(message.line)
        else if (message.kind === 'command') commands.push(message.command)
        else if (message.kind === 'done') end({ result: message.result })
        else end({ failure: message.reason })
      }
      const onError = (error: unknown): void => {
        cause = messageOf(error)
      }
      const onExit = (code: number): void => {
        const failure = cause ?? `The Action ended its process with code ${code}.`
        end(started ? { failure } : undefined)
      }
      const timer = setTimeout(() => {
        started = true
        cause = TIME_IS_OVER
        // Emits `exit`, which ends the run.
        void thread.terminate()
      }, limitMs)
      thread.on('message', onMessage).on('error', onError).on('exit', onExit)
    })
  }

  async #readyThread(): Promise<Worker> {
    if (this.#thread === undefined) {
      const starting = this.#startThread(() => {
        if (this.#thread === starting) this.#thread = undefined
      })
      this.#thread = starting
    }
    return this.#thread
  }

  async #startThread(onEnd: () => void): Promise<Worker> {
    const thread = new Worker(workerBundle(), {
      eval: true,
      name: this.#setup.name,
      workerData: this.#setup,
      env: {},
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: this.#memoryMb },
    })
    // Output that bypasses the console is dropped; unread, it would fill the memory.
    thread.stdout.resume()
    thread.stderr.resume()
    await new Promise<void>((resolve, reject) => {
      thread.once('message', () => resolve())
      thread.on('error', reject)
      thread.once('exit', () => {
        onEnd()
        reject(new Error('The worker of the Action could not be started.'))
      })
    })
    return thread
  }
}

const failedRun = (failure: string): WorkerRun => ({
  ended: { failure },
  commands: [],
  logs: [],
  durationMs: 0,
})
