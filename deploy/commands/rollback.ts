import { isDeepStrictEqual } from 'node:util'
import { messageOf } from '../../cli/failure.ts'
import { argumentsWrong, readArguments } from '../../cli/read-arguments.ts'
import type { ExitCode } from '../../cli/run-command.ts'
import { loadTenantFile } from '../../build/tenant-file.ts'
import {
  adoptActions,
  recordAction,
  recordRun,
  refTo,
  type DeploymentRecord,
  type RecordedAction,
  type RecordedRun,
} from '../deployment-record.ts'
import { parseConnection } from '../environment.ts'
import { DeployFailure } from '../failure.ts'
import type { ManagementApi } from '../management-api.ts'
import { changeBindings } from '../merge-bindings.ts'
import { openTenant, type OpenTenant } from '../open-tenant.ts'
import { findAction, sameVersion } from '../plan-deployment.ts'
import {
  planRollback,
  type RollbackFacts,
  type RollbackOptions,
  type RollbackPlan,
} from '../plan-rollback.ts'
import { describeRunner, loadRecord, type Runner } from '../record-file.ts'
import { renderRollback } from '../render-rollback.ts'
import type { DeployedVersion } from '../tenant.ts'
import { writeBindings } from '../write-bindings.ts'
import { confirm, requireKnown, variablesOf, type Command } from './command.ts'
import { keepRecord } from './keep-record.ts'
import { environmentFailure } from './validate.ts'

const USAGE = `npm run rollback [-- OPTIONS]
  --env NAME     the tenant of environments/NAME.json, with the variables of
                 NAME.env
  --yes          do not ask
  --only NAME    this Action only; may be repeated
  --to VERSION   this version; goes with one --only`

/**
 * `npm run rollback`: takes back what the last deploy on record did. Needs no build, so it works
 * when the build is what is broken.
 */
export const rollback = async (command: Command): Promise<ExitCode> => {
  const args = readRollbackArguments(command)
  const source = variablesOf(command, args.env)
  const connection = parseConnection(source)
  if (!connection.ok) throw environmentFailure(connection.problems, args.env)
  const { domain } = connection.value
  const { actions } = await loadTenantFile(command.root)
  const names = actions.map(({ name }) => name)
  const record = loadRecord(command.root, domain)
  const recorded = (record?.lastRun?.actions ?? []).map(({ name }) => name)
  requireKnown(args.only, [...names, ...recorded], USAGE)
  const options: RollbackOptions = {
    only: args.only,
    ...(args.to !== undefined && { to: Number(args.to) }),
  }
  const read = async (opened: OpenTenant) => {
    const facts = await readFacts(opened.api, names, record)
    return { opened, facts, plan: planRollback(facts, options) }
  }

  const { opened, plan } = await command.progress(`Reading ${domain}`, async () => {
    const tenant = await openTenant(connection.value, source, command)
    tenant.requireScopes(['read:actions'])
    return read(tenant)
  })
  command.print(renderRollback(plan, domain, args.env))
  if (plan.problems.length > 0 || isEmpty(plan)) return 1
  opened.requireScopes(scopesFor(plan))
  if (!args.yes && !(await confirm(command, `Roll ${domain} back?`))) {
    command.tell('Nothing was rolled back.')
    return 1
  }
  command.leaves(`${domain} was being rolled back: run it again to see what is left to do.`)
  return command.progress(`Rolling ${domain} back`, async () => {
    const now = await read(opened)
    if (!isDeepStrictEqual(now.plan, plan)) {
      throw new DeployFailure(
        'tenant_changed',
        `${domain} changed since this was read. Nothing was rolled back; run again.`,
      )
    }
    return takeBackAndRecord(command, now, record)
  })
}

const readRollbackArguments = (command: Command) => {
  const args = readArguments(command.args, USAGE, {
    env: { type: 'string' },
    yes: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    to: { type: 'string' },
  })
  if (args.to !== undefined && !/^[1-9]\d*$/.test(args.to)) {
    throw argumentsWrong('--to takes the number of a version.', USAGE)
  }
  if (args.to !== undefined && args.only.length !== 1) {
    throw argumentsWrong(
      '--to NUMBER goes with one --only NAME: each Action counts its own versions.',
      USAGE,
    )
  }
  return args
}

