/** What all commands of `deploy/` share: where they act, and with what. */
import { createInterface } from 'node:readline/promises'
import { argumentsWrong } from '../../cli/read-arguments.ts'
import { withProgress } from '../../cli/progress.ts'
import { runToExitCode, type ExitCode, type Terminal } from '../../cli/run-command.ts'
import { forTerminal } from '../../cli/safe-text.ts'
import type { Variables } from '../environment.ts'
import { DeployFailure } from '../failure.ts'
import { readEnvironment } from '../read-environment.ts'
import { runDeployCli } from '../run-deploy-cli.ts'

/** What the commands of `deploy/` need of their surroundings. */
export interface Command extends Terminal {
  /** The project. */
  root: string
  /** The caller's environment, without what `--env` reads. */
  env: Variables
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

const askOnTerminal = async (question: string): Promise<boolean> => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim())
  } finally {
    terminal.close()
  }
}

/** Asks on the terminal. Without a terminal it fails, and `--yes` is the answer. */
export const confirm = async (command: Command, question: string): Promise<boolean> => {
  if (command.ask === undefined) {
    throw new DeployFailure(
      'arguments_wrong',
      'There is no terminal to ask on: read the plan, then run again with --yes.',
    )
  }
  return command.ask(question)
}

/** `known` are the Actions that `--only` may name. */
export const requireKnown = (
  only: readonly string[],
  known: readonly string[],
  usage: string,
): void => {
  const unknown = only.filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  throw argumentsWrong(
    `--only ${unknown.join(', ')}: there is no such Action in tenant.yaml; it has ${known.join(', ')}.`,
    usage,
  )
}

/** Those of the process or, with `--env`, of an environment; see `readEnvironment`. */
export const variablesOf = (command: Command, name: string | undefined): Variables =>
  name === undefined ? command.env : readEnvironment(command.root, name, command.env)
