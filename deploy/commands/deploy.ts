import { appendFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { readArguments } from '../../cli/read-arguments.ts'
import type { ExitCode } from '../../cli/run-command.ts'
import { applyPlan } from '../apply-plan.ts'
import { parseSecrets } from '../environment.ts'
import { adoptActions } from '../deployment-record.ts'
import { explainFailure } from '../explain-failure.ts'
import { DeployFailure } from '../failure.ts'
import { beforeWriting } from '../parse-tenant.ts'
import {
  aboutOurs,
  hasChanges,
  planDeployment,
  type Plan,
  type PlanOptions,
} from '../plan-deployment.ts'
import { recordDeploy, recordUndo } from '../record-deploy.ts'
import { describeRunner, type Runner } from '../record-file.ts'
import { renderPlan } from '../render-plan.ts'
import { renderOutcomeMarkdown, renderOutcome, type Outcome } from '../render-outcome.ts'
import type { Repository } from '../repository.ts'
import type { Tenant } from '../tenant.ts'
import { confirm, requireKnown, type Command } from './command.ts'
import { keepRecord } from './keep-record.ts'
import { preparePlan, type ReadPlan } from './prepare-plan.ts'
import { environmentFailure } from './validate.ts'

const USAGE = `npm run deploy [-- OPTIONS]
  --env NAME         the tenant of environments/NAME.json, with the variables of
                     NAME.env
  --yes              do not ask
  --only NAME        this Action only; may be repeated
  --rotate-secrets   send all secrets again
  --prune NAME       delete this Action, which tenant.yaml no longer lists; may
                     be repeated
  --expect HASH      refuse to deploy other bundles than those of this hash
  --expect-tenant HASH
                     refuse when versions, bindings or the record changed since
                     the plan that wrote this hash with --state
  --summary FILE     append a Markdown summary to FILE`

/**
 * `npm run deploy`: validates, plans, shows the plan, asks, writes what changed, reads back, and
 * takes back what it did when that fails. What others do meanwhile stays.
 */
export const deploy = async (command: Command): Promise<ExitCode> => {
  const args = readDeployArguments(command)
  const options: PlanOptions = {
    only: args.only,
    prune: args.prune,
    rotateSecrets: args['rotate-secrets'],
  }
  const read = await preparePlan(command, args.env, options, (repository) => {
    requireArguments(args, repository)
  })
  const { plan } = read
  requireState(plan.domain, read.state, args['expect-tenant'])
  command.print(renderPlan(plan))
  if (plan.problems.length > 0) {
    finish(command, args.summary, { kind: 'refused', plan })
    return 1
  }
  if (!hasChanges(plan)) return recordWhatIsLive(command, args, read)
  const secrets = requireSecrets(read, args.env)
  read.opened.requireScopes(scopesFor(plan))
  const runner = describeRunner(command.root, command.env, Date.now())
  if (!args.yes && !(await confirm(command, `Deploy this to ${plan.domain}?`))) {
    command.tell('Nothing was deployed.')
    return 1
  }
  command.leaves(
    `${plan.domain} was being written to: npm run plan shows what is there, and a deploy does the rest.`,
  )
  const { outcome, before } = await write(command, read, options, secrets)
  await recordOutcome(command, read, { outcome, before, runner })
  command.leaves('The deploy was over.')
  finish(command, args.summary, outcome)
  return outcome.kind === 'deployed' && outcome.left.length === 0 ? 0 : 1
}

type DeployArguments = ReturnType<typeof readDeployArguments>

const readDeployArguments = (command: Command) => {
  const args = readArguments(command.args, USAGE, {
    env: { type: 'string' },
    yes: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    prune: { type: 'string', multiple: true, default: [] },
    'rotate-secrets': { type: 'boolean', default: false },
    expect: { type: 'string' },
    'expect-tenant': { type: 'string' },
    summary: { type: 'string' },
  })
  if (args.expect !== undefined && !/^[0-9a-f]{12,64}$/i.test(args.expect)) {
    throw new DeployFailure(
      'arguments_wrong',
      `--expect takes the first 12 to 64 hexadecimal digits of the hash that npm run validate -- --hash prints, not "${args.expect}". Nothing was deployed.`,
    )
  }
  if (args.summary !== undefined) requireWritable(args.summary)
  return args
}

/** What the arguments say about the repository. */
const requireArguments = (
  { only, expect }: DeployArguments,
  { actions, bundlesHash }: Repository,
): void => {
  const known = actions.map(({ name }) => name)
  requireKnown(only, known, USAGE)
  if (expect === undefined || bundlesHash.startsWith(expect.toLowerCase())) return
  throw new DeployFailure(
    'repository_invalid',
    `--expect ${expect}: the bundles built here are ${bundlesHash}. Nothing was deployed.`,
  )
}

const finish = (command: Command, summary: string | undefined, outcome: Outcome): void => {
  command.print(renderOutcome(outcome))
  if (summary === undefined) return
  try {
    appendFileSync(summary, renderOutcomeMarkdown(outcome))
  } catch (error) {
    command.tell(`The summary is missing: ${describeUnwritable(summary, error)}`)
  }
}

/** All that a deploy has to do where nothing changed. */
const recordWhatIsLive = async (
  command: Command,
  { yes, summary }: DeployArguments,
  { plan, record, tenant }: ReadPlan,
): Promise<ExitCode> => {
  if (plan.unrecorded.length > 0) {
    if (!yes && !(await confirm(command, `Put what is live in ${plan.domain} on record?`))) {
      command.tell('Nothing was recorded.')
      return 1
    }
    const names = plan.unrecorded.map(({ action }) => action)
    keepRecord(command, adoptActions(record, tenant, names))
  }
  finish(command, summary, { kind: 'nothing', plan })
  return 0
}

const requireWritable = (file: string): void => {
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

const requireState = (domain: string, state: string, expected: string | undefined): void => {
  if (expected === undefined || expected.trim() === state) return
  if (!/^[0-9a-f]{64}$/.test(expected.trim())) {
    throw new DeployFailure(
      'arguments_wrong',
      '--expect-tenant takes the 64 hex digits that npm run plan -- --state FILE writes. Nothing was deployed.',
    )
  }
  throw new DeployFailure(
    'tenant_changed',
    `${domain} or its record changed since the plan that was agreed to: a deploy, a rollback or a change by hand. Nothing was deployed; make a new plan.`,
  )
}

const requireSecrets = (
  { source, repository, plan }: ReadPlan,
  env: string | undefined,
): Record<string, string> => {
  const names = repository.actions
    .filter(({ name }) =>
      plan.actions.some((action) => action.name === name && action.change !== 'unchanged'),
    )
    .flatMap(({ declaredSecrets }) => declaredSecrets)
  const parsed = parseSecrets(source, names)
  if (!parsed.ok) throw environmentFailure(parsed.problems, env)
  return parsed.value
}

const scopesFor = ({ deletions }: Plan): string[] => [
  'create:actions',
  'update:actions',
  ...(deletions.length > 0 ? ['delete:actions'] : []),
]

const write = async (
  command: Command,
  { source, repository, opened, plan: shown, record }: ReadPlan,
  options: PlanOptions,
  secrets: Readonly<Record<string, string>>,
): Promise<{ outcome: Outcome; before: Tenant }> => {
  const { api, accessToken, domain } = opened
  // Somebody may have changed ours while the plan was read. Changes to others' do not matter.
  const before = await beforeWriting(api.fetchTenant(Object.keys(repository.bindings)))
  const plan = planDeployment(repository, before, { ...options, record })
  if (!isDeepStrictEqual(aboutOurs(plan), aboutOurs(shown))) {
    throw new DeployFailure(
      'tenant_changed',
      `${domain} changed since the plan was made. Nothing was deployed; run again to see the new plan.`,
    )
  }
  const outcome = await applyPlan({
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
  return { outcome, before }
}

interface Written {
  outcome: Outcome
  before: Tenant
  runner: Runner
}

/** A deploy that is done stays a success when its record cannot be written. */
const recordOutcome = async (
  command: Command,
  { opened, repository, record }: ReadPlan,
  { outcome, before, runner }: Written,
): Promise<void> => {
  try {
    if (outcome.kind === 'deployed') {
      keepRecord(command, recordDeploy(record, { ...outcome, repository, before, runner }))
    } else if (outcome.kind === 'restored' && record !== undefined) {
      const names = outcome.done.actions.map(({ name }) => name)
      const after = await opened.api.fetchTenant([])
      keepRecord(command, recordUndo(record, names, before, after))
    }
  } catch (error) {
    command.tell(
      `What this run did is not on record: ${explainFailure(error, opened.domain).message} The next deploy sends it again.`,
    )
  }
}
