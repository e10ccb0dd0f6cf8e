import { setTimeout as wait } from 'node:timers/promises'
import { DeployFailure } from './failure.ts'

const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 1000

/** Asks again, in growing pauses, until `isDone` or `patienceMs` are over. Answers the last answer. */
export const readUntil = async <Value>(
  read: () => Promise<Value>,
  isDone: (value: Value) => boolean,
  patienceMs: (value: Value) => number,
): Promise<Value> => {
  const startedAt = performance.now()
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const value = await read()
    if (isDone(value) || performance.now() - startedAt > patienceMs(value)) return value
    await wait(pause)
  }
}

const ATTEMPTS = 4

/**
 * Tries again what failed. For a write that must not simply be sent again: `attempt` looks at the
 * tenant each time and decides anew what there is to write.
 */
export const tryAgain = async <Value>(attempt: () => Promise<Value>): Promise<Value> => {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (count === ATTEMPTS || !mayPass(error)) throw error
      await wait(FIRST_PAUSE_MS * 2 ** count)
    }
  }
}

const FINAL = ['bad_credentials', 'build_failed', 'scope_missing', 'tenant_changed']

const mayPass = (error: unknown): boolean =>
  error instanceof DeployFailure && !FINAL.includes(error.code)
