import { describe, expect, test } from '@jest/globals'
import type { Mapping } from '../../../actions/map-idp-attributes/mapping.ts'
import { renderPreview } from '../../../playground/mapping-preview/render-preview.ts'
import { IDENTITY, MAPPING, settingsWith } from '../../../test-kit/actions/mapping-facts.ts'
import { buildEvent, type EventOverrides } from '../../../test-kit/actions/event.ts'

const preview = (
  mappings: readonly Mapping[],
  user: NonNullable<EventOverrides['user']> = {},
  rest: EventOverrides = {},
): string =>
  renderPreview(
    buildEvent({
      connection: { name: 'corp', strategy: 'samlp' },
      ...rest,
      user: { user_id: 'samlp|corp|ada', identities: [IDENTITY], ...user },
    }),
    settingsWith(mappings),
  )

/** The text of the table without its borders, one line; wrapped cells are put together again. */
const cellsOf = (text: string): string[][] => {
  const rows: string[][] = []
  for (const line of text.split('\n')) {
    if (/^[├┌]/.test(line)) rows.push(['', '', ''])
    const cells = /^│(.*)│(.*)│(.*)│$/.exec(line)?.slice(1)
    cells?.forEach((cell, column) => {
      const row = rows.at(-1)
      if (row) row[column] = `${row[column] ?? ''}${cell.trim()} `
    })
  }
  return rows.slice(1).map((row) => row.map((cell) => cell.trim()))
}

