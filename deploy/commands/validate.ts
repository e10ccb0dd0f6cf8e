import type { Problem } from '../../actions/shared/problem.ts'
import { problemsFailure, type CommandFailure } from '../../cli/failure.ts'
import { readArguments } from '../../cli/read-arguments.ts'
import type { ExitCode } from '../../cli/run-command.ts'
import { buildRefused, tellWarnings } from '../../build/render-report.ts'
import { parseConnection, parseSecrets } from '../environment.ts'
import { readRepository, type Repository } from '../repository.ts'
import { variablesOf, type Command } from './command.ts'

const USAGE = `npm run validate [-- --env NAME --no-secrets --hash]
  --env NAME     the tenant of environments/NAME.json, with the variables of
                 NAME.env
  --no-secrets   do not look for credentials and secrets, as in a pull request
                 from a fork
  --hash         print the hash of the bundles and nothing else`

/** `npm run validate`: everything that can be checked without a tenant. */
export const validate = async (command: Command): Promise<ExitCode> => {
  const {
    env,
    hash,
    'no-secrets': noSecrets,
  } = readArguments(command.args, USAGE, {
    env: { type: 'string' },
    'no-secrets': { type: 'boolean', default: false },
    hash: { type: 'boolean', default: false },
  })
  const startedAt = performance.now()
  const source = variablesOf(command, env)
  const repository = await requireRepository(command)
  const names = repository.actions.flatMap(({ declaredSecrets }) => declaredSecrets)
  const hasEnvironment =
    env !== undefined || ['AUTH0_DOMAIN', ...names].some((name) => source[name] !== undefined)
  if (!noSecrets && hasEnvironment) {
    const parsed = [parseConnection(source), parseSecrets(source, names)]
    const problems = parsed.flatMap((one) => (one.ok ? [] : one.problems))
    if (problems.length > 0) throw environmentFailure(problems, env)
  }
  const milliseconds = Math.round(performance.now() - startedAt)
  if (hash) {
    command.print(repository.bundlesHash)
    return 0
  }
  command.print(
    `Valid: ${repository.actions.length} Actions, bundles sha256:${repository.bundlesHash.slice(0, 12)}, ` +
      `${noSecrets || !hasEnvironment ? 'secrets not looked at' : 'credentials and secrets present'} (${milliseconds} ms).`,
  )
  if (!noSecrets && !hasEnvironment) {
    command.print(
      'With --env NAME the domain, the credentials and the secrets are checked too:\n' +
        'fill in environments/NAME.json and NAME.env.',
    )
  }
  return 0
}

/** `name` is that of `--env`, if it was given. */
export const environmentFailure = (
  problems: readonly Problem[],
  name: string | undefined,
): CommandFailure =>
  problemsFailure(
    'environment_incomplete',
    name === undefined
      ? 'Set these variables, or fill in environments/NAME.env and say --env NAME.'
      : `Set these variables, or fill in environments/${name}.env.`,
    problems,
  )

/** Builds and checks the project, failing with every problem. */
export const requireRepository = async ({
  root,
  tell,
}: Pick<Command, 'root' | 'tell'>): Promise<Repository> => {
  const read = await readRepository(root)
  if (!read.ok) throw buildRefused(read.problems)
  tellWarnings(read.value.warnings, tell)
  return read.value
}
