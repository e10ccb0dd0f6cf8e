import Table from 'cli-table3'
import type {
  EnforceTermsSettings,
  TermsDocument,
  TermsVersion,
} from '../actions/enforce-terms/schema.ts'
import { NO_CONNECTION, OUTCOMES, type ConnectionCounts, type Outcome } from './count-answers.ts'
import type { TermsReport } from './count-export.ts'

const WIDTH = 80
const GAP = 2

/** Connections shown of each version; the CSV file has them all. */
const MAX_ROWS = 20

const HEADS: Readonly<Record<Outcome, string>> = {
  accepted: 'Accepted',
  covered: 'Covered',
  declined: 'Declined',
  deferred: 'Deferred',
  neverAsked: 'Never\nasked',
}

/** The report for a terminal, at most 80 columns wide. */
export const renderReport = (
  report: TermsReport,
  documents: EnforceTermsSettings['documents'],
  now: Date,
): string => {
  const { connections, total } = report.answers
  const named = connections.filter(({ connection }) => connection !== NO_CONNECTION).length
  return [
    `${many(total.users, 'user')}, ${many(named, 'connection')}`,
    ...documents.flatMap((document, index) => renderDocument(report, document, index, now)),
    ...renderNotes(report),
    ...renderMalformed(report),
  ].join('\n')
}

const renderDocument = (
  report: TermsReport,
  document: TermsDocument,
  index: number,
  now: Date,
): string[] => [
  '',
  `${document.title} (${document.id}), ${document.required ? 'required' : 'optional'}`,
  ...document.versions
    .flatMap((version, number) => [
      [
        '',
        `Version ${version.version}, ${describeTime(document, version, now)}`,
        renderHeld(report.answers.total, index, number),
        renderTable(report, index, number),
      ],
    ])
    .reverse()
    .flat(),
]

const describeTime = (
  { versions }: TermsDocument,
  { version, effectiveAt }: TermsVersion,
  now: Date,
): string => {
  const day = effectiveAt.slice(0, 10)
  if (Date.parse(effectiveAt) > now.getTime()) return `in force from ${day}`
  const next = versions[versions.findIndex((one) => one.version === version) + 1]
  return next === undefined || Date.parse(next.effectiveAt) > now.getTime()
    ? `in force since ${day}`
    : `in force from ${day} to ${next.effectiveAt.slice(0, 10)}`
}

const renderHeld = (
  { users, counts }: ConnectionCounts,
  index: number,
  version: number,
): string => {
  const { accepted = 0, covered = 0 } = counts[index]?.[version] ?? {}
  const share = users === 0 ? 0 : Math.floor(((accepted + covered) / users) * 1000) / 10
  return `Accepted or covered: ${whole(accepted + covered)} of ${whole(users)} (${share.toFixed(1)}%)`
}

const NO_LINES = Object.fromEntries(
  ['top', 'mid', 'bottom', 'left', 'right'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((part) => [side + part, '']),
  ),
)

const renderTable = ({ answers }: TermsReport, index: number, version: number): string => {
  const shown = answers.connections.slice(0, MAX_ROWS)
  const cellsOf = ({ counts }: ConnectionCounts): string[] =>
    OUTCOMES.map((outcome) => whole(counts[index]?.[version]?.[outcome] ?? 0))
  const total = cellsOf(answers.total)
  const widths = OUTCOMES.map((outcome, column) =>
    Math.max(...HEADS[outcome].split('\n').map(({ length }) => length), total[column]?.length ?? 0),
  )
  const first = widths.reduce((rest, width) => rest - width - GAP, WIDTH)
  const table = new Table({
    colWidths: [first, ...widths],
    colAligns: ['left', ...OUTCOMES.map(() => 'right' as const)],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: { ...NO_LINES, middle: ' '.repeat(GAP) },
  })
  const heads = ['Connection', ...OUTCOMES.map((outcome) => HEADS[outcome])]
  table.push(heads.map((content) => ({ content, vAlign: 'bottom' })))
  for (const one of shown) table.push([one.connection, ...cellsOf(one)])
  table.push([answers.total.connection, ...total])
  const more = answers.connections.length - shown.length
  return [
    table.toString(),
    ...(more > 0 ? [`${many(more, 'smaller connection')} not shown; --csv has all`] : []),
  ].join('\n')
}

const renderNotes = ({ answers, malformed }: TermsReport): string[] => {
  const { total, connections, unreadable, unnamed, withAppMetadata } = answers
  const hasConnection = connections.some(({ connection }) => connection !== NO_CONNECTION)
  const notes = [
    ...(unreadable > 0
      ? [
          `${many(unreadable, 'user')} with a record that cannot be read, or not all of it;`,
          '  what can be read is counted',
        ]
      : []),
    ...(unnamed > 0
      ? [
          `${many(unnamed, 'user')} with an answer to a document or version that is not in`,
          '  actions/enforce-terms/settings.ts',
        ]
      : []),
    ...(total.users > 0 && withAppMetadata === 0
      ? ['No user has app_metadata: the job must be asked for the field "app_metadata"']
      : []),
    ...(total.users > 0 && !hasConnection
      ? ['No user has a connection: the job must be asked for the field "identities"']
      : []),
    ...(total.users === 0 && malformed.count > 0
      ? ['No line is a user: this reads the job\'s format "json", not "csv"']
      : []),
  ]
  return notes.length > 0 ? ['', ...notes] : []
}

const renderMalformed = ({ malformed: { count, listed } }: TermsReport): string[] =>
  count === 0
    ? []
    : [
        '',
        `${many(count, 'malformed line')}, not counted:`,
        ...listed.map(({ line, problem }) => `  line ${line}: ${problem}`),
        ...(count > listed.length ? [`  and ${whole(count - listed.length)} more`] : []),
      ]

const whole = (count: number): string => count.toLocaleString('en-US')

const many = (count: number, noun: string): string =>
  `${whole(count)} ${noun}${count === 1 ? '' : 's'}`
