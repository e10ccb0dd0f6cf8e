import { AsyncLocalStorage } from 'node:async_hooks'
import { LOG_LEVELS, type ActionLog } from './action-log.ts'

const logOfRun = new AsyncLocalStorage<ActionLog>()

/**
 * Runs `run` and puts its console lines into `log`. Other lines, and those of timers that outlive
 * their run, go to the console.
 */
export const captureConsole = async <Result>(
  log: ActionLog,
  run: () => Promise<Result>,
): Promise<Result> => {
  const restore = divertConsole()
  try {
    return await logOfRun.run(log, run)
  } finally {
    restore()
  }
}

let running = 0
let undivert = (): void => undefined

/** Replaces the console once for all concurrent runs; the last one to end puts it back. */
const divertConsole = (): (() => void) => {
  if (running === 0) {
    const own = { ...console }
    for (const level of LOG_LEVELS) {
      const passOn = console[level].bind(console)
      console[level] = (...args: unknown[]) => {
        const log = logOfRun.getStore()
        if (log === undefined) passOn(...args)
        else log.write(level, args)
      }
    }
    undivert = () => Object.assign(console, own)
  }
  running += 1
  return () => {
    running -= 1
    if (running === 0) undivert()
  }
}
