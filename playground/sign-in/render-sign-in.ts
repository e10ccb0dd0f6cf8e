import type { FlowTrace } from '../../local-tenant/trace.ts'
import type { MetadataDifference } from './metadata-diff.ts'

/** Everything that one `npm run sign-in` has to tell. */
export interface SignInReport {
  title: string
  /** Where the browser went, in words. */
  steps: string[]
  /** Flows in the order in which they ran. */
  flows: FlowTrace[]
  metadata: MetadataDifference[]
  /** How it ended for the application, e.g. `signed in` or `access_denied: …`. */
  outcome: string
  /** Whether the application got tokens by the way it asked last. */
  isSignedIn: boolean
  /** Claims by token; `undefined` for an opaque one. */
  tokens: { name: string; claims: Record<string, unknown> | undefined }[]
}

const MARKS = { added: '+', changed: '~', removed: '-' } as const

/** Plain text for a terminal, made to be read from top to bottom. */
export const renderSignIn = (report: SignInReport): string =>
  [
    report.title,
    section(
      'Path',
      report.steps.map((step, index) => `${index + 1}. ${step}`),
    ),
    ...report.flows.map((flow) => section(flowTitle(flow), flow.actions.flatMap(actionLines))),
    section(
      'Metadata',
      report.metadata.length === 0 ? ['nothing changed'] : report.metadata.flatMap(metadataLines),
    ),
    `Profile writes: ${countWrites(report.flows)}`,
    ...report.tokens.map(({ name, claims }) =>
      section(name, claims === undefined ? ['opaque'] : jsonLines(claims)),
    ),
    `Outcome: ${report.outcome}`,
  ].join('\n\n')

/** Updates of the profile, as the Management API would count them. */
export const countWrites = (flows: readonly FlowTrace[]): number =>
  flows.reduce((sum, { profile_writes }) => sum + profile_writes.length, 0)

const flowTitle = ({ protocol, outcome, profile_writes }: FlowTrace): string =>
  `Actions (${protocol}): ${outcome}, ${countOf(profile_writes.length, 'profile write')}`

const actionLines = (trace: FlowTrace['actions'][number]): string[] => [
  [
    trace.action.padEnd(20),
    (trace.handler === 'onContinuePostLogin' ? 'continue' : 'execute').padEnd(9),
    trace.outcome.padEnd(11),
    `${trace.durationMs.toFixed(1).padStart(6)} ms`,
  ].join(' '),
  ...(trace.reason === undefined ? [] : [`  ${trace.reason}`]),
  ...trace.logs.map(({ message }) => `  log: ${message}`),
]

const metadataLines = ({ path, change, before, after }: MetadataDifference): string[] => [
  `${MARKS[change]} ${path}`,
  ...(before === undefined ? [] : [`    before ${JSON.stringify(before)}`]),
  ...(after === undefined ? [] : [`    after  ${JSON.stringify(after)}`]),
]

const section = (title: string, lines: readonly string[]): string =>
  [title, ...lines.map((line) => `  ${line}`)].join('\n')

const jsonLines = (value: unknown): string[] => JSON.stringify(value, null, 2).split('\n')

const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
