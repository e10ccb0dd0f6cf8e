/** How every command of this repository prints and ends. */
import { CommandFailure, renderFailure } from './failure.ts'
import type { withProgress } from './progress.ts'
import { HelpAsked } from './read-arguments.ts'
import { forTerminal, oneLine } from './safe-text.ts'

/** 0 done or nothing to do, 1 failed, 2 there are changes. */
export type ExitCode = 0 | 1 | 2

export interface Terminal {
  args: readonly string[]
  /** The result: standard output. */
  print: (text: string) => void
  /** Everything else: standard error. */
  tell: (text: string) => void
  /** `undefined` when nobody can be asked. */
  ask?: (question: string) => Promise<boolean>
  progress?: typeof withProgress
}

type Work<Surroundings extends Terminal> = (surroundings: Surroundings) => Promise<ExitCode>

/**
 * Runs a command; a failure becomes one message with its code, and exit code 1. Whatever the command
 * prints is made safe here, so that no printer can forget to.
 */
export const runToExitCode = async <Surroundings extends Terminal>(
  work: Work<Surroundings>,
  unsafe: Surroundings,
): Promise<ExitCode> => {
  const surroundings = printingSafely(unsafe)
  try {
    return await work(surroundings)
  } catch (error) {
    if (error instanceof HelpAsked) {
      surroundings.print(error.usage)
      return 0
    }
    surroundings.tell(explain(error))
    return 1
  }
}

/** A stack only for what nobody expected. */
const explain = (error: unknown): string => {
  if (error instanceof CommandFailure) return renderFailure(error as CommandFailure)
  if (isFileError(error)) {
    return renderFailure(
      new CommandFailure(
        'file_failed',
        `${error.message}. Give this user the right to it and run again.`,
      ),
    )
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** Of the file system: the message names the file, and a stack says no more. */
const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  typeof error === 'object' && error !== null && 'syscall' in error && 'path' in error

const printingSafely = <Surroundings extends Terminal>(unsafe: Surroundings): Surroundings => {
  const { ask, progress } = unsafe
  const safeProgress: typeof withProgress | undefined =
    progress &&
    ((text, work) =>
      progress(oneLine(text), (showDetail) =>
        work((detail) => showDetail(forTerminal(oneLine(detail)))),
      ))
  return {
    ...unsafe,
    print: (text) => unsafe.print(forTerminal(text)),
    tell: (text) => unsafe.tell(forTerminal(text)),
    ...(ask && { ask: (question: string) => ask(oneLine(question)) }),
    ...(safeProgress && { progress: safeProgress }),
  }
}

/** Runs a command for this process. */
export const runHere = async (work: Work<Terminal>): Promise<void> => {
  process.exitCode = await runToExitCode(work, {
    args: process.argv.slice(2),
    print: (text) => console.log(text),
    tell: (text) => console.error(text),
  })
}
