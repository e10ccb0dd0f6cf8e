import { showDate } from './compare-with-record.ts'
import {
  hasChanges,
  type Plan,
  type PlannedAction,
  type PlannedBindings,
  type PlanNote,
} from './plan-deployment.ts'
import { code, fence, join, mdLine, type Markdown } from './markdown.ts'
import { renderProblem, renderProblems } from '../cli/problems.ts'
import { oneLineStrings } from '../cli/safe-text.ts'

const MAX_DIFF_LINES = 120

/** GitHub takes comments of up to 65,536 characters; diffs are left out before that. */
const MAX_MARKDOWN = 60_000

const SIGNS: Record<PlannedAction['change'], string> = { create: '+', update: '~', unchanged: '=' }

/** What a plan compares. */
export const SECRETS_NOTE = [
  'Compared: code, runtime, dependencies, modules, trigger, names of secrets, order.',
  'Values of secrets cannot be read back from Auth0. Compared is when each was set and which version',
  'is live, with the record of the last deploy; without a record, only the dates with one another.',
].join('\n')

/** The plan for a terminal, without colours. What a tenant names stays within its line. */
export const renderPlan = (plan: Plan): string =>
  renderLines(oneLineStrings(plan, ['codeDiff'])).join('\n')

const renderLines = (plan: Plan): string[] => [
  `Plan for ${plan.domain}, bundles sha256:${plan.bundlesHash.slice(0, 12)}`,
  `On record: ${describeLastRun(plan.lastRun)}`,
  '',
  ...plan.actions.flatMap(renderAction),
  ...plan.bindings.flatMap(renderBindings),
  ...plan.deletions.flatMap(({ name, unbinds }) => [
    ...unbinds.map((trigger) => `- ${name}: is taken from ${trigger}`),
    `- ${name}: is deleted, with all its versions`,
  ]),
  ...list(UNRECORDED_TITLE, plan.unrecorded.map(renderNote)),
  ...list('To know', plan.notes.map(renderNote)),
  ...(plan.problems.length === 0 ? [] : ['', 'Cannot be deployed:', renderProblems(plan.problems)]),
  '',
  summarizePlan(plan),
]

const UNRECORDED_TITLE =
  'In no record (who made it, and whether a secret was replaced, cannot be told)'

const describeLastRun = (run: Plan['lastRun']): string =>
  run === undefined
    ? 'no deploy'
    : [
        `${run.kind} of ${showDate(run.at)}`,
        ...(run.by === undefined ? [] : [`by ${run.by}`]),
        ...(run.commit === undefined
          ? []
          : [`from ${run.commit.replace(/^[0-9a-f]+/, (hash) => hash.slice(0, 12))}`]),
      ].join(' ')

/** One line: how much a deploy would do. */
export const summarizePlan = (plan: Plan): string => {
  if (plan.problems.length > 0) return 'Refused: it cannot be deployed like this.'
  if (!hasChanges(plan)) return 'Nothing to do: the tenant is what the repository says.'
  const count = (change: PlannedAction['change']): number =>
    plan.actions.filter((action) => action.change === change).length
  const parts = [
    `${count('create')} to create`,
    `${count('update')} to update`,
    `${count('unchanged')} unchanged`,
    ...plan.bindings
      .filter(({ changed }) => changed)
      .map(({ trigger }) => `bindings of ${trigger} to change`),
    ...(plan.deletions.length > 0 ? [`${plan.deletions.length} to delete`] : []),
  ]
  return `${parts.join(', ')}.`
}

const renderAction = (action: PlannedAction): string[] => {
  const { name, change, reasons } = action
  const head = `${SIGNS[change]} ${name}: ${change}${describeVersions(action)}`
  if (change === 'unchanged') return [head]
  return [
    `${head}${change === 'update' ? ` (${reasons.join(', ')})` : ''}`,
    ...detailsOf(action).map((line) => `    ${line}`),
    ...shortDiff(action.codeDiff).map((line) => `    ${line}`),
  ]
}

const describeVersions = ({ change, liveVersion }: PlannedAction): string => {
  if (liveVersion === undefined) return ''
  return change === 'unchanged'
    ? `, version ${liveVersion}`
    : `, version ${liveVersion} -> ${liveVersion + 1}`
}

const detailsOf = ({ runtime, dependencies, secrets }: PlannedAction): string[] => [
  ...(runtime.before !== runtime.after
    ? [`runtime ${runtime.before === undefined ? '' : `${runtime.before} -> `}${runtime.after}`]
    : []),
  ...dependencies.map((line) => `dependency ${line}`),
  ...secrets.map(
    ({ name, change, setAt }) =>
      `secret ${name}: ${change === 'remove' ? 'will be removed' : 'will be set'}${
        setAt === undefined ? '' : ` (last set ${setAt.slice(0, 19)}Z)`
      }`,
  ),
]

/** For a new Action the number of lines is enough. */
const shortDiff = (diff: string): string[] => {
  if (diff === '') return []
  const lines = diff.trimEnd().split('\n').slice(1)
  const changed = lines.filter((line) => /^[+-](?![+-]{2} )/.test(line))
  const added = changed.filter((line) => line.startsWith('+')).length
  if (added === changed.length && lines.some((line) => line.startsWith('@@ -0,0'))) {
    return [`code: ${added} lines, all new`]
  }
  return lines.length <= MAX_DIFF_LINES
    ? lines
    : [
        ...lines.slice(0, MAX_DIFF_LINES),
        `... ${lines.length - MAX_DIFF_LINES} more lines; the whole diff is in --json`,
      ]
}