const takeBackAndRecord = async (
  command: Command,
  { opened, facts, plan }: { opened: OpenTenant; facts: RollbackFacts; plan: RollbackPlan },
  record: DeploymentRecord | undefined,
): Promise<ExitCode> => {
  const runner = describeRunner(command.root, command.env, Date.now())
  const { live, done, failed, run } = await takeBack(opened, plan, runner)
  const names = plan.steps.map(({ action }) => action)
  const known = adoptActions(record, facts.tenant, names)
  if (done.length > 0) {
    keepRecord(command, recordRun(known, opened.domain, run, live))
    command.print(`Rolled back and read back: ${done.join(', ')}.`)
  }
  if (failed.length === 0) return 0
  throw new DeployFailure('tenant_failed', 'Not all of it was rolled back. Run it again:', {
    details: failed.map((line) => `  ${line}`).join('\n'),
  })
}

const readFacts = async (
  api: ManagementApi,
  names: readonly string[],
  record: DeploymentRecord | undefined,
): Promise<RollbackFacts> => {
  const run = record?.lastRun
  const tenant = await api.fetchTenant((run?.bindings ?? []).map(({ trigger }) => trigger))
  const versions: Record<string, DeployedVersion[]> = {}
  for (const name of new Set([...names, ...(run?.actions ?? []).map((change) => change.name)])) {
    const id = findAction(tenant, name)?.id
    if (id !== undefined) versions[name] = await api.readVersions(id)
  }
  return { names, tenant, versions, record }
}

const isEmpty = ({ steps, bindings, deletions }: RollbackPlan): boolean =>
  steps.length + bindings.length + deletions.length === 0

const scopesFor = ({ steps, bindings, deletions }: RollbackPlan): string[] => [
  ...(steps.length > 0 ? ['create:actions'] : []),
  ...(bindings.length > 0 ? ['update:actions'] : []),
  ...(deletions.length > 0 ? ['delete:actions'] : []),
]

interface TakenBack {
  /** What is live of it. */
  live: { name: string; action: RecordedAction }[]
  /** What was done and read back, and what was not, a few words each. */
  done: string[]
  failed: string[]
  run: RecordedRun
}

/** Bindings first, so that nothing is bound that is about to be deleted; goes on after a failure. */
const takeBack = async (
  { api }: OpenTenant,
  plan: RollbackPlan,
  runner: Runner,
): Promise<TakenBack> => {
  const run: RecordedRun = { ...runner, kind: 'rollback', actions: [], bindings: [] }
  const live: TakenBack['live'] = []
  const done: string[] = []
  const reasons = new Map<string, string>()
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      reasons.set(what, messageOf(error))
    }
  }
  for (const { trigger, from, to } of plan.bindings) {
    await attempt(trigger, async () => {
      await writeBindings(api, trigger, (current) => changeBindings(current, from, to).bindings)
      run.bindings.push({ trigger, before: from, after: to })
      done.push(`${trigger} bound as before`)
    })
  }
  for (const { action, id, to, updateDraft } of plan.steps) {
    await attempt(action, () => api.deployVersion(id, to.id, updateDraft))
  }
  for (const { action, id } of plan.deletions) await attempt(action, () => api.deleteAction(id))

  const after = await api.fetchTenant([])
  for (const { action, id, from, to, revived } of plan.steps) {
    const found = findAction(after, action)
    const made = found?.deployed
    if (made === undefined || made.number <= from.number || !sameVersion(made, to)) {
      if (!reasons.has(action)) reasons.set(action, 'another version is live')
      continue
    }
    reasons.delete(action)
    if (found !== undefined) live.push({ name: action, action: recordAction(found, made) })
    done.push(`${action} to version ${to.number}`)
    run.actions.push({
      name: action,
      id,
      before: from,
      after: refTo(made),
      created: false,
      ...(revived.length > 0 && { revived: revived.map(({ name }) => name) }),
    })
  }
  for (const { action, id, version } of plan.deletions) {
    if (after.actions.some((found) => found.id === id)) continue
    reasons.delete(action)
    done.push(`${action} deleted`)
    run.actions.push({ name: action, id, before: version, created: false })
  }
  return { live, done, failed: Array.from(reasons, (reason) => reason.join(': ')), run }
}
