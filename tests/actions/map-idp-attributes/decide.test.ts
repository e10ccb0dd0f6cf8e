import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import {
  decideIdpAttributes,
  MAX_STRING_LENGTH,
  MAX_STRINGS,
  type IdpFacts,
} from '../../../actions/map-idp-attributes/decide.ts'
import { settings as OURS, type Mapping } from '../../../actions/map-idp-attributes/settings.ts'
import { METADATA_BUDGET_BYTES, type StoredMetadata } from '../../../actions/shared/metadata.ts'
import { json, RUNS, storedMetadata } from '../arbitraries.ts'
import { mergeMetadata } from '../merge-metadata.ts'

const URI = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/department'
const ALLOW = { kind: 'allow', changes: [], claims: [], notes: [] }

const mappingOf = (mapping: Partial<Mapping> = {}): Mapping => ({
  when: { strategy: 'samlp' },
  source: ['attribute'],
  target: { metadata: 'app_metadata', name: 'mapped' },
  as: 'string',
  mode: 'force',
  ...mapping,
})

const factsWith = (facts: Partial<IdpFacts> = {}): IdpFacts => ({
  isRefreshExchange: false,
  strategy: 'samlp',
  connection: 'corp',
  profile: { attribute: 'new' },
  metadata: { app_metadata: {}, user_metadata: {} },
  ...facts,
})

const decide = (mappings: readonly Mapping[], facts: Partial<IdpFacts> = {}) =>
  decideIdpAttributes(factsWith(facts), { mappings })

const writing = (idp: unknown) => ({
  ...ALLOW,
  changes: [{ metadata: 'app_metadata', key: 'idp', value: idp }],
})
const unusable = {
  ...ALLOW,
  notes: [{ code: 'attribute_unusable', target: 'app_metadata.idp.mapped' }],
}

const holding = (idp: unknown): StoredMetadata => ({ app_metadata: { idp }, user_metadata: {} })

describe('force', () => {
  test.each<[string, StoredMetadata, unknown]>([
    ['writes where there is nothing yet', holding(undefined), writing({ mapped: 'new' })],
    ['writes over another value', holding({ mapped: 'old' }), writing({ mapped: 'new' })],
    ['writes over null', holding({ mapped: null }), writing({ mapped: 'new' })],
    ['writes nothing that is there already', holding({ mapped: 'new' }), ALLOW],
    [
      'keeps what else lies in the namespace',
      holding({ mapped: 'old', other: ['kept'] }),
      writing({ mapped: 'new', other: ['kept'] }),
    ],
    [
      'takes the place of a namespace that is no object',
      holding('junk'),
      writing({ mapped: 'new' }),
    ],
  ])('%s', (_title, metadata, decision) => {
    expect(decide([mappingOf()], { metadata })).toEqual(decision)
  })
})

describe('import', () => {
  test.each<[string, StoredMetadata, unknown]>([
    ['writes where there is nothing yet', holding(undefined), writing({ mapped: 'new' })],
    ['keeps another value', holding({ mapped: 'old' }), ALLOW],
    ['keeps false', holding({ mapped: false }), ALLOW],
    ['keeps 0', holding({ mapped: 0 }), ALLOW],
    ['writes nothing that is there already', holding({ mapped: 'new' }), ALLOW],
  ])('%s', (_title, metadata, decision) => {
    expect(decide([mappingOf({ mode: 'import' })], { metadata })).toEqual(decision)
  })
})

describe('a mapping is for', () => {
  test.each<[string, Mapping['when'], boolean]>([
    ['every connection of its strategy', { strategy: 'samlp' }, true],
    ['its connection', { connection: 'corp' }, true],
    ['no other strategy', { strategy: 'oidc' }, false],
    ['no other connection', { connection: 'corp2' }, false],
    ['no connection that is called like its strategy', { strategy: 'corp' }, false],
  ])('%s', (_title, when, isFor) => {
    expect(decide([mappingOf({ when })])).toEqual(isFor ? writing({ mapped: 'new' }) : ALLOW)
  })

  test('no refresh-token exchange, in which nobody asked the identity provider', () => {
    expect(decide([mappingOf()], { isRefreshExchange: true })).toEqual(ALLOW)
  })
})

