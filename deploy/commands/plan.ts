import { writeFileSync } from 'node:fs'
import { readArguments } from '../../cli/read-arguments.ts'
import type { ExitCode } from '../../cli/run-command.ts'
import { safeJson } from '../../cli/safe-text.ts'
import { hasChanges, hasDrift, type Plan } from '../plan-deployment.ts'
import { renderPlan, renderPlanMarkdown, SECRETS_NOTE } from '../render-plan.ts'
import type { Command } from './command.ts'
import { preparePlan } from './prepare-plan.ts'

const usage = (
  name: string,
): string => `npm run ${name} [-- --env NAME --state FILE --json | --markdown]
  --env NAME    the tenant of environments/NAME.json, with the variables of
                NAME.env
  --json        the plan as data, diffs included
  --markdown    the plan for a pull request
  --state FILE  write what the plan was made for into FILE, for
                npm run deploy -- --expect-tenant
Exit code: 0 nothing to do, 2 changes, 1 error.`

/** `npm run plan`: what a deploy would do. Only reads. */
export const plan = (command: Command): Promise<ExitCode> => show(command, 'plan', hasChanges)

/**
 * `npm run drift`: the same for a schedule. Also counts what a deploy would leave alone: a draft
 * that somebody left in one of our Actions.
 */
export const drift = (command: Command): Promise<ExitCode> => show(command, 'drift', hasDrift)

const show = async (
  command: Command,
  name: string,
  differs: (plan: Plan) => boolean,
): Promise<ExitCode> => {
  const {
    env,
    json,
    markdown,
    state: file,
  } = readArguments(command.args, usage(name), {
    env: { type: 'string' },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    state: { type: 'string' },
  })
  const { plan: found, state } = await preparePlan(command, env, {})
  const changes = differs(found)
  if (file !== undefined) writeFileSync(file, `${state}\n`)
  if (json) command.print(safeJson({ schema: 1, changes, ...found }))
  else if (markdown) command.print(renderPlanMarkdown(found))
  else command.print(`${renderPlan(found)}\n${SECRETS_NOTE}`)
  if (found.problems.length > 0) return 1
  return changes ? 2 : 0
}
