import { describe, expect, test } from '@jest/globals'
import type { TermsDocument } from '../../actions/enforce-terms/schema.ts'
import { countExport } from '../../reports/count-export.ts'
import { renderCsv } from '../../reports/render-csv.ts'
import { documents, inChunks, TIME } from '../../test-kit/reports/documents.ts'

const countsOf = async (
  asked: readonly [TermsDocument, ...TermsDocument[]],
  users: readonly object[],
) => {
  const lines = users.map((user) => `${JSON.stringify(user)}\n`).join('')
  return (await countExport(inChunks(lines), asked)).answers
}

describe('the CSV file', () => {
  test('has a row for each document, version and connection, and no sums', async () => {
    const terms = { version: '2025-01', accepted_at: TIME }
    const answers = await countsOf(documents, [
      { connection: 'db', terms },
      { connection: 'db' },
      { connection: 'saml', terms: { documents: { news: { ...terms } } } },
    ])
    expect(renderCsv(answers, documents).split('\r\n')).toEqual([
      'document,version,effective_at,connection,users,accepted,covered,declined,deferred,never_asked',
      'news,2025-01,2025-01-01T00:00:00Z,db,2,0,0,0,0,2',
      'news,2025-01,2025-01-01T00:00:00Z,saml,1,1,0,0,0,0',
      'terms,2025-01,2025-01-01T00:00:00Z,db,2,1,0,0,0,1',
      'terms,2025-01,2025-01-01T00:00:00Z,saml,1,0,0,0,0,1',
      'terms,2025-02,2025-02-01T00:00:00Z,db,2,0,1,0,0,1',
      'terms,2025-02,2025-02-01T00:00:00Z,saml,1,0,0,0,0,1',
      'terms,2026-01,2026-01-01T00:00:00Z,db,2,0,0,0,0,2',
      'terms,2026-01,2026-01-01T00:00:00Z,saml,1,0,0,0,0,1',
      '',
    ])
  })

  test('has only a header for no users', async () => {
    expect(renderCsv(await countsOf(documents, []), documents)).toMatch(/^document,[\w,]+\r\n$/)
  })

  test.each([
    ['2025-01', '2025-01'],
    ['a,b', '"a,b"'],
    ['a "b"', '"a ""b"""'],
    ['a\nb', '"a\nb"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
    ['a=1', 'a=1'],
  ])('writes %j as %j', async (version, field) => {
    const asked: TermsDocument = {
      id: 'terms',
      title: 'Terms',
      required: true,
      versions: [{ version, effectiveAt: 'T', mustReaccept: true }],
    }
    const csv = renderCsv(await countsOf([asked], [{}]), [asked])
    expect(csv.slice(csv.indexOf('\r\n') + 2)).toBe(
      `terms,${field},T,(no connection),1,0,0,0,0,1\r\n`,
    )
  })
})