const renderBindings = ({ trigger, changed, before, after }: PlannedBindings): string[] => {
  if (!changed) return [`= bindings of ${trigger}: unchanged, ${after.length}`]
  const label = (binding: PlannedBindings['after'][number] | undefined): string =>
    binding === undefined ? '' : `${binding.actionName}${binding.ours ? '' : ' (not ours)'}`
  const width = Math.max(6, ...before.map((binding) => label(binding).length))
  const rows = Array.from({ length: Math.max(before.length, after.length) }, (_, index) => {
    const number = String(index + 1).padStart(2)
    const [left, right] = [label(before[index]), label(after[index])]
    return `    ${number}  ${left.padEnd(width)}  ${right}`.trimEnd()
  })
  return [`~ bindings of ${trigger}:`, `        ${'before'.padEnd(width)}  after`, ...rows]
}

const renderNote = ({ action, text }: PlanNote): string => `${action} ${text}`

const list = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  - ${line}`)]

/** The plan for a pull request; diffs are folded, and left out where they would not fit. */
export const renderPlanMarkdown = (plan: Plan): string => {
  const whole = markdown(plan, true)
  return whole.length <= MAX_MARKDOWN ? whole : markdown(plan, false)
}

const markdown = (plan: Plan, withDiffs: boolean): string =>
  join(
    [
      ...markdownHead(plan),
      ...markdownTable(plan),
      ...plan.bindings.flatMap(markdownBindings),
      ...plan.deletions.flatMap(({ name }) => [
        mdLine`**${code(name)} is deleted**, with all its versions.`,
        mdLine``,
      ]),
      ...markdownList(UNRECORDED_TITLE, plan.unrecorded.map(markdownNote)),
      ...markdownList('To know', plan.notes.map(markdownNote)),
      ...markdownList(
        'Cannot be deployed',
        plan.problems.map((problem) => mdLine`- ${renderProblem(problem)}`),
      ),
      ...(withDiffs ? plan.actions.flatMap(markdownDiff) : [DIFFS_LEFT_OUT, mdLine``]),
      mdLine`_${SECRETS_NOTE.replaceAll('\n', ' ')}_`,
      mdLine``,
    ],
    '\n',
  ).source

const markdownHead = (plan: Plan): Markdown[] => [
  mdLine`### Plan for ${code(plan.domain)}`,
  mdLine``,
  mdLine`${summarizePlan(plan)} Bundles ${code(`sha256:${plan.bundlesHash.slice(0, 12)}`)}. On record: ${describeLastRun(plan.lastRun)}.`,
  mdLine``,
]

const markdownTable = ({ actions }: Plan): Markdown[] => [
  mdLine`| | Action | version | why | secrets |`,
  mdLine`| --- | --- | --- | --- | --- |`,
  ...actions.map(
    (action) =>
      mdLine`| ${action.change} | ${code(action.name)} | ${versionCell(action)} | ${action.reasons.join(', ')} | ${secretsCell(action)} |`,
  ),
  mdLine``,
]

const markdownBindings = ({ trigger, changed, before, after }: PlannedBindings): Markdown[] =>
  changed
    ? [
        mdLine`**Bindings of ${trigger}**`,
        mdLine``,
        mdLine`- before: ${bindingCells(before)}`,
        mdLine`- after: ${bindingCells(after)}`,
        mdLine``,
      ]
    : []

const markdownNote = ({ action, text }: PlanNote): Markdown => mdLine`- ${code(action)} ${text}`

const markdownList = (title: string, items: readonly Markdown[]): Markdown[] =>
  items.length === 0 ? [] : [mdLine`**${title}**`, mdLine``, ...items, mdLine``]

const DIFFS_LEFT_OUT = mdLine`The diffs of the code are too long for a comment; ${code('npm run plan')} shows them.`

const markdownDiff = ({ name, change, codeDiff }: PlannedAction): Markdown[] =>
  change === 'update' && codeDiff !== ''
    ? [
        mdLine`<details><summary>Code of ${name}</summary>`,
        mdLine``,
        fence('diff', codeDiff.split('\n').slice(1).join('\n')),
        mdLine``,
        mdLine`</details>`,
        mdLine``,
      ]
    : []

const versionCell = ({ change, liveVersion }: PlannedAction): string => {
  if (liveVersion === undefined) return change === 'unchanged' ? '' : '1'
  return change === 'unchanged' ? `${liveVersion}` : `${liveVersion} → ${liveVersion + 1}`
}

const secretsCell = ({ secrets }: PlannedAction): Markdown =>
  join(
    secrets.map(({ name, change, setAt = '' }) =>
      setAt === ''
        ? mdLine`${code(name)} ${change}`
        : mdLine`${code(name)} ${change} (${setAt.slice(0, 10)})`,
    ),
    '<br>',
  )

const bindingCells = (list: PlannedBindings['after']): Markdown =>
  list.length === 0
    ? mdLine`none`
    : join(
        list.map(({ actionName, ours }) =>
          ours ? mdLine`**${actionName}**` : mdLine`${actionName}`,
        ),
        ' → ',
      )
