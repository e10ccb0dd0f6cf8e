import { parseArgs, type ParseArgsConfig } from 'node:util'
import { CommandFailure, messageOf } from './failure.ts'

type Options = NonNullable<ParseArgsConfig['options']>

type Values<Known extends Options> = ReturnType<
  typeof parseArgs<{ options: Known; strict: true }>
>['values']

/** Ends a command with its usage and exit code 0. */
export class HelpAsked extends Error {
  readonly usage: string

  constructor(usage: string) {
    super('help')
    this.usage = usage
  }
}

/** What is wrong with the arguments, and the usage. */
export const argumentsWrong = (reason: string, usage: string): CommandFailure =>
  new CommandFailure('arguments_wrong', reason, { details: `\n${usage}` })

/**
 * Reads the arguments of a command. Throws `HelpAsked` for `--help`, `arguments_wrong` with the usage
 * for an option that `options` does not have and for more than `maxPositionals` other arguments.
 */
export const readArguments = <const Known extends Options>(
  args: readonly string[],
  usage: string,
  options: Known,
  maxPositionals = 0,
): Values<Known> & { positionals: string[] } => {
  if (args.includes('--help') || args.includes('-h')) throw new HelpAsked(usage)
  const { values, positionals } = parse(args, usage, options, maxPositionals > 0)
  if (positionals.length > maxPositionals) {
    throw argumentsWrong(
      `Unexpected argument '${positionals[maxPositionals] ?? ''}'. With npm run, options stand after --.`,
      usage,
    )
  }
  return { ...(values as Values<Known>), positionals }
}

const parse = (
  args: readonly string[],
  usage: string,
  options: Options,
  allowPositionals: boolean,
) => {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals })
  } catch (error) {
    throw argumentsWrong(messageOf(error), usage)
  }
}

/** The value of an option that takes one of a few words. */
export const readChoice = <Choice extends string>(
  option: string,
  value: string,
  choices: readonly Choice[],
  usage: string,
): Choice => {
  const chosen = choices.find((choice) => choice === value)
  if (chosen === undefined) {
    throw argumentsWrong(`${option} is one of ${choices.join(', ')}, not ${value}.`, usage)
  }
  return chosen
}
