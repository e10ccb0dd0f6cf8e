import { DeployFailure } from '../failure.ts'
import { openTenant } from '../open-tenant.ts'
import { parseConnection } from '../environment.ts'
import { findAction, sameContent } from '../plan-deployment.ts'
import { planRollback, type RollbackPlan } from '../plan-rollback.ts'
import { readOrigin } from '../read-origin.ts'
import { readTenant as readTenantFile } from '../../build.mjs'
import type { DeployedVersion } from '../tenant.ts'
import { readArguments, variablesOf, type Command, type ExitCode } from './command.ts'
import { environmentFailure } from './validate.ts'

const USAGE = `npm run rollback [-- OPTIONS]
  --env NAME     read environments/NAME.env
  --yes          do not ask
  --only NAME    this Action only; may be repeated
  --to VERSION   this version; goes with one --only`

/**
 * `npm run rollback`: deploys the previous version of each Action that the last deploy put live.
 * Bindings stay: Auth0 keeps no history of them. Needs no build, so it works when the build is what
 * is broken.
 */
export const rollback = async (command: Command): Promise<ExitCode> => {
  const args = readArguments(command, USAGE, {
    env: { type: 'string' },
    yes: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    to: { type: 'string' },
  })
  if (args.to !== undefined && !/^[1-9]\d*$/.test(args.to)) {
    throw new DeployFailure('arguments_wrong', `--to takes the number of a version\n\n${USAGE}`)
  }
  const source = variablesOf(command, args.env)
  const connection = parseConnection(source)
  if (!connection.ok) throw environmentFailure(connection.problems)
  const { actions } = await readTenantFile(command.root)
  const names = actions.map(({ name }) => name)

  const { opened, plan } = await command.progress(
    `Reading ${connection.value.domain}`,
    async () => {
      const opened = await openTenant(connection.value, source, command)
      opened.demandScopes(['read:actions', 'create:actions'])
      const tenant = await opened.api.readTenant([])
      const versions: Record<string, DeployedVersion[]> = {}
      for (const name of names) {
        const id = findAction(tenant, name)?.id
        if (id !== undefined && (args.only.length === 0 || args.only.includes(name))) {
          versions[name] = await opened.api.readVersions(id)
        }
      }
      const options = { only: args.only, ...(args.to !== undefined && { to: Number(args.to) }) }
      return { opened, plan: planRollback(names, tenant, versions, options) }
    },
  )
  command.print(renderRollback(plan, opened.domain))
  if (plan.problems.length > 0) return 1
  if (plan.steps.length === 0) return 0
  if (!args.yes) {
    if (command.ask === undefined) {
      throw new DeployFailure(
        'arguments_wrong',
        'There is no terminal to ask on: read the plan, then run again with --yes.',
      )
    }
    if (!(await command.ask(`Roll ${opened.domain} back?`))) {
      command.tell('Nothing was rolled back.')
      return 1
    }
  }
  command.leaves(`${opened.domain} was being rolled back: run it again to see what is left to do.`)
  return command.progress(`Rolling ${opened.domain} back`, async (): Promise<ExitCode> => {
    for (const { id, to } of plan.steps) await opened.api.deployVersion(id, to.id, true)
    const tenant = await opened.api.readTenant([])
    const wrong = plan.steps.filter(({ action, from, to }) => {
      const live = findAction(tenant, action)?.deployed
      return live === undefined || live.number <= from || !sameContent(live, to)
    })
    if (wrong.length > 0) {
      throw new DeployFailure(
        'tenant_failed',
        `Not rolled back: ${wrong.map(({ action }) => action).join(', ')}. Run again.`,
      )
    }
    const done = plan.steps.map(({ action, to }) => `${action} to version ${to.number}`).join(', ')
    command.print(`Rolled back and read back: ${done}.`)
    return 0
  })
}

const renderRollback = (plan: RollbackPlan, domain: string): string =>
  [
    `Rollback of ${domain}`,
    '',
    ...plan.steps.map(
      ({ action, from, to }) =>
        `~ ${action}: version ${from} -> the content and secrets of version ${to.number} (${to.createdAt.slice(0, 19)}Z, ${describeOrigin(action, to)})`,
    ),
    ...plan.left.map(({ action, why }) => `= ${action}: ${why}`),
    ...plan.problems.map((problem) => `! ${problem}`),
    ...(plan.steps.length === 0 && plan.problems.length === 0 ? ['Nothing to roll back.'] : []),
  ].join('\n')

const describeOrigin = (name: string, { code }: DeployedVersion): string => {
  const origin = readOrigin(name, code)
  if (origin.kind === 'unknown') return 'not a build of ours'
  const hash = `build ${origin.hash.slice(0, 12)}`
  return origin.kind === 'build' ? hash : `${hash}, edited since`
}
