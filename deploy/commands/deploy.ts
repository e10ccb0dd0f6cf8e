import { appendFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { applyPlan } from '../apply-plan.ts'
import { parseSecrets, type Variables } from '../environment.ts'
import { DeployFailure } from '../failure.ts'
import { beforeWriting } from '../parse-tenant.ts'
import {
  aboutOurs,
  hasChanges,
  planDeployment,
  type Plan,
  type PlanOptions,
} from '../plan-deployment.ts'
import { renderPlan } from '../render-plan.ts'
import { renderOutcomeMarkdown, renderOutcome, type Outcome } from '../render-outcome.ts'
import type { Repository } from '../repository.ts'
import { readArguments, variablesOf, type Command, type ExitCode } from './command.ts'
import { readPlan, type ReadPlan } from './read-plan.ts'
import { environmentFailure } from './validate.ts'

const USAGE = `npm run deploy [-- OPTIONS]
  --env NAME         read environments/NAME.env
  --yes              do not ask
  --only NAME        this Action only; may be repeated
  --rotate-secrets   send all secrets again
  --prune NAME       delete this Action, which tenant.yaml no longer lists; may be repeated
  --expect HASH      refuse to deploy other bundles than those of this hash
  --summary FILE     append a Markdown summary to FILE`

/**
 * `npm run deploy`: validates, plans, shows the plan, asks, writes what changed, reads back, and
 * takes back what it did when that fails. What others do meanwhile stays.
 */
export const deploy = async (command: Command): Promise<ExitCode> => {
  const args = readArguments(command, USAGE, {
    env: { type: 'string' },
    yes: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    prune: { type: 'string', multiple: true, default: [] },
    'rotate-secrets': { type: 'boolean', default: false },
    expect: { type: 'string' },
    summary: { type: 'string' },
  })
  if (args.expect !== undefined && !/^[0-9a-f]{12,64}$/i.test(args.expect)) {
    throw new DeployFailure(
      'arguments_wrong',
      `--expect takes the first 12 to 64 hexadecimal digits of the hash that npm run validate -- --hash prints, not "${args.expect}". Nothing was deployed.`,
    )
  }
  if (args.summary !== undefined) demandWritable(args.summary)
  const source = variablesOf(command, args.env)
  const options: PlanOptions = {
    only: args.only,
    prune: args.prune,
    rotateSecrets: args['rotate-secrets'],
  }
  const read = await readPlan(command, source, options)
  const { plan, repository } = read
  if (args.expect !== undefined && !repository.bundlesHash.startsWith(args.expect.toLowerCase())) {
    throw new DeployFailure(
      'repository_invalid',
      `--expect ${args.expect}: the bundles built here are ${repository.bundlesHash}. Nothing was deployed.`,
    )
  }
  const finish = (outcome: Outcome): void => {
    command.print(renderOutcome(outcome))
    if (args.summary === undefined) return
    try {
      appendFileSync(args.summary, renderOutcomeMarkdown(outcome))
    } catch (error) {
      command.tell(`The summary is missing: ${describeUnwritable(args.summary, error)}`)
    }
  }
  command.print(renderPlan(plan))
  if (plan.problems.length > 0) {
    finish({ kind: 'refused', plan })
    return 1
  }
  if (!hasChanges(plan)) {
    finish({ kind: 'nothing', plan })
    return 0
  }
  const secrets = demandSecrets(source, repository, plan)
  read.opened.demandScopes(scopesFor(plan))
  if (!args.yes && !(await confirm(command, plan))) {
    command.tell('Nothing was deployed.')
    return 1
  }
  command.leaves(
    `${plan.domain} was being written to: npm run plan shows what is there, and a deploy does the rest.`,
  )
  const outcome = await write(command, source, read, options, secrets)
  command.leaves('The deploy was over.')
  finish(outcome)
  return outcome.kind === 'deployed' && outcome.left.length === 0 ? 0 : 1
}

const demandWritable = (file: string): void => {
  try {
    appendFileSync(file, '')
  } catch (error) {
    throw new DeployFailure(
      'arguments_wrong',
      `--summary: ${describeUnwritable(file, error)} Nothing was deployed.`,
    )
  }
}

const describeUnwritable = (file: string, error: unknown): string =>
  `${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}). Name a file in a folder that this user may write to.`

const demandSecrets = (
  source: Variables,
  repository: Repository,
  plan: Plan,
): Record<string, string> => {
  const names = repository.actions
    .filter(({ name }) =>
      plan.actions.some((action) => action.name === name && action.change !== 'unchanged'),
    )
    .flatMap(({ declaredSecrets }) => declaredSecrets)
  const parsed = parseSecrets(source, names)
  if (!parsed.ok) throw environmentFailure(parsed.problems)
  return parsed.value
}

const scopesFor = ({ deletions }: Plan): string[] => [
  'create:actions',
  'update:actions',
  ...(deletions.length > 0 ? ['delete:actions'] : []),
]

const confirm = async (command: Command, plan: Plan): Promise<boolean> => {
  if (command.ask === undefined) {
    throw new DeployFailure(
      'arguments_wrong',
      'There is no terminal to ask on: read the plan, then run again with --yes.',
    )
  }
  return command.ask(`Deploy this to ${plan.domain}?`)
}

const write = async (
  command: Command,
  source: Variables,
  { repository, opened, plan: shown }: ReadPlan,
  options: PlanOptions,
  secrets: Readonly<Record<string, string>>,
): Promise<Outcome> => {
  const { api, accessToken, domain } = opened
  // Somebody may have changed ours while the plan was read. What others did to theirs is no matter.
  const before = await beforeWriting(api.readTenant(Object.keys(repository.bindings)))
  const plan = planDeployment(repository, before, options)
  if (!isDeepStrictEqual(aboutOurs(plan), aboutOurs(shown))) {
    throw new DeployFailure(
      'tenant_changed',
      `${domain} changed since the plan was made. Nothing was deployed; run again to see the new plan.`,
    )
  }
  return applyPlan({
    plan,
    repository,
    before,
    api,
    accessToken,
    secrets,
    source,
    runCli: command.runCli,
    progress: command.progress,
    tell: command.tell,
  })
}