describe('a source', () => {
  test.each<[string, Mapping['source'], unknown]>([
    ['may be a name that is a URI', [URI], { [URI]: 'new' }],
    ['may be a path', ['address', 'country'], { address: { country: 'new' } }],
    ['may have dots in a name', ['a.b'], { 'a.b': 'new', a: { b: 'wrong' } }],
  ])('%s', (_title, source, profile) => {
    expect(decide([mappingOf({ source })], { profile })).toEqual(writing({ mapped: 'new' }))
  })

  test.each<[string, Mapping['source'], unknown]>([
    ['is not there', ['missing'], {}],
    ['is null', ['attribute'], { attribute: null }],
    ['ends in the middle of its path', ['address', 'country'], { address: 'Lisbon' }],
    ['would be inherited', ['constructor', 'name'], {}],
    ['would be a prototype', ['__proto__', 'toString'], {}],
    ['is looked for in no profile', ['attribute'], undefined],
  ])('that %s leaves what was mapped before', (_title, source, profile) => {
    const metadata = holding({ mapped: 'old' })
    expect(decide([mappingOf({ source })], { profile, metadata })).toEqual(ALLOW)
  })
})

describe('a value', () => {
  const as = (type: Mapping['as'], attribute: unknown) =>
    decide([mappingOf({ as: type })], { profile: { attribute } })

  test.each<[Mapping['as'], string, unknown, unknown]>([
    ['string', 'a text', 'Sales', 'Sales'],
    ['string', 'a text with spaces around it', ' Sales ', 'Sales'],
    ['string', 'a list of one', ['Sales'], 'Sales'],
    ['string', 'a number', 42, '42'],
    ['string', 'the longest text', 'x'.repeat(MAX_STRING_LENGTH), 'x'.repeat(MAX_STRING_LENGTH)],
    ['strings', 'one text', 'a', ['a']],
    ['strings', 'a list of one', ['a'], ['a']],
    ['strings', 'a list in another order', ['b', 'a'], ['a', 'b']],
    ['strings', 'a list with one twice', ['a', 'b', 'a '], ['a', 'b']],
    ['strings', 'an empty list', [], []],
    ['strings', 'numbers', [2, 1], ['1', '2']],
    ['integer', 'a number', 42, 42],
    ['integer', 'digits', ' 42 ', 42],
    ['integer', 'a negative number', '-1', -1],
    ['integer', '0', 0, 0],
    ['boolean', 'true', true, true],
    ['boolean', 'false', false, false],
    ['boolean', '"true"', 'true', true],
    ['boolean', '"false"', 'false', false],
  ])('of type %s is read from %s', (type, _title, attribute, value) => {
    expect(as(type, attribute)).toEqual(writing({ mapped: value }))
  })

  test.each<[Mapping['as'], string, unknown]>([
    ['string', 'a text that is too long', 'x'.repeat(MAX_STRING_LENGTH + 1)],
    ['string', 'a list of two', ['a', 'b']],
    ['string', 'an empty list', []],
    ['string', 'an object', { a: 1 }],
    ['string', 'an object with a key __proto__', JSON.parse('{"__proto__":{"a":1}}')],
    ['string', 'true', true],
    ['strings', 'a list that is too long', Array.from({ length: MAX_STRINGS + 1 }, String)],
    ['strings', 'a list with a text that is too long', ['x'.repeat(MAX_STRING_LENGTH + 1)]],
    ['strings', 'a list with an object in it', ['a', { b: 1 }]],
    ['strings', 'a list with null in it', ['a', null]],
    ['strings', 'a list in a list in a list', [[['a']]]],
    ['strings', 'an object', { 0: 'a', length: 1 }],
    ['integer', 'a fraction', 1.5],
    ['integer', 'a text that is no number', '12 apples'],
    ['integer', 'an empty text', ''],
    ['integer', 'a number beyond the safe ones', 2 ** 53],
    ['integer', 'more digits than are safe', '9'.repeat(16)],
    ['integer', 'an exponent', '1e3'],
    ['integer', 'a list', [42]],
    ['boolean', 'a word', 'yes'],
    ['boolean', 'a number', 1],
    ['boolean', 'an empty text', ''],
  ])('of type %s is not read from %s: skipped, logged, never cut', (type, _title, attribute) => {
    expect(as(type, attribute)).toEqual(unusable)
  })

  test('that cannot be used leaves what was mapped before, and the other mappings go on', () => {
    const other = mappingOf({ source: ['b'], target: { metadata: 'app_metadata', name: 'b' } })
    const decision = decide([mappingOf(), other], {
      profile: { attribute: {}, b: 'B' },
      metadata: holding({ mapped: 'old' }),
    })
    expect(decision).toEqual({ ...writing({ mapped: 'old', b: 'B' }), notes: unusable.notes })
  })

  test('of which a provider changes only the order is no change', () => {
    const metadata = holding({ mapped: ['admins', 'staff'] })
    for (const attribute of [
      ['admins', 'staff'],
      ['staff', 'admins'],
      ['staff', 'admins', 'staff'],
    ]) {
      expect(decide([mappingOf({ as: 'strings' })], { metadata, profile: { attribute } })).toEqual(
        ALLOW,
      )
    }
  })

  test('that is one group instead of two takes the other away', () => {
    const metadata = holding({ mapped: ['admins', 'staff'] })
    expect(
      decide([mappingOf({ as: 'strings' })], { metadata, profile: { attribute: 'staff' } }),
    ).toEqual(writing({ mapped: ['staff'] }))
  })

  test('that does not fit into the profile is refused and logged', () => {
    const metadata = { app_metadata: { x: 'x'.repeat(METADATA_BUDGET_BYTES) }, user_metadata: {} }
    expect(decide([mappingOf()], { metadata })).toEqual({
      ...ALLOW,
      notes: [{ code: 'metadata_budget_exceeded', target: 'app_metadata.idp' }],
    })
  })
})

