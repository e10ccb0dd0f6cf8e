import { showDate } from './compare-with-record.ts'
import type { RollbackPlan } from './plan-rollback.ts'
import { readOrigin } from './read-origin.ts'
import { renderProblems } from '../cli/problems.ts'
import { oneLineStrings } from '../cli/safe-text.ts'
import type { DeployedVersion } from './tenant.ts'

/** What a rollback would do, for a terminal. */
export const renderRollback = (unsafe: RollbackPlan, domain: string, env?: string): string => {
  const plan = oneLineStrings(unsafe, ['code'])
  const isEmpty = plan.steps.length + plan.bindings.length + plan.deletions.length === 0
  return [
    `Rollback of ${domain}`,
    '',
    ...plan.steps.flatMap(({ action, from, to, updateDraft, revived }) => [
      `~ ${action}: version ${from.number} -> the content and secrets of version ${describeVersion(action, to)}`,
      ...revived.map(
        (secret) =>
          `    secret ${secret.name}: the value of ${showDate(secret.from)} is replaced by an OLDER one of ${showDate(secret.to)}; the next deploy sends the current one again`,
      ),
      ...(updateDraft ? [] : ['    an undeployed draft of somebody is in it and stays']),
    ]),
    ...plan.bindings.map(
      ({ trigger, to }) =>
        `~ bindings of ${trigger}: ours as before: ${to.map(({ actionName }) => actionName).join(', ') || 'none'}`,
    ),
    ...plan.deletions.map(({ action }) => `- ${action}: is deleted, the last deploy created it`),
    ...plan.left.map(({ action, why }) => `= ${action}: ${why}`),
    ...(plan.problems.length === 0 ? [] : [renderProblems(plan.problems)]),
    ...plan.choices.flatMap(({ action, live, versions }) => [
      `${action}:`,
      ...(versions.length === 0 ? ['    has no version'] : []),
      ...versions.map(
        (version) =>
          `    ${version.number === live ? '*' : ' '} ${describeVersion(action, version)}`,
      ),
    ]),
    ...(plan.choices.length > 0
      ? [
          `Which? npm run rollback -- ${env === undefined ? '' : `--env ${env} `}--only NAME --to VERSION (* is live)`,
        ]
      : []),
    ...(isEmpty && plan.problems.length === 0 ? ['Nothing to roll back.'] : []),
  ].join('\n')
}

const describeVersion = (name: string, { number, createdAt, code }: DeployedVersion): string => {
  const origin = readOrigin(name, code)
  const build =
    origin.kind === 'unknown'
      ? 'not a build of ours'
      : `build ${origin.hash.slice(0, 12)}${origin.kind === 'edited' ? ', edited since' : ''}`
  return `${number} (${showDate(createdAt)}, ${build})`
}
