import { appendFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { setTimeout as wait } from 'node:timers/promises'
import { applyPlan } from '../apply-plan.ts'
import { parseSecrets, type Variables } from '../environment.ts'
import { explainFailure } from '../explain-failure.ts'
import { DeployFailure } from '../failure.ts'
import type { ManagementApi } from '../management-api.ts'
import { hasChanges, planDeployment, type Plan, type PlanOptions } from '../plan-deployment.ts'
import { renderPlan } from '../render-plan.ts'
import { renderOutcomeMarkdown, renderOutcome, type Outcome } from '../render-outcome.ts'
import type { Repository } from '../repository.ts'
import { planRestore, restoreTenant } from '../restore-tenant.ts'
import type { Tenant } from '../tenant.ts'
import { verifyDeployment } from '../verify-deployment.ts'
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

/** How long to read again while the tenant still builds, or is behind after it said yes. */
const BUILD_WAIT_MS = 120_000
const SETTLE_WAIT_MS = 10_000
const READ_AGAIN_MS = 1000

/**
 * `npm run deploy`: validates, plans, shows the plan, asks, lets the Deploy CLI write what changed,
 * reads back, and brings the tenant back to how it was when it is not as planned.
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
    if (args.summary !== undefined) appendFileSync(args.summary, renderOutcomeMarkdown(outcome))
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
  const outcome = await write(command, source, read, options, secrets)
  finish(outcome)
  return outcome.kind === 'deployed' ? 0 : 1
}

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
  { repository, opened, plan }: ReadPlan,
  options: PlanOptions,
  secrets: Readonly<Record<string, string>>,
): Promise<Outcome> => {
  const { api, accessToken, domain } = opened
  const triggers = Object.keys(repository.bindings)
  // Somebody may have changed the tenant while the plan was read.
  const before = await api.readTenant(triggers)
  if (!isDeepStrictEqual(planDeployment(repository, before, options), plan)) {
    throw new DeployFailure(
      'tenant_changed',
      `${domain} changed since the plan was made. Nothing was deployed; run again to see the new plan.`,
    )
  }
  const startedAt = performance.now()
  let failure: DeployFailure | undefined
  if (needsDeployCli(plan)) {
    failure = await command.progress(`Deploying to ${domain} with the Deploy CLI`, (showDetail) =>
      applyPlan({
        plan,
        repository,
        api,
        accessToken,
        secrets,
        source,
        runCli: command.runCli,
        showDetail,
      }),
    )
    const problems = await command
      .progress(`Reading ${domain} back`, () =>
        readBack(api, plan, repository, failure === undefined),
      )
      .catch((error: unknown) => {
        throw unreadable(domain, failure, error)
      })
    if (problems.length > 0) {
      return restore(command, { api, plan, before, failure, problems })
    }
  }
  const deleted = await deleteActions(command, api, plan)
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  return {
    kind: 'deployed',
    plan,
    deleted,
    seconds,
    ...(failure !== undefined && { warning: failure.message }),
  }
}

const unreadable = (
  domain: string,
  failure: DeployFailure | undefined,
  error: unknown,
): DeployFailure => {
  const { code, message } = explainFailure(error, domain)
  return new DeployFailure(
    code,
    [
      ...(failure === undefined ? [] : [failure.message]),
      `${domain} was written to and cannot be read back: ${message}`,
      'Run the deploy again: it does what is missing.',
    ].join('\n'),
    { cause: error },
  )
}

const needsDeployCli = ({ actions, bindings }: Plan): boolean =>
  actions.some(({ change }) => change !== 'unchanged') || bindings.some(({ changed }) => changed)

const readBack = async (
  api: ManagementApi,
  plan: Plan,
  repository: Repository,
  isContent: boolean,
): Promise<string[]> => {
  const triggers = Object.keys(repository.bindings)
  const startedAt = performance.now()
  for (;;) {
    const tenant = await api.readTenant(triggers)
    const { problems, isBuilding } = verifyDeployment(plan, repository, tenant)
    const patience = isBuilding ? BUILD_WAIT_MS : isContent ? SETTLE_WAIT_MS : 0
    const buildFailed = problems.some((problem) => problem.includes('its build failed'))
    if (problems.length === 0 || buildFailed || performance.now() - startedAt > patience) {
      return problems
    }
    await wait(READ_AGAIN_MS)
  }
}

interface Failed {
  api: ManagementApi
  plan: Plan
  before: Tenant
  failure: DeployFailure | undefined
  problems: string[]
}

const restore = async (
  command: Command,
  { api, plan, before, failure, problems }: Failed,
): Promise<Outcome> => {
  const reason = failure ?? new DeployFailure('rolled_back', 'The tenant is not as planned.')
  command.tell(reason.message)
  return command.progress(`Bringing ${plan.domain} back to how it was`, async () => {
    const triggers = Object.keys(before.bindings)
    const { done, failed } = await restoreTenant(
      api,
      planRestore(plan, before, await api.readTenant(triggers)),
    )
    const rest = planRestore(plan, before, await api.readTenant(triggers))
    return {
      kind: 'restored',
      plan,
      code: reason.code,
      reason: reason.message,
      problems,
      done,
      failed: rest.length === 0 ? [] : failed,
    }
  })
}

const deleteActions = async (
  command: Command,
  api: ManagementApi,
  plan: Plan,
): Promise<string[]> => {
  const deleted: string[] = []
  for (const { name, id } of plan.deletions) {
    await api.deleteAction(id)
    command.tell(`Deleted ${name}.`)
    deleted.push(name)
  }
  return deleted
}
