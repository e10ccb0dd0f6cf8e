import { format } from 'node:util'

/** How many characters of its console output Auth0 keeps per Action and execution. */
const MAX_LOG_CHARACTERS = 256

export const LOG_LEVELS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const

export interface LogLine {
  level: string
  message: string
}

/**
 * Keeps the console lines of one run up to the limit. The line that exceeds it is cut, and those
 * after it are dropped.
 */
export class ActionLog {
  readonly lines: LogLine[] = []
  readonly #onLine: (line: LogLine) => void
  #left = MAX_LOG_CHARACTERS

  constructor(onLine: (line: LogLine) => void = () => undefined) {
    this.#onLine = onLine
  }

  write(level: string, args: unknown[]): void {
    if (this.#left <= 0) return
    const message = format(...args).slice(0, this.#left)
    this.#left -= message.length
    const line = { level, message }
    this.lines.push(line)
    this.#onLine(line)
  }
}
