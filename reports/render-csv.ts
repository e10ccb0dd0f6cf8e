import type { EnforceTermsSettings } from '../actions/enforce-terms/schema.ts'
import { OUTCOMES, type AnswerCounts } from './count-answers.ts'

const HEADER = [
  'document',
  'version',
  'effective_at',
  'connection',
  'users',
  'accepted',
  'covered',
  'declined',
  'deferred',
  'never_asked',
]

/**
 * One row per document, version and connection, without sums, so that a pivot table adds up right.
 * RFC 4180; lines end in CRLF.
 */
export const renderCsv = (
  { connections }: AnswerCounts,
  documents: EnforceTermsSettings['documents'],
): string => {
  const rows = documents.flatMap(({ id, versions }, document) =>
    versions.flatMap(({ version, effectiveAt }, number) =>
      connections.map(({ connection, users, counts }) => [
        id,
        version,
        effectiveAt,
        connection,
        users,
        ...OUTCOMES.map((outcome) => counts[document]?.[number]?.[outcome] ?? 0),
      ]),
    ),
  )
  return [HEADER, ...rows].map((row) => `${row.map(toField).join(',')}\r\n`).join('')
}

/**
 * A spreadsheet takes a field that begins with one of these for a formula; with `'` in front it is
 * text. https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^[=+\-@\t\r]/

/** A field of RFC 4180, section 2. */
const toField = (value: string | number): string => {
  if (typeof value === 'number') return String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
