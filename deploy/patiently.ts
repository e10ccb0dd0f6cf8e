import { setTimeout as wait } from 'node:timers/promises'
import pRetry from 'p-retry'
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

export interface Retries {
  /** How often a failure is tried again. */
  readonly retries: number
  /** It doubles each time. */
  readonly firstPauseMs: number
  /** Whether a failure may be gone the next time. */
  readonly mayPass: (error: unknown) => boolean
}

/** Tries again what failed. A failure that stays, or that cannot pass, is thrown. */
export const tryAgain = <Value>(
  attempt: () => Promise<Value>,
  { retries, firstPauseMs, mayPass }: Retries,
): Promise<Value> =>
  pRetry(attempt, {
    retries,
    minTimeout: firstPauseMs,
    shouldRetry: ({ error }) => mayPass(error),
  })

/**
 * For a write that must not simply be sent again: `attempt` looks at the tenant each time and
 * decides anew what there is to write.
 */
export const decideAgain = <Value>(attempt: () => Promise<Value>): Promise<Value> =>
  tryAgain(attempt, { retries: 3, firstPauseMs: 2 * FIRST_PAUSE_MS, mayPass })

const FINAL = ['bad_credentials', 'build_failed', 'scope_missing', 'tenant_changed']

const mayPass = (error: unknown): boolean =>
  error instanceof DeployFailure && !FINAL.includes(error.code)
