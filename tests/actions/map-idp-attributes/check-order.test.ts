import { describe, expect, test } from '@jest/globals'
import { checkOrder } from '../../../actions/map-idp-attributes/check-order.ts'
import type { Defaults, Mapping } from '../../../actions/map-idp-attributes/mapping.ts'
import type { When } from '../../../actions/shared/when.ts'
import { MAPPING } from '../../../test-kit/actions/mapping-facts.ts'

const DEFAULTS: Defaults = { mode: 'force', missing: 'keep', unusable: 'delete' }

/** Each looks elsewhere. */
let sources = 0
const mapping = (when: When, more: object = {}) =>
  ({
    ...MAPPING,
    from: [{ currentIdentity: [`source ${(sources += 1)}`] }],
    when,
    ...more,
  }) as Mapping

const deleting = (when: When, more: object = {}) => mapping(when, { missing: 'delete', ...more })

const check = (mappings: Mapping[], defaults: Partial<Defaults> = {}) =>
  checkOrder(mappings, { ...DEFAULTS, ...defaults }).map(
    ({ path, message }) => `${path} ${message}`,
  )

describe('a mapping that no sign-in can reach is refused', () => {
  test.each<[string, Mapping, When]>([
    ['behind one for all sign-ins', deleting({}), { connection: { equals: 'a' } }],
    [
      'behind one for the same',
      deleting({ connection: { equals: 'a' } }),
      { connection: { equals: 'a' } },
    ],
    [
      'behind one for more',
      deleting({ connection: { oneOf: ['a', 'b'] } }),
      { connection: { equals: 'b' }, client: { equals: 'c' } },
    ],
    [
      'behind one on the same attribute',
      deleting({ attribute: { path: ['a'], contains: 1 } }),
      { attribute: { path: ['a'], contains: 1 }, strategy: { equals: 'oidc' } },
    ],
    [
      'behind one for any of several',
      deleting({ any: [{ connection: { equals: 'a' } }, { strategy: { equals: 'oidc' } }] }),
      { connection: { equals: 'a' } },
    ],
    [
      'behind one whose bounds are inside all',
      deleting({ connection: { oneOf: ['a', 'b'] } }),
      { all: [{ connection: { equals: 'a' } }, { client: { equals: 'c' } }] },
    ],
  ])('%s', (_, first, when) => {
    expect(check([first, mapping(when)])).toEqual([
      expect.stringMatching(/^mappings\[1\] is never used: mappings\[0\] comes first/),
    ])
  })

  test('also when both find the same, whatever is missing', () => {
    const same = { from: [{ currentIdentity: ['x'] }] }
    const again = (more: object) => [
      mapping({}, same),
      mapping({ client: { equals: 'a' } }, { ...same, ...more }),
    ]
    expect(check(again({}))).toHaveLength(1)
    expect(check(again({ mode: 'fill' }))).toHaveLength(1)
    expect(check(again({ missing: 'delete' }))).toEqual([])
  })

  test('also when a constant stands at the end of the first one', () => {
    const constant = { from: [{ currentIdentity: ['x'] }, { constant: 'y' }] }
    expect(check([mapping({}, constant), mapping({ connection: { equals: 'a' } })])).toHaveLength(1)
  })

  test('also when the defaults let the first one decide', () => {
    expect(check([mapping({}), mapping({})], { missing: 'delete' })).toHaveLength(1)
  })
})

describe('a mapping is let in', () => {
  const other = { to: { metadata: 'app_metadata', path: ['idp', 'other'] } } as const
  test.each<[string, Mapping, Mapping, Partial<Defaults>]>([
    ['behind one that keeps what is missing', mapping({}), mapping({}), {}],
    [
      'behind one for fewer',
      deleting({ connection: { equals: 'a' } }),
      mapping({ connection: { oneOf: ['a', 'b'] } }),
      {},
    ],
    [
      'behind one that asks more',
      deleting({ connection: { equals: 'a' }, client: { equals: 'c' } }),
      mapping({ connection: { equals: 'a' } }),
      {},
    ],
    [
      'behind one for the same value at another path',
      deleting({ attribute: { path: ['a'], equals: 1 } }),
      mapping({ attribute: { path: ['b'], equals: 1 } }),
      {},
    ],
    [
      'behind one that is not for others',
      deleting({ not: { connection: { equals: 'a' } } }),
      mapping({ connection: { equals: 'b' } }),
      {},
    ],
    ['behind one for another target', deleting({}), mapping({}, other), {}],
    [
      'behind one that some default lets keep',
      mapping({}),
      mapping({}),
      { missing: 'delete', strategies: { oidc: { missing: 'keep' } } },
    ],
  ])('%s', (_, first, second, defaults) => {
    expect(check([first, second], defaults)).toEqual([])
  })
})

test('two types for one target are refused, with both places', () => {
  expect(check([mapping({}), mapping({ client: { equals: 'a' } }, { as: 'strings' })])).toEqual([
    'mappings[1].as is "strings", and "string" in mappings[0] for the same target; a target has one type',
  ])
})
