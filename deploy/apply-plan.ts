import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { DEPLOY_CLI_LIMITS, passOn, type Variables } from './environment.ts'
import { explainDeployCli } from './explain-deploy-cli.ts'
import { DeployFailure } from './failure.ts'
import type { ManagementApi } from './management-api.ts'
import { addBindings } from './merge-bindings.ts'
import { findAction, type Plan } from './plan-deployment.ts'
import { renderTenantFile } from './render-tenant-file.ts'
import type { Repository } from './repository.ts'
import type { runDeployCli } from './run-deploy-cli.ts'
import type { Tenant, TenantBinding } from './tenant.ts'
import { withTemporaryFolder } from './with-temporary-folder.ts'

export interface ApplyOptions {
  plan: Plan
  repository: Repository
  api: ManagementApi
  accessToken: string
  /** Values by name; each one that the plan sends must be there. */
  secrets: Readonly<Record<string, string>>
  /** The caller's environment, of which the Deploy CLI gets how to reach the tenant. */
  source: Variables
  runCli: typeof runDeployCli
  showDetail: (detail: string) => void
}

/** A 121-second build for each of a few Actions fits; a Deploy CLI that hangs does not. */
const CLI_TIMEOUT_MS = 15 * 60_000

/** How often others' changes and failed builds are looked for while the Deploy CLI runs. */
const WATCH_MS = 4000

/**
 * Lets the Deploy CLI write what the plan changes. Answers why it failed, or `undefined` when it
 * was content; either way only reading the tenant back tells what is in it.
 *
 * The Deploy CLI replaces the whole list of a trigger, and seconds lie between our reading and its
 * writing. A binding that others added in between is seen and put back.
 */
export const applyPlan = async (options: ApplyOptions): Promise<DeployFailure | undefined> => {
  const { plan, repository, api, accessToken, secrets, source, showDetail } = options
  const { files, secretNames } = renderTenantFile(plan, repository)
  const values = Object.fromEntries(secretNames.map((name) => [name, secrets[name] ?? '']))
  const redact = makeRedact([accessToken, ...Object.values(secrets)])
  const watched = watchTenant(plan, api)
  const result = await withTemporaryFolder(files, (folder) =>
    options
      .runCli({
        inputFile: join(folder, 'tenant.yaml'),
        env: {
          ...passOn(source),
          ...DEPLOY_CLI_LIMITS,
          AUTH0_DOMAIN: plan.domain,
          AUTH0_ACCESS_TOKEN: accessToken,
          ...values,
        },
        onLine: (line) => showDetail(redact(line)),
        signal: AbortSignal.any([AbortSignal.timeout(CLI_TIMEOUT_MS), watched.failed]),
      })
      .finally(() => watched.stop()),
  )
  const seen = await watched.stopped
  await putBack(plan, api, seen)
  if (watched.failed.aborted) return watched.failed.reason as DeployFailure
  return result.exitCode === 0
    ? undefined
    : explainDeployCli(result.exitCode, redact(result.output))
}

type Seen = Record<string, TenantBinding[]>

interface Watch {
  /** Aborts with a DeployFailure when a build of ours failed: the Deploy CLI would wait on. */
  failed: AbortSignal
  stop(): void
  /** The newest list of each trigger that held bindings which the plan does not know. */
  stopped: Promise<Seen>
}

const watchTenant = (plan: Plan, api: ManagementApi): Watch => {
  const failed = new AbortController()
  const stop = new AbortController()
  const triggers = plan.bindings.filter(({ changed }) => changed).map(({ trigger }) => trigger)
  const watch = async (): Promise<Seen> => {
    const seen: Seen = {}
    for (;;) {
      try {
        await wait(WATCH_MS, undefined, { signal: stop.signal })
      } catch {
        return seen
      }
      const tenant = await api.readTenant(triggers).catch(() => undefined)
      if (tenant === undefined) continue
      for (const trigger of triggers) {
        const list = tenant.bindings[trigger] ?? []
        if (strangersIn(plan, trigger, list).length > 0) seen[trigger] = list
      }
      const failure = failedBuild(plan, tenant)
      if (failure !== undefined) failed.abort(failure)
    }
  }
  return { failed: failed.signal, stop: () => stop.abort(), stopped: watch() }
}

const failedBuild = (plan: Plan, tenant: Tenant): DeployFailure | undefined => {
  const broken = plan.actions
    .filter(({ change, reasons }) => change !== 'unchanged' && !reasons.includes('build failed'))
    .map(({ name }) => findAction(tenant, name))
    .find((action) => action?.status === 'failed')
  return broken === undefined
    ? undefined
    : new DeployFailure(
        'build_failed',
        `The tenant could not build ${broken.name}: ${broken.buildErrors.join('; ') || 'it gives no reason'}`,
      )
}

/** Others' bindings that are in no list of the plan. */
const strangersIn = (plan: Plan, trigger: string, list: readonly TenantBinding[]): string[] => {
  const known = plan.bindings
    .filter((bindings) => bindings.trigger === trigger)
    .flatMap(({ before, after }) => [...before, ...after])
    .map(({ actionName }) => actionName)
  return list.map(({ actionName }) => actionName).filter((name) => !known.includes(name))
}

const putBack = async (plan: Plan, api: ManagementApi, seen: Seen): Promise<void> => {
  const triggers = Object.keys(seen)
  if (triggers.length === 0) return
  const now = await api.readTenant(triggers)
  for (const trigger of triggers) {
    const list = now.bindings[trigger] ?? []
    const lost = strangersIn(plan, trigger, seen[trigger] ?? [])
      .filter((name) => findAction(now, name) !== undefined)
      .filter((name) => !list.some(({ actionName }) => actionName === name))
    if (lost.length > 0) {
      await api.replaceBindings(trigger, addBindings(list, seen[trigger] ?? [], lost))
    }
  }
}

/** The Deploy CLI prints answers of the API; nothing of ours may be in a log whatever it prints. */
const makeRedact = (values: readonly string[]): ((text: string) => string) => {
  const hidden = values.filter((value) => value.length >= 4)
  return (text) => hidden.reduce((redacted, value) => redacted.replaceAll(value, '***'), text)
}
