import type { Problem, Result } from '../actions/shared/problem.ts'
import { renderProblems } from './problems.ts'

/**
 * Ends a command with exit code 1. The message says what happened and what to do, in one line; the
 * code never changes once it is released, so that a pipeline can react to it.
 */
export class CommandFailure<Code extends string = string> extends Error {
  readonly code: Code
  /** What stands below the message. */
  readonly details: string | undefined

  constructor(code: Code, message: string, options: ErrorOptions & { details?: string } = {}) {
    super(message, options)
    this.name = 'CommandFailure'
    this.code = code
    this.details = options.details
  }
}

/** A failure that lists every problem below its message. */
export const problemsFailure = (
  code: string,
  message: string,
  problems: readonly Problem[],
): CommandFailure => new CommandFailure(code, message, { details: renderProblems(problems) })

/** The value, or a failure that lists every problem. */
export const requireValue = <Value>(
  result: Result<Value>,
  code: string,
  message: string,
): Value => {
  if (result.ok) return result.value
  throw problemsFailure(code, message, result.problems)
}

/** No `instanceof`: code that runs in a context of its own has its own Error. */
export const messageOf = (error: unknown): string => {
  const message = (error as { message?: unknown } | null)?.message
  return typeof message === 'string' ? message : String(error)
}

/** What happened, what to do and the code, with the details below. */
export const renderFailure = ({ message, code, details }: CommandFailure): string =>
  [`${message} [${code}]`, ...(details === undefined ? [] : [details])].join('\n')
