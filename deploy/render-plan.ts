import {
  hasChanges,
  type Plan,
  type PlannedAction,
  type PlannedBindings,
  type PlanNote,
} from './plan-deployment.ts'

const MAX_DIFF_LINES = 120

/** GitHub takes comments of up to 65,536 characters; diffs are left out before that. */
const MAX_MARKDOWN = 60_000

const SIGNS: Record<PlannedAction['change'], string> = { create: '+', update: '~', unchanged: '=' }

export const SECRETS_NOTE =
  'Values of secrets cannot be read back from Auth0: only names and dates are compared.'

/** The plan for a terminal, without colours. */
export const renderPlan = (plan: Plan): string => withoutControls(renderLines(plan).join('\n'))

const renderLines = (plan: Plan): string[] => [
  `Plan for ${plan.domain}, bundles sha256:${plan.bundlesHash.slice(0, 12)}`,
  '',
  ...plan.actions.flatMap(renderAction),
  ...plan.bindings.flatMap(renderBindings),
  ...plan.deletions.flatMap(({ name, unbinds }) => [
    ...unbinds.map((trigger) => `- ${name}: is taken from ${trigger}`),
    `- ${name}: is deleted, with all its versions`,
  ]),
  ...list('To know', plan.notes.map(renderNote)),
  ...list('Cannot be deployed', plan.problems),
  '',
  summarizePlan(plan),
]

/** Code and names that others put into the tenant must not steer a terminal. */
const withoutControls = (text: string): string =>
  text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '?')

/** One line: how much a deploy would do. */
export const summarizePlan = (plan: Plan): string => {
  if (plan.problems.length > 0) return `Refused: ${plan.problems.length} problem(s).`
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
      `secret ${name}: ${change === 'remove' ? 'is removed' : 'is set'}${
        setAt === undefined ? '' : ` (last set ${setAt.slice(0, 19)}Z)`
      }`,
  ),
]

/** A new Action's code is all added: its size says more than its text. */
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

const markdown = (plan: Plan, withDiffs: boolean): string => {
  const changed = plan.actions.filter(({ codeDiff, change }) => change === 'update' && codeDiff)
  return [
    `### Plan for \`${plan.domain}\``,
    '',
    `${summarizePlan(plan)} Bundles \`sha256:${plan.bundlesHash.slice(0, 12)}\`.`,
    '',
    '| | Action | version | why | secrets |',
    '| --- | --- | --- | --- | --- |',
    ...plan.actions.map(
      (action) =>
        `| ${action.change} | \`${action.name}\` | ${versionCell(action)} | ${action.reasons.join(', ')} | ${action.secrets
          .map(
            ({ name, change, setAt }) =>
              `\`${name}\` ${change}${setAt ? ` (${setAt.slice(0, 10)})` : ''}`,
          )
          .join('<br>')} |`,
    ),
    '',
    ...plan.bindings.flatMap(({ trigger, changed: isChanged, before, after }) =>
      isChanged
        ? [
            `**Bindings of ${trigger}**`,
            '',
            `- before: ${bindingCells(before)}`,
            `- after: ${bindingCells(after)}`,
            '',
          ]
        : [],
    ),
    ...plan.deletions.map(({ name }) => `**\`${name}\` is deleted**, with all its versions.\n`),
    ...(plan.notes.length > 0 ? ['**To know**', ''] : []),
    ...plan.notes.map(({ action, text }) => `- \`${action}\` ${text}`),
    ...(plan.problems.length > 0 ? ['', '**Cannot be deployed**', ''] : []),
    ...plan.problems.map((problem) => `- ${problem}`),
    ...(withDiffs
      ? changed.flatMap(({ name, codeDiff }) => [
          '',
          `<details><summary>Code of ${name}</summary>`,
          '',
          fence(codeDiff),
          '',
          '</details>',
        ])
      : ['', 'The diffs of the code are too long for a comment; `npm run plan` shows them.']),
    '',
    `_${SECRETS_NOTE}_`,
    '',
  ].join('\n')
}

const versionCell = ({ change, liveVersion }: PlannedAction): string => {
  if (liveVersion === undefined) return change === 'unchanged' ? '' : '1'
  return change === 'unchanged' ? `${liveVersion}` : `${liveVersion} → ${liveVersion + 1}`
}

const bindingCells = (list: PlannedBindings['after']): string =>
  list.length === 0
    ? 'none'
    : list
        .map(({ actionName, ours }) =>
          ours ? `**${escapeMarkdown(actionName)}**` : escapeMarkdown(actionName),
        )
        .join(' → ')

/** Names of others' Actions are free text. */
const escapeMarkdown = (text: string): string => text.replaceAll(/[\\`*_{}[\]<>#|@!]/g, '\\$&')

/** A fence longer than any in the code. */
const fence = (diff: string): string => {
  const longest = Math.max(2, ...Array.from(diff.matchAll(/`+/g), ([ticks]) => ticks.length))
  const ticks = '`'.repeat(longest + 1)
  return `${ticks}diff\n${diff.trimEnd().split('\n').slice(1).join('\n')}\n${ticks}`
}