test('several attributes and both metadata objects make one call each', () => {
  const decision = decide(
    [
      mappingOf({ source: ['a'], target: { metadata: 'app_metadata', name: 'a' } }),
      mappingOf({ source: ['b'], target: { metadata: 'user_metadata', name: 'b' } }),
      mappingOf({ source: ['c'], target: { metadata: 'app_metadata', name: 'c' } }),
    ],
    { profile: { a: 'A', b: 'B', c: 'C' } },
  )
  expect(decision).toEqual({
    ...ALLOW,
    changes: [
      { metadata: 'app_metadata', key: 'idp', value: { a: 'A', c: 'C' } },
      { metadata: 'user_metadata', key: 'idp', value: { b: 'B' } },
    ],
  })
})

describe('whatever is stored and whatever the identity provider says', () => {
  const attribute = fc.oneof(
    json,
    fc.string(),
    fc.array(fc.constantFrom('admins', 'staff', ' staff', 'x'.repeat(300)), { maxLength: 5 }),
  )
  const profile = fc.oneof(
    json,
    fc.record(
      {
        [URI]: attribute,
        employee_number: attribute,
        groups: attribute,
        locale: attribute,
        address: fc.oneof(json, fc.record({ country: attribute })),
      },
      { requiredKeys: [] },
    ),
  )
  const idp = fc.dictionary(
    fc.constantFrom('department', 'groups', 'employee_number', 'country', 'locale', 'theirs'),
    json,
  )
  const facts: fc.Arbitrary<IdpFacts> = fc.record({
    isRefreshExchange: fc.boolean(),
    strategy: fc.constantFrom('samlp', 'oidc', 'google-oauth2', 'auth0'),
    connection: fc.constantFrom('corp', 'google-oauth2'),
    profile,
    metadata: storedMetadata(['idp'], idp),
  })

  test('the sign-in goes on, and a second one with nothing new writes nothing', () => {
    fc.assert(
      fc.property(facts, (drawn) => {
        const first = decideIdpAttributes(drawn, OURS)
        if (first.kind !== 'allow') throw new Error('must allow')
        const metadata = mergeMetadata(drawn.metadata, first.changes)
        expect(decideIdpAttributes({ ...drawn, metadata }, OURS)).toMatchObject({
          kind: 'allow',
          changes: [],
        })
      }),
      RUNS,
    )
  })

  test('only the namespace changes, and in it only what is mapped', () => {
    const mapped = OURS.mappings.map(({ target }) => target.name)
    fc.assert(
      fc.property(facts, (drawn) => {
        const decision = decideIdpAttributes(drawn, OURS)
        if (decision.kind !== 'allow') throw new Error('must allow')
        const after = mergeMetadata(drawn.metadata, decision.changes)
        for (const { metadata, key } of decision.changes) {
          expect(key).toBe('idp')
          const before = drawn.metadata[metadata] as Record<string, unknown> | undefined
          const namespace = before?.['idp']
          if (namespace === null || typeof namespace !== 'object' || Array.isArray(namespace))
            continue
          const theirs = Object.entries(namespace).filter(([name]) => !mapped.includes(name))
          const now = (after[metadata] as { idp: object }).idp
          expect(Object.entries(now)).toEqual(expect.arrayContaining(theirs))
        }
      }),
      RUNS,
    )
  })
})
