import Table from 'cli-table3'
import { explainIdpAttributes } from '../../actions/map-idp-attributes/decide.ts'
import { readIdpFacts } from '../../actions/map-idp-attributes/facts.ts'
import type {
  MapIdpAttributesSettings,
  Mapping,
  Source,
  Transform,
} from '../../actions/map-idp-attributes/mapping.ts'
import type { MappingResult } from '../../actions/map-idp-attributes/decide.ts'
import { testsIn } from '../../actions/shared/when.ts'
import type { ActionEvent } from '../../actions/shared/event.ts'
import { withoutTokens } from '../../local-tenant/api/redact.ts'
import { wrapText } from './wrap-text.ts'

/** With one space at each side; with the borders between them, 80 columns. */
const COLUMN_WIDTHS = [27, 22, 27]

/** Longest value that is shown whole, in characters. */
const MAX_SHOWN = 90

/**
 * What `map-idp-attributes` would do with an event, and why, as text for a terminal. It is told by
 * the very code that decides; tokens in values are left out.
 */
export const renderPreview = (event: ActionEvent, settings: MapIdpAttributesSettings): string => {
  const facts = readIdpFacts(event)
  const title = `Sign-in over ${facts.connection} (${facts.strategy})${
    facts.client === '' ? '' : `, client ${facts.client}`
  }`
  if (facts.isRefreshExchange) {
    return `${title}\n\nA refresh-token exchange asks no identity provider: nothing is mapped.`
  }
  const { results, plan } = explainIdpAttributes(facts, settings)
  const table = new Table({
    head: ['From', 'Transforms', 'To'],
    colWidths: COLUMN_WIDTHS,
    style: { head: [], border: [] },
  })
  for (const result of results) {
    const cells = [fromOf(result), transformsOf(result), toOf(result)]
    // The table's own wrapping cuts URIs at any letter.
    table.push(cells.map((cell, column) => wrapText(cell, (COLUMN_WIDTHS[column] ?? 0) - 2)))
  }
  return [
    title,
    table.toString(),
    section(
      'Profile write',
      plan.changes.map(({ metadata, key, value }) =>
        value === null
          ? `${metadata}.${key} is deleted`
          : `${metadata}.${key} = ${jsonOf(value, 2)}`,
      ),
      'none: nothing would change',
    ),
    ...(plan.refused.length === 0
      ? []
      : [
          section(
            'Refused',
            plan.refused.map(({ code, target }) => `${target}: ${code}`),
          ),
        ]),
  ].join('\n\n')
}

const fromOf = ({ mapping, source, attribute }: MappingResult): string =>
  source === undefined
    ? mapping.from.map(nameOf).join('\nor ')
    : attribute === undefined
      ? nameOf(source)
      : `${nameOf(source)}\n${show(attribute)}`

const nameOf = (source: Source): string => {
  const { currentIdentity, attribute, identity, connectionMetadata, organizationMetadata } = source
  if (currentIdentity) return pathOf(currentIdentity)
  if (attribute) return `primary identity: ${pathOf(attribute)}`
  if (identity) {
    return `identity ${identity.connection ?? identity.provider}: ${pathOf(identity.path)}`
  }
  if (connectionMetadata) return `connection metadata ${connectionMetadata}`
  if (organizationMetadata) return `organization metadata ${organizationMetadata}`
  return 'a constant'
}

const pathOf = ([root, ...steps]: readonly (string | number)[]): string =>
  [root, ...steps.map((step) => (typeof step === 'number' ? `[${step}]` : ` › ${step}`))].join('')

const transformsOf = ({ mapping: { transforms = [] }, trail }: MappingResult): string =>
  transforms
    .map((transform, index) => {
      const texts = trail?.[index + 1]
      return texts === undefined ? labelOf(transform) : `${labelOf(transform)}\n→ ${show(texts)}`
    })
    .join('\n')

const labelOf = (transform: Transform): string => {
  if (typeof transform === 'string') return transform
  return Object.entries(transform)
    .map(([name, setting]: [string, unknown]) => {
      if (name === 'lookUp') return 'look up'
      return name === 'roles' ? name : `${name} ${shorten(JSON.stringify(setting), 40)}`
    })
    .join()
}

const toOf = (result: MappingResult): string => `${targetOf(result.mapping)}\n${outcomeOf(result)}`

const targetOf = ({ to }: Mapping): string => [to.metadata, ...to.path].join('.')

const outcomeOf = (result: MappingResult): string => {
  const { mapping, outcome, unmet = [], problem, source, mode = '', before, after } = result
  const [condition] = unmet
  const reason =
    problem ?? (condition === undefined ? 'missing' : `${condition.path} does not hold`)
  switch (outcome) {
    case 'written':
      return [
        `written: ${show(after)}`,
        ...(before === undefined ? [] : [`was ${show(before)}`]),
        ...(reason === 'missing' ? [] : [reason]),
      ].join(', ')
    case 'deleted':
      return `deleted: ${reason}, was ${show(before)}`
    case 'equal':
      return after === undefined
        ? `nothing: ${reason}, and not there`
        : `nothing: holds ${show(after)}`
    case 'kept_by_mode':
      return `nothing: ${mode} keeps ${show(before)}`
    case 'edited':
      return before === undefined
        ? 'nothing: the user removed it'
        : `nothing: the user set ${show(before)}`
    case 'missing':
      return source === undefined
        ? 'nothing: missing is kept'
        : 'nothing: the transforms left none, missing is kept'
    case 'value_invalid':
      return `kept: ${problem}`
    case 'condition':
      return `not now: ${unmet.map(({ path }) => `${path} ${show(testAt(mapping, path))}`).join(', ')} ${unmet.length > 1 ? 'do' : 'does'} not hold`
    case 'target_taken':
      return 'nothing: an earlier mapping decided'
  }
}

const testAt = ({ when }: Mapping, path: string): unknown =>
  testsIn('when', when).find((test) => test.path === path)?.test

const show = (value: unknown): string => shorten(jsonOf(value), MAX_SHOWN)

const jsonOf = (value: unknown, indent?: number): string =>
  JSON.stringify(withoutTokens(value), null, indent).replace(UNPRINTABLE, '?')

/** What JSON leaves as it is and a terminal might act on; the line breaks are JSON's own. */
const UNPRINTABLE = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu

const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`

const section = (title: string, lines: readonly string[], otherwise = ''): string =>
  lines.length === 0
    ? `${title}: ${otherwise}`
    : `${title}\n${lines.join('\n').replace(/^/gm, '  ')}`
