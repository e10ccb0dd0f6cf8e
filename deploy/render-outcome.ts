import { code, join, md } from './markdown.ts'
import { renderPlanMarkdown, summarizePlan } from './render-plan.ts'
import type { FailureCode } from './failure.ts'
import type { Plan } from './plan-deployment.ts'
import { oneLineStrings } from './safe-text.ts'

/** How a deploy ended. */
export type Outcome =
  | { kind: 'nothing'; plan: Plan }
  | { kind: 'refused'; plan: Plan }
  | {
      kind: 'deployed'
      plan: Plan
      deleted: string[]
      seconds: number
      /** What the Deploy CLI complained about although the tenant is as planned. */
      warning?: string
    }
  | {
      kind: 'restored'
      plan: Plan
      code: FailureCode
      reason: string
      /** What was not as planned. */
      problems: string[]
      done: string[]
      /** What could not be brought back. */
      failed: string[]
    }

/** The last lines of a deploy, for a log. */
export const renderOutcome = (ended: Outcome): string => {
  const outcome = oneLineStrings(ended, ['codeDiff', 'warning'])
  const { plan } = outcome
  switch (outcome.kind) {
    case 'nothing':
      return `${plan.domain} already runs bundles sha256:${plan.bundlesHash.slice(0, 12)}. Nothing was written.`
    case 'refused':
      return 'Nothing was deployed.'
    case 'deployed':
      return [
        `Deployed to ${plan.domain} and read back in ${outcome.seconds} s: ${describeDone(outcome)}.`,
        `Live bundles: sha256:${plan.bundlesHash}`,
        ...(outcome.warning === undefined ? [] : ['All is as planned, although:', outcome.warning]),
      ].join('\n')
    case 'restored':
      return [
        `The deploy to ${plan.domain} failed [${outcome.code}]:`,
        ...outcome.problems.map((problem) => `  - ${problem}`),
        outcome.failed.length === 0
          ? 'The tenant is as it was found:'
          : 'The tenant could NOT be brought back whole; run the deploy again:',
        ...(outcome.done.length + outcome.failed.length === 0
          ? ['  - nothing had to be undone']
          : [...outcome.done, ...outcome.failed].map((text) => `  - ${text}`)),
      ].join('\n')
  }
}

const describeDone = ({ plan, deleted }: Extract<Outcome, { kind: 'deployed' }>): string => {
  const names = plan.actions
    .filter(({ change }) => change !== 'unchanged')
    .map(({ name, change, hash }) => `${name} ${change}d (${hash.slice(0, 12)})`)
  const bound = plan.bindings
    .filter(({ changed }) => changed)
    .map(({ trigger, after }) => `${trigger} bound (${after.length})`)
  return [...names, ...bound, ...deleted.map((name) => `${name} deleted`)].join(', ')
}

/** What became of the plan, and the plan, for a pull request or a job summary. */
export const renderOutcomeMarkdown = (outcome: Outcome): string => {
  const { plan } = outcome
  const lines = [
    md`## Deploy to ${code(plan.domain)}: ${TITLES[outcome.kind]}`,
    md``,
    ...(outcome.kind === 'restored'
      ? [
          md`Cause: ${code(outcome.code)}.`,
          md``,
          ...[...outcome.problems, ...outcome.done, ...outcome.failed].map((text) => md`- ${text}`),
          md``,
        ]
      : outcome.kind === 'deployed'
        ? [
            md`${summarizePlan(plan)} Read back in ${outcome.seconds} s. Live bundles ${code(`sha256:${plan.bundlesHash}`)}.`,
            md``,
          ]
        : []),
  ]
  return `${join(lines, '\n').source}\n${renderPlanMarkdown(plan)}\n`
}

const TITLES: Record<Outcome['kind'], string> = {
  nothing: 'nothing to do',
  refused: 'refused',
  deployed: 'done',
  restored: 'failed, the tenant was brought back',
}
