import { describe, expect, test } from '@jest/globals'
import { countExport } from '../../reports/count-export.ts'
import { renderReport } from '../../reports/render-report.ts'
import { documents, inChunks, TIME } from '../../test-kit/reports/documents.ts'

const render = async (lines: readonly (object | string)[], now = '2025-06-01'): Promise<string> => {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
  const report = await countExport(inChunks(text.join('\n'), 64 * 1024), documents)
  return renderReport(report, documents, new Date(now))
}

const user = (connection: string, version = '2025-01'): object => ({
  connection,
  app_metadata: { terms: { documents: { terms: { version, accepted_at: TIME } } } },
})

describe('the report', () => {
  test('shows documents in their order, the newest version first, and its time', async () => {
    const headings = (await render([user('db')]))
      .split('\n')
      .filter((line) => /^(Version|Product|Terms)/.test(line))
    expect(headings).toEqual([
      'Product news (news), optional',
      'Version 2025-01, in force since 2025-01-01',
      'Terms of use (terms), required',
      'Version 2026-01, in force from 2026-01-01',
      'Version 2025-02, in force since 2025-02-01',
      'Version 2025-01, in force from 2025-01-01 to 2025-02-01',
    ])
  })

  test('has a row per connection and one for all', async () => {
    const text = await render([user('db'), user('db', '2025-02'), user('saml')])
    expect(text).toContain(
      [
        'Version 2025-02, in force since 2025-02-01',
        'Accepted or covered: 3 of 3 (100.0%)',
        '                                                                           Never',
        'Connection                          Accepted  Covered  Declined  Deferred  asked',
        'db                                         1        1         0         0      0',
        'saml                                       0        1         0         0      0',
        'All                                        1        2         0         0      0',
      ].join('\n'),
    )
    expect(text.split('\n')[0]).toBe('3 users, 2 connections')
  })

  test('never rounds up to all', async () => {
    const users = Array.from({ length: 1999 }, () => user('db'))
    expect(await render([...users, user('db', '2026-01')])).toContain('1,999 of 2,000 (99.9%)')
  })

  test('fits into 80 columns with 11,000 users and long names, and shows the largest', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `${'connection-'.repeat(10)}${index}`)
    const text = await render([
      ...names.map((name) => user(name)),
      ...Array.from({ length: 11_000 }, () => user('a-large-one')),
      'x',
    ])
    const lines = text.split('\n')
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80)
    expect(lines.filter((line) => line.startsWith('a-large-one'))).toHaveLength(4)
    expect(lines.filter((line) => line.startsWith('connection-'))).toHaveLength(4 * 19)
    expect(
      lines.filter((line) => line === '11 smaller connections not shown; --csv has all'),
    ).toHaveLength(4)
    expect(text).toMatch(/^All .* 11,030$/m)
    expect(lines.filter((line) => line.startsWith('All ') && line.includes('…'))).toEqual([])
  })

  test('of nobody is all zeros', async () => {
    const text = await render([])
    expect(text).toContain('0 users, 0 connections')
    expect(text).toContain('Accepted or covered: 0 of 0 (0.0%)')
  })

  test.each<[string, (object | string)[], string]>([
    ['unreadable records', [{ app_metadata: { terms: 1 } }], '1 user with a record that cannot be'],
    [
      'answers to other versions',
      [user('db', '2020-01'), user('db', '2020-02')],
      '2 users with an answer to a',
    ],
    ['a job without app_metadata', [{ connection: 'db' }], 'No user has app_metadata: '],
    ['a job without identities', [{ app_metadata: {} }], 'No user has a connection: '],
    ['the wrong format', ['user_id', '1'], `reads the job's format "json", not "csv"`],
    [
      'malformed lines',
      [user('db'), '{', '[]'],
      '2 malformed lines, not counted:\n  line 2: not JSON\n  line 3: JSON, but a list',
    ],
    [
      'more malformed lines than it lists',
      Array.from({ length: 25 }, () => '{'),
      '  line 20: not JSON\n  and 5 more',
    ],
  ])('tells of %s', async (_, lines, text) => {
    expect(await render(lines)).toContain(text)
    expect(await render([user('db'), { connection: 'db' }])).not.toContain(text)
  })

  test('names nobody and quotes nothing', async () => {
    const text = await render([
      { ...user('zoe@example.com'), user_id: 'auth0|zoe', email: 'zoe@example.com' },
      { identities: [{ connection: 'db', user_id: 'zoe' }], app_metadata: 'zoe' },
      '{"email":"zoe@example.com"',
      '["zoe"]',
    ])
    expect(text).not.toContain('zoe')
    expect(text).toContain('(no connection)')
  })
})
