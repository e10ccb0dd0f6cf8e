import { describeDone, type Done } from './done.ts'
import type { FailureCode } from './failure.ts'
import { code, fence, join, mdLine } from './markdown.ts'
import type { Plan } from './plan-deployment.ts'
import { renderPlanMarkdown, summarizePlan } from './render-plan.ts'
import type { Restored } from './restore-tenant.ts'
import { oneLine, oneLineStrings } from '../cli/safe-text.ts'

/** How a deploy ended. */
export type Outcome =
  | { kind: 'nothing'; plan: Plan }
  | { kind: 'refused'; plan: Plan }
  | {
      kind: 'deployed'
      plan: Plan
      done: Done
      /** What somebody else changed meanwhile, and that it stays so. */
      left: string[]
      seconds: number
      /** What the Deploy CLI complained about although it wrote every draft. */
      warning?: string
    }
  | {
      kind: 'restored'
      plan: Plan
      code: FailureCode
      /** Why it failed, in lines. */
      reason: string[]
      /** What was written before it was undone. */
      done: Done
      restored: Restored
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
        `Deployed to ${plan.domain} and read back in ${outcome.seconds} s: ${describeChanges(outcome)}.`,
        ...(outcome.left.length === 0
          ? [`Live bundles: sha256:${plan.bundlesHash}`]
          : ['Not as planned, because somebody else changed it:', ...bullets(outcome.left)]),
        ...(outcome.warning === undefined
          ? []
          : ['The Deploy CLI wrote all of it, and complained:', outcome.warning]),
      ].join('\n')
    case 'restored':
      return [
        `The deploy to ${plan.domain} failed [${outcome.code}]:`,
        ...bullets(outcome.reason),
        ...describeRestored(outcome),
      ].join('\n')
  }
}

type RestoredOutcome = Extract<Outcome, { kind: 'restored' }>

const describeRestored = ({ done, restored }: RestoredOutcome): string[] => {
  const written = describeDone(done)
  if (written.length === 0 && restored.left.length + restored.failed.length === 0) {
    return ['Nothing was written.']
  }
  return [
    ...(written.length === 0 ? [] : ['It had written:', ...bullets(written)]),
    ...(restored.done.length === 0 ? [] : ['Undone:', ...bullets(restored.done)]),
    ...(restored.left.length === 0 ? [] : ['Left alone:', ...bullets(restored.left)]),
    ...(restored.failed.length === 0
      ? []
      : [
          written.length === 0
            ? 'Nobody knows whether something was written; npm run plan shows what is there:'
            : 'Could NOT be undone; run the deploy again:',
          ...bullets(restored.failed),
        ]),
    ...(restored.left.length + restored.failed.length === 0
      ? ['The tenant is as it was found.']
      : []),
  ]
}

const bullets = (lines: readonly string[]): string[] => lines.map((line) => `  - ${line}`)

const describeChanges = ({ plan, done }: Extract<Outcome, { kind: 'deployed' }>): string =>
  [
    ...plan.actions
      .filter(({ change }) => change !== 'unchanged')
      .map(({ name, change, hash }) => `${name} ${change}d (${hash.slice(0, 12)})`),
    ...done.bindings.map(({ trigger, after }) => `${trigger} bound (${after.length})`),
    ...done.deleted.map((name) => `${name} deleted`),
  ].join(', ') || 'nothing was written'

/** What became of the plan, and the plan, for a pull request or a job summary. */
export const renderOutcomeMarkdown = (outcome: Outcome): string => {
  const { plan } = outcome
  const lines = [
    mdLine`## Deploy to ${code(plan.domain)}: ${titleOf(outcome)}`,
    mdLine``,
    ...(outcome.kind === 'restored'
      ? [
          mdLine`Cause: ${code(outcome.code)}.`,
          mdLine``,
          fence('text', [...outcome.reason, ...describeRestored(outcome)].map(oneLine).join('\n')),
          mdLine``,
        ]
      : outcome.kind === 'deployed'
        ? [
            mdLine`${summarizePlan(plan)} Read back in ${outcome.seconds} s. Live bundles ${code(`sha256:${plan.bundlesHash}`)}.`,
            mdLine``,
            ...outcome.left.map((text) => mdLine`- Not as planned: ${text}`),
            mdLine``,
          ]
        : []),
  ]
  return `${join(lines, '\n').source}\n${renderPlanMarkdown(plan)}\n`
}

const titleOf = (outcome: Outcome): string => {
  switch (outcome.kind) {
    case 'nothing':
      return 'nothing to do'
    case 'refused':
      return 'refused'
    case 'deployed':
      return outcome.left.length === 0 ? 'done' : 'done, but somebody else changed it'
    case 'restored': {
      const { left, failed, done } = outcome.restored
      if (failed.length > 0) return 'failed, and could not be undone'
      if (left.length > 0) return 'failed, and was undone in part'
      return done.length > 0 ? 'failed, and was undone' : 'failed, and wrote nothing'
    }
  }
}