describe('the preview', () => {
  test('shows the source, each transform with what it left, and the write', () => {
    const mapping: Mapping = {
      ...MAPPING,
      as: 'strings',
      transforms: ['lower', { filter: { prefix: 'app-' } }, { roles: { 'app-*': 'user' } }],
    }
    const text = preview([mapping], { attribute: ['App-A', 'x'] })
    expect(cellsOf(text)).toEqual([
      [
        'primary identity: attribute ["App-A","x"]',
        'lower → ["app-a","x"] filter {"prefix": "app-"} → ["app-a"] roles → ["user"]',
        'app_metadata.idp.mapped written: ["user"]',
      ],
    ])
    expect(text).toMatch(/^Sign-in over corp \(samlp\), client WebShop/)
    expect(text).toContain('Profile write\n  app_metadata.idp = {\n    "mapped": [')
  })

  const stored = { app_metadata: { idp: { mapped: 'old' } } }
  const toUser: Mapping = { ...MAPPING, to: { metadata: 'user_metadata', path: ['idp', 'mapped'] } }
  test.each<[string, Mapping, object, string]>([
    ['a change', MAPPING, { attribute: 'new', ...stored }, 'written: "new", was "old"'],
    ['what is equal', MAPPING, { attribute: 'old', ...stored }, 'nothing: holds "old"'],
    [
      'what a mode keeps',
      { ...MAPPING, mode: 'import' },
      { attribute: 'new', ...stored },
      'nothing: import keeps "old"',
    ],
    ['what is missing', MAPPING, stored, 'nothing: missing is kept'],
    [
      'what no transform left',
      { ...MAPPING, transforms: [{ filter: { prefix: 'x' } }] },
      { attribute: 'new' },
      'nothing: the transforms left none, missing is kept',
    ],
    ['a deletion', { ...MAPPING, missing: 'delete' }, stored, 'deleted: missing, was "old"'],
    ['no deletion', { ...MAPPING, missing: 'delete' }, {}, 'nothing: missing, and not there'],
    ['a guard', MAPPING, { attribute: {} }, 'kept: attribute_unusable'],
    [
      'a condition',
      { ...MAPPING, when: { client: { oneOf: ['a', 'b'] } } },
      { attribute: 'new' },
      'not now: when.client {"oneOf":["a","b"]} does not hold',
    ],
    [
      'a deletion of what cannot be used',
      { ...MAPPING, unusable: 'delete' },
      { attribute: {}, ...stored },
      'deleted: attribute_ unusable, was "old"',
    ],
    [
      'an identity that nobody can tell',
      { ...MAPPING, from: [{ currentIdentity: ['attribute'] }] },
      { attribute: 'new', identities: [IDENTITY, IDENTITY] as never },
      'kept: identity_unclear',
    ],
    [
      'a default for what cannot be used',
      { ...MAPPING, unusable: { default: 'd' } },
      { attribute: {}, ...stored },
      'written: "d", was "old", attribute_unusable',
    ],
    [
      'what another identity said',
      { ...MAPPING, when: { connection: { equals: 'other' } }, missing: 'delete' },
      { attribute: 'new', ...stored },
      'deleted: when.connection does not hold, was "old"',
    ],
    [
      'an edit',
      toUser,
      { attribute: 'new', user_metadata: { idp: { mapped: 'mine' } } },
      'nothing: the user set "mine"',
    ],
    [
      'a removal',
      toUser,
      { attribute: 'new', user_metadata: { idp: { written: { mapped: 'old' } } } },
      'nothing: the user removed it',
    ],
  ])('says of %s why', (_title, mapping, user, outcome) => {
    const { metadata, path } = mapping.to
    expect(cellsOf(preview([mapping], user))[0]?.[2]).toBe(
      `${[metadata, ...path].join('.')} ${outcome}`,
    )
  })

  test('says of a second mapping that the first decided', () => {
    const text = preview([MAPPING, MAPPING], { attribute: 'new' })
    expect(cellsOf(text)[1]?.[2]).toContain('nothing: an earlier mapping decided')
  })

  test('says when nothing would change, and when room is missing', () => {
    expect(preview([MAPPING])).toContain('Profile write: none: nothing would change')
    const full = preview([MAPPING], { attribute: 'new', app_metadata: { x: 'x'.repeat(9000) } })
    expect(full).toContain('Refused\n  app_metadata.idp: metadata_budget_exceeded')
  })

  test('names every kind of source, and all of them where none is there', () => {
    const from = [
      { currentIdentity: ['address', 0, 'country'] },
      { attribute: ['dept'] },
      { identity: { provider: 'samlp', path: ['dept'] } },
      { connectionMetadata: 'region' },
      { organizationMetadata: 'plan' },
    ] as const
    const [row] = cellsOf(preview([{ ...MAPPING, from }]))
    expect(row?.[0]).toBe(
      'address[0] › country or primary identity: dept or identity samlp: dept or connection metadata region or organization metadata plan',
    )
  })

  test('says that a refresh-token exchange maps nothing', () => {
    const text = preview(
      [MAPPING],
      { attribute: 'new' },
      { transaction: { protocol: 'oauth2-refresh-token' } },
    )
    expect(text).toContain('nothing is mapped')
    expect(text).not.toContain('written')
  })

  test('fits 80 columns, whatever the names and values', () => {
    const name = `http://schemas.example.com/${'claims/'.repeat(9)}${'x'.repeat(90)}`
    const mapping: Mapping = {
      ...MAPPING,
      from: [{ attribute: [name] }],
      transforms: [{ lookUp: { table: { a: 'b' }, otherwise: 'y'.repeat(200) } }],
    }
    const table = preview([mapping], { [name]: 'z'.repeat(300) })
      .split('\n')
      .filter((line) => /^[│┌├└]/.test(line))
    expect(table.length).toBeGreaterThan(5)
    for (const line of table) expect(line.length).toBe(80)
  })

  test('shows no token and nothing that a terminal would act on', () => {
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'
    const text = preview([{ ...MAPPING, as: 'strings' }], {
      attribute: [token, '\u009b31m', '\u202e'],
      access_token: 'opaque-token-of-the-provider',
    })
    expect(text).not.toContain('eyJ')
    expect(text).not.toContain('opaque-token')
    expect(text).not.toMatch(/[\u009b\u202e]/)
  })
})
