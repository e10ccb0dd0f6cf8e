/** What all commands of `deploy/` share: where they act, how they print, how they end. */
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { createInterface } from 'node:readline/promises'
import type { Variables } from '../environment.ts'
import { readEnvironment } from '../read-environment.ts'
import { DeployFailure } from '../failure.ts'
import { withProgress } from '../progress.ts'
import { runDeployCli } from '../run-deploy-cli.ts'
import { forTerminal, oneLine } from '../safe-text.ts'

/** 0 done or nothing to do, 1 failed, 2 there are changes. */
export type ExitCode = 0 | 1 | 2

export interface Command {
  /** The project. */
  root: string
  args: readonly string[]
  /** The caller's environment, without what `--env` reads. */
  env: Variables
  /** The result: standard output. */
  print: (text: string) => void
  /** What goes on meanwhile: standard error. */
  tell: (text: string) => void
  /** `undefined` when nobody can be asked. */
  ask?: (question: string) => Promise<boolean>
  progress: typeof withProgress
  /** Says what the tenant is left with if a signal ends the command from now on. */
  leaves: (state: string) => void
  fetch: typeof fetch
  runCli: typeof runDeployCli
}

const root = import.meta.dirname.replace(/\/deploy\/commands$/, '')

/** Runs a command for this process and sets its exit code. */
export const runCommand = async (
  work: (command: Command) => Promise<ExitCode>,
  overrides: Partial<Command> = {},
): Promise<void> => {
  let left = 'Nothing was written to the tenant.'
  // Without a listener a signal ends the process before temporary files are removed.
  for (const [signal, code] of [
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      process.stderr.write(`\nStopped by ${signal}. ${left}\n`)
      process.exit(code)
    })
  }
  const printResult = keepStandardOutput()
  const command: Command = {
    root,
    args: process.argv.slice(2),
    env: process.env,
    print: printResult,
    tell: (text) => console.error(text),
    ...(process.stdin.isTTY && { ask: askOnTerminal }),
    progress: withProgress,
    leaves: (state) => {
      left = forTerminal(state)
    },
    fetch,
    runCli: runDeployCli,
    ...overrides,
  }
  process.exitCode = await runToExitCode(work, command)
}

/**
 * Leaves standard output to the result. What an Action or a settings file prints while it is loaded
 * goes to standard error: a pipeline reads the hash and the JSON.
 */
const keepStandardOutput = (): ((text: string) => void) => {
  const { stdout, stderr } = process
  const write = stdout.write.bind(stdout)
  stdout.write = stderr.write.bind(stderr)
  return (text) => void write(`${text}\n`)
}

/**
 * Runs a command; a failure becomes one message and exit code 1. Whatever the command prints is
 * made safe here, so that no printer can forget to.
 */
export const runToExitCode = async (
  work: (command: Command) => Promise<ExitCode>,
  unsafe: Command,
): Promise<ExitCode> => {
  const command = printingSafely(unsafe)
  try {
    return await work(command)
  } catch (error) {
    if (error instanceof DeployFailure) command.tell(`${error.message} [${error.code}]`)
    else if (isFileError(error)) {
      command.tell(`${error.message}. Give this user the right to it and run again. [file_failed]`)
    } else command.tell(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return 1
  }
}

/** Of the file system: the message names the file, and a stack says no more. */
const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  typeof error === 'object' && error !== null && 'syscall' in error && 'path' in error

const printingSafely = (command: Command): Command => {
  const { ask } = command
  return {
    ...command,
    print: (text) => command.print(forTerminal(text)),
    tell: (text) => command.tell(forTerminal(text)),
    ...(ask !== undefined && { ask: (question: string) => ask(oneLine(question)) }),
    progress: (text, work) =>
      command.progress(oneLine(text), (showDetail) =>
        work((detail) => showDetail(forTerminal(oneLine(detail)))),
      ),
  }
}

const askOnTerminal = async (question: string): Promise<boolean> => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim())
  } finally {
    terminal.close()
  }
}

type Options = NonNullable<ParseArgsConfig['options']>

/** Reads the arguments, or fails with `arguments_wrong` and the usage. */
export const readArguments = <Known extends Options>(
  { args }: Command,
  usage: string,
  options: Known,
) => {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new DeployFailure('arguments_wrong', `${reason}\n\n${usage}`)
  }
}

/** Those of the process or, with `--env`, of an environment; see `readEnvironment`. */
export const variablesOf = (command: Command, name: string | undefined): Variables =>
  name === undefined ? command.env : readEnvironment(command.root, name, command.env)
