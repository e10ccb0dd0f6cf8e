import { withoutReasons } from '../../../test-kit/actions/without-reasons.ts'
import { describe, expect, test } from '@jest/globals'
import {
  decideIdpAttributes,
  explainIdpAttributes,
  type Outcome,
} from '../../../actions/map-idp-attributes/decide.ts'
import type { IdpFacts } from '../../../actions/map-idp-attributes/facts.ts'
import type {
  MapIdpAttributesSettings,
  Mapping,
  Mode,
  Source,
} from '../../../actions/map-idp-attributes/mapping.ts'
import { MAX_INPUT_ELEMENTS } from '../../../actions/shared/strings.ts'
import { MAX_MATCHED_LENGTH as MAX_TEXT } from '../../../actions/shared/when.ts'
import { METADATA_BUDGET_BYTES, type StoredMetadata } from '../../../actions/shared/metadata.ts'
import { mergeMetadata } from '../../../test-kit/actions/merge-metadata.ts'
import {
  factsWith,
  IDENTITY,
  MAPPING,
  settingsWith,
} from '../../../test-kit/actions/mapping-facts.ts'

const ALLOW = { kind: 'allow', changes: [], claims: [], notes: [], forget: [], reasons: [] }

const decide = (
  mappings: readonly Mapping[],
  facts: Partial<IdpFacts> = {},
  settings: Partial<MapIdpAttributesSettings> = {},
) => withoutReasons(decideIdpAttributes(factsWith(facts), settingsWith(mappings, settings)))

const writing = (idp: unknown) => ({
  ...ALLOW,
  changes: [{ metadata: 'app_metadata', key: 'idp', value: idp }],
})

const holding = (idp: unknown): StoredMetadata => ({
  app_metadata: idp === undefined ? {} : { idp },
  user_metadata: {},
})

const outcomesOf = (mappings: readonly Mapping[], facts: Partial<IdpFacts> = {}): Outcome[] =>
  explainIdpAttributes(factsWith(facts), settingsWith(mappings)).results.map(
    ({ outcome }) => outcome,
  )

describe('a source', () => {
  const identities = [
    { connection: 'first', provider: 'auth0', user_id: '1' },
    {
      connection: 'second',
      provider: 'samlp',
      user_id: 'second|1',
      profileData: { attribute: null },
    },
    {
      connection: 'corp',
      provider: 'samlp',
      user_id: 'corp|1',
      profileData: { attribute: 'linked', a: [{ b: 'x' }] },
    },
    { connection: 'bare', provider: 'oidc', user_id: 'bare|1' },
  ]
  const profile = {
    user_id: 'auth0|1',
    attribute: 'root',
    'urn:dept.name': 'uri',
    address: [{ country: 'PT' }, { country: 'SE' }],
    single: { country: 'CH' },
    zero: 0,
    no: false,
    empty: '',
    identities,
  }
  const linked = (identity: NonNullable<Source['identity']>): Source => ({ identity })

  test.each<[string, Source[], unknown]>([
    ['a root attribute', [{ attribute: ['attribute'] }], 'root'],
    ['a name that is a URI with dots', [{ attribute: ['urn:dept.name'] }], 'uri'],
    ['an element by index', [{ attribute: ['address', 1, 'country'] }], 'SE'],
    ['the first element of what is no list', [{ attribute: ['single', 0, 'country'] }], 'CH'],
    ['the identity used now', [{ currentIdentity: ['attribute'] }], 'linked'],
    ['a path in that identity', [{ currentIdentity: ['a', 0, 'b'] }], 'x'],
    [
      'a linked identity by connection',
      [linked({ connection: 'corp', path: ['attribute'] })],
      'linked',
    ],
    [
      'the primary identity by connection, which is the root',
      [linked({ connection: 'first', path: ['attribute'] })],
      'root',
    ],
    [
      'a linked identity by provider, the first that has it',
      [linked({ provider: 'samlp', path: ['attribute'] })],
      'linked',
    ],
    ['connection metadata', [{ connectionMetadata: 'region' }], 'eu'],
    ['organization metadata', [{ organizationMetadata: 'plan' }], 'gold'],
    ['a constant', [{ constant: 'employee' }], 'employee'],
    ['0, which is there', [{ attribute: ['zero'] }, { constant: 'x' }], '0'],
    ['false, which is there', [{ attribute: ['no'] }, { constant: 'x' }], 'false'],
    ['an empty text, which is there', [{ attribute: ['empty'] }, { constant: 'x' }], ''],
    ['the next where the first is missing', [{ attribute: ['no such'] }, { constant: 'x' }], 'x'],
    [
      'identities in the order of their priority',
      [
        linked({ connection: 'bare', path: ['attribute'] }),
        linked({ connection: 'second', path: ['attribute'] }),
        linked({ connection: 'corp', path: ['attribute'] }),
        linked({ connection: 'first', path: ['attribute'] }),
      ],
      'linked',
    ],
  ])('may be %s', (_title, from, value) => {
    const mapping: Mapping = { ...MAPPING, from: from as unknown as Mapping['from'] }
    expect(decide([mapping], { profile })).toEqual(writing({ mapped: value }))
  })

  test.each<[string, Source, Partial<IdpFacts>]>([
    ['is not there', { attribute: ['missing'] }, {}],
    ['is null', { attribute: ['attribute'] }, { profile: { attribute: null } }],
    ['ends in its path', { attribute: ['a', 'b'] }, { profile: { a: 'text' } }],
    ['is beyond the end of a list', { attribute: ['a', 2] }, { profile: { a: ['x'] } }],
    ['is a later element of no list', { attribute: ['a', 1] }, { profile: { a: 'x' } }],
    ['would be inherited', { attribute: ['constructor', 'name'] }, {}],
    ['would be the length of a list', { attribute: ['a', 'length'] }, { profile: { a: [1] } }],
    [
      'is of no identity',
      { identity: { connection: 'corp', path: ['a'] } },
      { profile: { identities: [] } },
    ],
    [
      'is of identities that are none',
      { identity: { connection: 'corp', path: ['a'] } },
      { profile: { identities: 'x' } },
    ],
    [
      'is metadata of no organization',
      { organizationMetadata: 'plan' },
      { organizationMetadata: undefined },
    ],
    ['is inherited metadata', { connectionMetadata: 'toString' }, {}],
  ])('that %s leaves what was mapped before', (_title, source, facts) => {
    const metadata = holding({ mapped: 'old' })
    expect(decide([{ ...MAPPING, from: [source] }], { metadata, ...facts })).toEqual(ALLOW)
  })
})

describe('a value that nobody can use', () => {
  const corp = IDENTITY
  const other = { connection: 'other', provider: 'oidc', user_id: 'other|1' }
  const attributes = { attribute: 'new' }
  type Case = [string, unknown, Partial<Mapping>, string]
  const unclear: Case[] = [
    ['from identities of which none is used now', { ...attributes, identities: [other] }],
    ['from two identities of one connection', { ...attributes, identities: [corp, corp] }],
    ['from identities that are none', { ...attributes, identities: 'x' }],
    ['for a user_id of another identity', { ...attributes, user_id: 'oidc|other|1' }],
    ['for a user_id that is none', { ...attributes, user_id: 7 }],
    [
      'from a linked identity where no identity is that of the user_id',
      { identities: [other, { ...corp, profileData: attributes }], user_id: 'x|y' },
    ],
  ].map(([title, profile]) => [title, profile, {}, 'identity_unclear'] as Case)
  const cases: Case[] = [
    ...unclear,
    ['that is an object', { attribute: { a: 1 } }, {}, 'attribute_unusable'],
    ['in a list with an object', { attribute: ['a', {}] }, {}, 'attribute_unusable'],
    ['that is too long', { attribute: 'x'.repeat(257) }, {}, 'attribute_too_long'],
    [
      'of which there are too many',
      { attribute: ['a', 'b'] },
      { as: 'strings', limits: { elements: 1 } },
      'attribute_too_many',
    ],
    [
      'that takes too many bytes',
      { attribute: 'abcdef' },
      { limits: { bytes: 4 } },
      'attribute_too_large',
    ],
    ['that is of another type', { attribute: 'x' }, { as: 'integer' }, 'attribute_unusable'],
  ]
  const metadata = holding({ mapped: 'old', kept: 1 })
  const mappingOf = (mapping: Partial<Mapping>, unusable?: Mapping['unusable']) =>
    ({ ...MAPPING, from: [{ currentIdentity: ['attribute'] }], ...mapping, unusable }) as Mapping
  const note = (code: string) => ({ code, target: 'app_metadata.idp.mapped' })

  test.each(cases)(
    '%s is kept, deleted or the default, as asked',
    (_title, profile, part, code) => {
      const after = (unusable: Mapping['unusable']) =>
        decide([mappingOf(part, unusable)], { profile, metadata })
      const notes = [note(code)]
      expect(after('keep')).toEqual({ ...ALLOW, notes })
      expect(after('delete')).toEqual({ ...writing({ kept: 1 }), notes })
      expect(after({ default: 'd' })).toEqual({
        ...writing({ kept: 1, mapped: 'd' }),
        notes,
      })
    },
  )

  test('is not looked for in the next source, nor in the next mapping', () => {
    const from = [{ currentIdentity: ['attribute'] }, { constant: 'x' }] as const
    const mappings = [mappingOf({ from }, 'delete'), mappingOf({ from: [{ constant: 'y' }] })]
    const facts = { profile: { attribute: {} }, metadata }
    expect(outcomesOf(mappings, facts)).toEqual(['deleted', 'target_taken'])
  })

  test('goes by the default of the settings where the mapping says nothing', () => {
    const { unusable, ...mapping } = mappingOf({})
    expect(unusable).toBeUndefined()
    const facts = { profile: { attribute: {} }, metadata }
    for (const [policy, outcome] of [
      ['keep', 'value_invalid'],
      ['delete', 'deleted'],
    ] as const) {
      const settings = settingsWith([mapping], {
        defaults: { mode: 'force', missing: 'keep', unusable: policy },
      })
      const { results } = explainIdpAttributes(factsWith(facts), settings)
      expect(results[0]?.outcome).toBe(outcome)
    }
  })

  test('is what app_metadata of the same name hides, whoever wrote that', () => {
    const hiding = {
      app_metadata: { idp: { mapped: 'old' }, attribute: 'new' },
      user_metadata: {},
    }
    for (const source of [
      { currentIdentity: ['attribute'] },
      { attribute: ['attribute'] },
      { identity: { connection: 'corp', path: ['attribute'] } },
    ] as const) {
      const { notes, changes } = decide([mappingOf({ from: [source] }, 'delete')], {
        metadata: hiding,
      })
      expect(notes).toEqual([note('attribute_hidden')])
      expect(changes).toEqual([{ metadata: 'app_metadata', key: 'idp', value: null }])
    }
  })

  test('is not what is hidden from a linked identity, which has a place of its own', () => {
    const profile = {
      user_id: 'oidc|other|1',
      identities: [other, { ...corp, profileData: { attribute: 'linked' } }],
    }
    const hiding = { app_metadata: { attribute: 'x' }, user_metadata: {} }
    expect(decide([mappingOf({})], { profile, metadata: hiding })).toEqual(
      writing({ mapped: 'linked' }),
    )
  })

  test('changes nothing in a mode that never deletes', () => {
    for (const mode of ['import', 'fill'] as const) {
      const facts = { profile: { attribute: {} }, metadata }
      expect(decide([mappingOf({ mode }, 'delete')], facts).changes).toEqual([])
    }
  })

  test('is one of which a transform made more than the next one can take', () => {
    const facts = { profile: { attribute: ';'.repeat(MAX_INPUT_ELEMENTS) }, metadata }
    const split = mappingOf({ as: 'strings', transforms: [{ split: ';' }, { limit: 1 }] })
    expect(decide([split], facts).notes).toEqual([note('attribute_too_large')])
    const grown = mappingOf({
      transforms: [
        { replace: { pattern: 'a', with: 'b'.repeat(600) } },
        { lookUp: { table: {}, otherwise: 'x' } },
      ],
    })
    const attribute = Array.from({ length: 1000 }, () => 'a')
    expect(decide([grown], { profile: { attribute }, metadata }).notes).toEqual([
      note('attribute_too_large'),
    ])
  })

  test.each<[string, unknown, Mapping['transforms']]>([
    [
      'filter',
      ['role:b', `note:${'x,'.repeat(MAX_TEXT)}a`],
      [{ filter: { prefix: 'role:' } }, { stripPrefix: 'role:' }, { split: ',' }],
    ],
    ['capture', `note=${'x;'.repeat(MAX_TEXT)}a`, [{ capture: { pattern: '^role=(.*)' } }]],
    ['lookUp', 'x'.repeat(MAX_TEXT + 1), [{ lookUp: { table: { a: 'b' } } }]],
    ['roles', ['a', 'x'.repeat(MAX_TEXT + 1)], [{ roles: { a: 'b' } }]],
    ['limit', ['a', 'x'.repeat(MAX_TEXT + 1)], [{ limit: 1 }]],
  ])('is a text too long for %s, which a later split cannot cut small', (_title, said, steps) => {
    const transforms = [...(steps ?? []), { split: ';' }]
    const mapping = mappingOf({ as: 'strings', transforms }, 'delete')
    const facts = { profile: { attribute: said }, metadata }
    expect(decide([mapping], facts)).toEqual({
      ...writing({ kept: 1 }),
      notes: [note('attribute_too_long')],
    })
    const cut = mappingOf({
      as: 'strings',
      transforms: [{ split: 'x' }, { filter: { prefix: 'a' } }],
    })
    const many = { profile: { attribute: `${'x'.repeat(MAX_TEXT)}a` }, metadata }
    expect(decide([cut], many)).toEqual(writing({ kept: 1, mapped: ['a'] }))
  })

  test('is no element that is null or empty: those are left out of a list', () => {
    const mapping = mappingOf({ as: 'strings' })
    const after = (attribute: unknown) => decide([mapping], { profile: { attribute } })
    expect(after(['a', null, '', ' ', undefined, 'b'])).toEqual(writing({ mapped: ['a', 'b'] }))
    for (const nothing of ['', [''], [null], []]) {
      expect(after(nothing)).toEqual(writing({ mapped: [] }))
    }
  })
})

describe('a value that finds no room in the profile', () => {
  const roles: Mapping = {
    ...MAPPING,
    from: [{ currentIdentity: ['roles'] }],
    as: 'strings',
    unusable: 'delete',
    to: { metadata: 'app_metadata', path: ['idp', 'roles'] },
  }
  const large = (unusable: Mapping['unusable']) =>
    ({ ...MAPPING, limits: { length: 1024 }, unusable }) as Mapping
  const metadata: StoredMetadata = {
    app_metadata: {
      idp: { roles: ['admin', 'user'], mapped: 'old' },
      others: 'x'.repeat(METADATA_BUDGET_BYTES - 200),
    },
    user_metadata: {},
  }
  const profile = { roles: ['user'], attribute: 'x'.repeat(500) }
  const notes = [{ code: 'metadata_budget_exceeded', target: 'app_metadata.idp' }]

  test.each<[Mapping['unusable'], object]>([
    ['keep', { roles: ['user'], mapped: 'old' }],
    ['delete', { roles: ['user'] }],
    [{ default: 'd' }, { roles: ['user'], mapped: 'd' }],
  ])('is treated as unusable, %j, and ends no right less', (unusable, idp) => {
    const mappings = [roles, large(unusable)]
    const decision = decide(mappings, { profile, metadata })
    expect(decision).toEqual({ ...writing(idp), notes })
    const after = mergeMetadata(metadata, decision.changes)
    expect(decide(mappings, { profile, metadata: after })).toEqual({ ...ALLOW, notes })
  })

  test('is itself a right that goes', () => {
    const grown = { profile: { roles: ['x'.repeat(250), 'user'] }, metadata }
    expect(decide([roles], grown)).toEqual({ ...writing({ mapped: 'old' }), notes })
  })
})

describe('a right beside a name that Auth0 refuses, of an old profile', () => {
  const roles: Mapping = { ...MAPPING, from: [{ currentIdentity: ['roles'] }], missing: 'delete' }
  const metadata = holding({
    mapped: 'admin',
    'http://old.claim': 'x',
    kept: [{ $x: 1, fine: 1 }],
  })
  test.each<[string, unknown, object]>([
    ['goes', {}, { kept: [{ fine: 1 }] }],
    ['changes', { roles: 'user' }, { mapped: 'user', kept: [{ fine: 1 }] }],
  ])('%s, and the name goes with it', (_title, profile, idp) => {
    expect(decide([roles], { profile, metadata })).toEqual(writing(idp))
  })

  test('leaves the name where nothing changes', () => {
    expect(decide([roles], { profile: { roles: 'admin' }, metadata })).toEqual(ALLOW)
  })
})

describe('a default for what finds no room', () => {
  const roles = (missing: Mapping['missing'], unusable: Mapping['unusable']) =>
    ({
      ...MAPPING,
      when: { connection: { equals: 'corp' } },
      from: [{ currentIdentity: ['roles'] }],
      as: 'strings',
      missing,
      unusable,
    }) as Mapping
  const long = { default: ['nothing-at-all-long'] } as never
  const full = (room: number): StoredMetadata => ({
    app_metadata: { idp: { mapped: ['a'] }, others: 'x'.repeat(METADATA_BUDGET_BYTES - room) },
    user_metadata: {},
  })
  const deleted = {
    ...ALLOW,
    changes: [{ metadata: 'app_metadata', key: 'idp', value: null }],
    notes: [{ code: 'metadata_budget_exceeded', target: 'app_metadata.idp' }],
  }

  test.each<[string, string, unknown]>([
    ['the identity says more than fits', 'corp', ['shop-user-buyer-long-name']],
    ['the identity says nothing', 'corp', undefined],
    ['another identity is used', 'other', undefined],
  ])('deletes the right when it does not fit either, where %s', (_title, connection, said) => {
    const facts = { connection, profile: { roles: said }, metadata: full(48) }
    expect(decide([roles(long, long)], facts)).toEqual(deleted)
  })
})

describe('where no mapping to a target is for the identity used now', () => {
  const ofCorp: Mapping = {
    ...MAPPING,
    when: { connection: { equals: 'corp' } },
    missing: 'delete',
  }
  const ofOther: Mapping = {
    ...MAPPING,
    when: { connection: { equals: 'other' } },
    missing: 'keep',
  }
  const metadata = holding({ mapped: 'old', kept: 1 })
  const at = (connection: string, mappings: readonly Mapping[], facts: Partial<IdpFacts> = {}) =>
    decide(mappings, { connection, profile: {}, metadata, ...facts })
  const DELETED = writing({ kept: 1 })

  test.each<[string, Mapping[], object]>([
    ['a mapping that deletes what is missing deletes', [ofCorp], DELETED],
    [
      'one with a default writes it',
      [{ ...ofCorp, missing: { default: 'd' } }],
      writing({ kept: 1, mapped: 'd' }),
    ],
    ['one that keeps what is missing keeps', [{ ...ofCorp, missing: 'keep' }], ALLOW],
    ['one that is for it keeps, before the others delete', [ofCorp, ofOther], ALLOW],
    ['so it does after them', [ofOther, ofCorp], ALLOW],
    [
      'one whose client is another too deletes',
      [{ ...ofCorp, when: { connection: { equals: 'corp' }, client: { equals: 'x' } } }],
      DELETED,
    ],
    [
      'one whose organization is another too deletes',
      [{ ...ofCorp, when: { connection: { equals: 'corp' }, organization: { equals: 'x' } } }],
      DELETED,
    ],
    [
      'one for another client alone keeps',
      [{ ...ofCorp, when: { connection: { equals: 'other' }, client: { equals: 'x' } } }],
      ALLOW,
    ],
    [
      'one for another organization keeps',
      [{ ...ofCorp, when: { organization: { equals: 'x' } } }],
      ALLOW,
    ],
    ['one that imports keeps', [{ ...ofCorp, mode: 'import', missing: { default: 'd' } }], ALLOW],
    [
      'a strategy counts like a connection',
      [{ ...ofCorp, when: { strategy: { equals: 'oidc' } } }],
      DELETED,
    ],
    [
      'so does a claim',
      [{ ...ofCorp, when: { attribute: { path: ['x'], exists: true } } }],
      DELETED,
    ],
    [
      'so does an address',
      [{ ...ofCorp, when: { emailDomain: { equals: 'example.com' } } }],
      DELETED,
    ],
  ])('%s', (_title, mappings, after) => {
    expect(at('other', mappings)).toEqual(after)
  })

  test('the defaults that count are those of the connection that the mapping names', () => {
    const { missing, ...silent } = ofCorp
    expect(missing).toBe('delete')
    const settings = settingsWith([silent], {
      defaults: {
        mode: 'force',
        missing: 'keep',
        unusable: 'keep',
        connections: { corp: { missing: 'delete' } },
      },
    })
    const facts = factsWith({ connection: 'other', profile: {}, metadata })
    expect(withoutReasons(decideIdpAttributes(facts, settings))).toEqual(DELETED)
  })

  test('nothing is written for a user who never had the value', () => {
    const never = { metadata: holding({ kept: 1 }) }
    const mappings = [ofCorp, { ...ofCorp, missing: { default: 'd' } } as Mapping]
    expect(at('other', mappings, never)).toEqual(ALLOW)
  })

  test('of several mappings the first that does not keep decides, and once', () => {
    const mappings = [{ ...ofCorp, missing: { default: 'd' } } as Mapping, ofCorp]
    const first = at('other', mappings)
    expect(first).toEqual(writing({ kept: 1, mapped: 'd' }))
    expect(at('other', mappings, { metadata: holding({ kept: 1, mapped: 'd' }) })).toEqual(ALLOW)
  })

  test('what the user changed stays', () => {
    const mapping = { ...ofCorp, to: { metadata: 'user_metadata', path: ['idp', 'x'] } } as Mapping
    const user_metadata = { idp: { x: 'edited', written: { x: 'old' } } }
    expect(at('other', [mapping], { metadata: { app_metadata: {}, user_metadata } })).toEqual(ALLOW)
  })
})

describe('by mode, by what the target holds, by whether the attribute is there', () => {
  const stored = {
    absent: undefined,
    null: null,
    empty: '',
    '[]': [],
    '{}': {},
    zero: 0,
    false: false,
    equal: 'new',
    other: 'old',
  }
  // What happens to each of the nine above: written, deleted, or nothing.
  const w = 'written'
  const d = 'deleted'
  const m = 'kept_by_mode'
  const e = 'equal'
  const matrix: [Mode, Mapping['missing'], boolean, Outcome[]][] = [
    ['force', 'keep', true, [w, w, w, w, w, w, w, e, w]],
    ['force', 'delete', true, [w, w, w, w, w, w, w, e, w]],
    ['force', { default: 'new' }, true, [w, w, w, w, w, w, w, e, w]],
    ['force', 'keep', false, Array.from({ length: 9 }, () => 'missing' as const)],
    ['force', 'delete', false, [e, d, d, d, d, d, d, d, d]],
    ['force', { default: 'new' }, false, [w, w, w, w, w, w, w, e, w]],
    ['import', 'keep', true, [w, m, m, m, m, m, m, e, m]],
    ['import', 'delete', true, [w, m, m, m, m, m, m, e, m]],
    ['import', { default: 'new' }, true, [w, m, m, m, m, m, m, e, m]],
    ['import', 'keep', false, Array.from({ length: 9 }, () => 'missing' as const)],
    ['import', 'delete', false, [e, m, m, m, m, m, m, m, m]],
    ['import', { default: 'new' }, false, [w, m, m, m, m, m, m, e, m]],
    ['fill', 'keep', true, [w, w, w, w, w, m, m, e, m]],
    ['fill', 'delete', true, [w, w, w, w, w, m, m, e, m]],
    ['fill', { default: 'new' }, true, [w, w, w, w, w, m, m, e, m]],
    ['fill', 'keep', false, Array.from({ length: 9 }, () => 'missing' as const)],
    ['fill', 'delete', false, [e, m, m, m, m, m, m, m, m]],
    ['fill', { default: 'new' }, false, [w, w, w, w, w, m, m, e, m]],
  ]
  const rows = matrix.flatMap(([mode, missing, isThere, outcomes]) =>
    Object.entries(stored).map(
      ([state, value], index) => [mode, missing, isThere, state, outcomes[index], value] as const,
    ),
  )

  test.each(rows)(
    'mode %s, missing %j, attribute there %s, target %s: %s',
    (mode, missing, isThere, _state, outcome, value) => {
      const mapping = { ...MAPPING, mode, missing } as Mapping
      const metadata = holding(value === undefined ? { kept: 1 } : { kept: 1, mapped: value })
      const facts = { metadata, profile: isThere ? { attribute: 'new' } : {} }
      expect(outcomesOf([mapping], facts)).toEqual([outcome])
      expect(decide([mapping], facts)).toEqual(
        outcome === 'written'
          ? writing({ kept: 1, mapped: 'new' })
          : outcome === 'deleted'
            ? writing({ kept: 1 })
            : ALLOW,
      )
    },
  )

  test('transforms that leave nothing of a single value make it missing', () => {
    const mapping: Mapping = { ...MAPPING, transforms: [{ lookUp: { table: { a: 'b' } } }] }
    const metadata = holding({ mapped: 'old' })
    expect(decide([mapping], { metadata })).toEqual(ALLOW)
    expect(decide([{ ...mapping, missing: 'delete' }], { metadata })).toEqual({
      ...ALLOW,
      changes: [{ metadata: 'app_metadata', key: 'idp', value: null }],
    })
  })

  test('groups of which none stays are an empty list, so that a role once given goes', () => {
    const mapping: Mapping = {
      ...MAPPING,
      as: 'strings',
      transforms: [{ roles: { admins: 'admin' } }],
    }
    const metadata = holding({ mapped: ['admin'] })
    expect(decide([mapping], { metadata, profile: { attribute: ['staff'] } })).toEqual(
      writing({ mapped: [] }),
    )
  })
})

describe('a default for what a mapping does not say', () => {
  const defaults: MapIdpAttributesSettings['defaults'] = {
    mode: 'import',
    missing: 'keep',
    unusable: 'keep',
    strategies: { samlp: { mode: 'force', missing: 'delete' } },
    connections: { special: { mode: 'fill' } },
  }
  test.each<[string, Partial<IdpFacts>, Partial<Mapping>, Outcome]>([
    ['is that of all', { strategy: 'oidc' }, {}, 'kept_by_mode'],
    ['is that of the strategy before it', {}, {}, 'written'],
    ['is that of the connection before it', { connection: 'special' }, {}, 'kept_by_mode'],
    ['is not asked where the mapping says it', { strategy: 'oidc' }, { mode: 'force' }, 'written'],
    ['says what missing means', { profile: {} }, {}, 'deleted'],
    ['says it by strategy', { profile: {}, strategy: 'oidc' }, {}, 'missing'],
    ['is not inherited', { strategy: 'constructor', connection: '__proto__' }, {}, 'kept_by_mode'],
  ])('%s', (_title, facts, mapping, outcome) => {
    const { results } = explainIdpAttributes(
      factsWith({ metadata: holding({ mapped: 'old' }), ...facts }),
      settingsWith([{ ...MAPPING, ...mapping }], { defaults }),
    )
    expect(results[0]?.outcome).toBe(outcome)
  })
})

describe('of several mappings to one target', () => {
  const first: Mapping = { ...MAPPING, from: [{ attribute: ['a'] }] }
  const second: Mapping = { ...MAPPING, from: [{ attribute: ['b'] }] }
  const profile = { a: 'A', b: 'B' }
  test.each<[string, Mapping[], unknown, Outcome[]]>([
    ['the first decides', [first, second], profile, ['written', 'target_taken']],
    [
      'one whose conditions fail does not',
      [{ ...first, when: { client: { equals: 'x' } } }, second],
      profile,
      ['condition', 'written'],
    ],
    [
      'one that keeps a missing value does not',
      [first, second],
      { b: 'B' },
      ['missing', 'written'],
    ],
    [
      'one that deletes it does',
      [{ ...first, missing: 'delete' }, second],
      { b: 'B' },
      ['equal', 'target_taken'],
    ],
    [
      'one whose value is bad does, so that no other takes its place',
      [first, second],
      { a: {}, b: 'B' },
      ['value_invalid', 'target_taken'],
    ],
    [
      'one that imported before does',
      [{ ...first, mode: 'import' }, second],
      profile,
      ['kept_by_mode', 'target_taken'],
    ],
  ])('%s', (_title, mappings, person, outcomes) => {
    const metadata = holding(outcomes[0] === 'kept_by_mode' ? { mapped: 'old' } : undefined)
    expect(outcomesOf(mappings, { profile: person, metadata })).toEqual(outcomes)
  })
})

describe('a target', () => {
  const nested: Mapping = { ...MAPPING, to: { metadata: 'app_metadata', path: ['idp', 'a', 'b'] } }

  test.each<[string, unknown, unknown]>([
    ['is made with the objects on its way', undefined, { a: { b: 'new' } }],
    ['keeps what lies beside it', { a: { c: 1 }, d: [2] }, { a: { b: 'new', c: 1 }, d: [2] }],
    ['takes the place of what is no object', { a: 'text' }, { a: { b: 'new' } }],
    ['takes the place of a namespace that is none', ['junk'], { a: { b: 'new' } }],
  ])('with several names %s', (_title, idp, after) => {
    expect(decide([nested], { metadata: holding(idp) })).toEqual(writing(after))
  })

  test.each<[string, unknown, unknown]>([
    ['alone takes its objects and the key along', { a: { b: 'old' } }, null],
    ['keeps what lies beside it', { a: { b: 'old', c: {} }, d: 1 }, { a: { c: {} }, d: 1 }],
    ['keeps an empty object beside it', { a: { b: 'old' }, d: {} }, { d: {} }],
  ])('that is deleted %s', (_title, idp, after) => {
    const mapping: Mapping = { ...nested, missing: 'delete' }
    expect(decide([mapping], { profile: {}, metadata: holding(idp) })).toEqual(writing(after))
  })

  test('and others make one call for each top-level key', () => {
    const other: Mapping = { ...MAPPING, to: { metadata: 'user_metadata', path: ['idp', 'x'] } }
    expect(decide([nested, MAPPING, other]).changes).toEqual([
      { metadata: 'app_metadata', key: 'idp', value: { a: { b: 'new' }, mapped: 'new' } },
      {
        metadata: 'user_metadata',
        key: 'idp',
        value: { x: 'new', written: { x: 'new' } },
      },
    ])
  })

  test('of which one value goes and another comes is written once', () => {
    const gone: Mapping = { ...MAPPING, from: [{ attribute: ['gone'] }], missing: 'delete' }
    const metadata = holding({ mapped: 'old' })
    expect(decide([gone, nested], { metadata })).toEqual(writing({ a: { b: 'new' } }))
    expect(decide([nested, gone], { metadata })).toEqual(writing({ a: { b: 'new' } }))
  })
})

describe("a user's own edit in user_metadata", () => {
  const force: Mapping = { ...MAPPING, to: { metadata: 'user_metadata', path: ['idp', 'locale'] } }
  const signIn = (attribute: unknown, user_metadata: unknown, mapping: Mapping = force) => {
    const metadata = { app_metadata: {}, user_metadata }
    const facts = factsWith({ profile: { attribute }, metadata })
    const { results } = explainIdpAttributes(facts, settingsWith([mapping]))
    const { changes } = decideIdpAttributes(facts, settingsWith([mapping]))
    return {
      outcome: results[0]?.outcome,
      after: mergeMetadata(metadata, changes).user_metadata as { idp: Record<string, unknown> },
    }
  }

  test('is kept; what was not edited follows the identity provider', () => {
    const first = signIn('de', {})
    expect(first).toEqual({
      outcome: 'written',
      after: { idp: { locale: 'de', written: { locale: 'de' } } },
    })
    const second = signIn('fr', first.after)
    expect(second.after.idp).toEqual({ locale: 'fr', written: { locale: 'fr' } })

    const edited = { idp: { ...second.after.idp, locale: 'it' } }
    expect(signIn('en', edited)).toEqual({ outcome: 'edited', after: edited })
    expect(signIn('it', edited)).toEqual({ outcome: 'equal', after: edited })
  })

  test.each<[string, unknown]>([
    ['that took the value away', { idp: { written: { locale: 'de' } } }],
    ['that emptied it', { idp: { locale: '', written: { locale: 'de' } } }],
    ['that was there before us', { idp: { locale: 'it' } }],
    ['that took our note away', { idp: { locale: 'it', written: {} } }],
    ['that made the note no object', { idp: { locale: 'it', written: 'x' } }],
  ])('%s is kept', (_title, stored) => {
    expect(signIn('en', stored)).toEqual({ outcome: 'edited', after: stored })
    expect(signIn(undefined, stored, { ...force, missing: 'delete' })).toMatchObject({
      after: stored,
    })
  })

  test('is overwritten when the mapping says so, and no note is taken', () => {
    const edited = { idp: { locale: 'it', written: { locale: 'de' } } }
    const { after } = signIn('en', edited, { ...force, overwriteUserEdits: true })
    expect(after).toEqual({ idp: { locale: 'en', written: { locale: 'de' } } })
  })

  test('does not stop a deletion of what was not edited, which leaves nothing', () => {
    const mapping: Mapping = { ...force, missing: 'delete' }
    const { after } = signIn('de', { theirs: 1 }, mapping)
    expect(signIn(undefined, after, mapping)).toEqual({ outcome: 'deleted', after: { theirs: 1 } })
  })

  test.each<Mode>(['import', 'fill'])('is a value that %s leaves alone', (mode) => {
    const stored = { idp: { locale: 'it' } }
    expect(signIn('en', stored, { ...force, mode })).toEqual({
      outcome: 'kept_by_mode',
      after: stored,
    })
    expect(signIn('en', {}, { ...force, mode }).after).toEqual({ idp: { locale: 'en' } })
  })
})

describe('a value', () => {
  test.each<[string, unknown, string]>([
    ['that is an object', {}, 'attribute_unusable'],
    ['that is too long', 'x'.repeat(257), 'attribute_too_long'],
    ['with too many elements', Array.from({ length: 51 }, (_, i) => `g${i}`), 'attribute_too_many'],
    [
      'with too many bytes',
      Array.from({ length: 9 }, (_, i) => `${i}${'x'.repeat(240)}`),
      'attribute_too_large',
    ],
  ])(
    '%s is skipped and logged by code, and the other mappings go on',
    (_title, attribute, code) => {
      const strings: Mapping = { ...MAPPING, as: 'strings' }
      const other: Mapping = {
        ...MAPPING,
        from: [{ constant: 'B' }],
        to: { metadata: 'app_metadata', path: ['idp', 'b', 'c'] },
      }
      const metadata = holding({ mapped: ['old'] })
      expect(decide([strings, other], { profile: { attribute }, metadata })).toEqual({
        ...writing({ mapped: ['old'], b: { c: 'B' } }),
        notes: [{ code, target: 'app_metadata.idp.mapped' }],
      })
    },
  )

  test('may have limits of its own', () => {
    const long: Mapping = { ...MAPPING, limits: { length: 3 } }
    expect(decide([long], { profile: { attribute: 'four' } }).notes).toEqual([
      { code: 'attribute_too_long', target: 'app_metadata.idp.mapped' },
    ])
    expect(decide([long], { profile: { attribute: 'thr' } })).toEqual(writing({ mapped: 'thr' }))
  })

  test('passes its transforms in their order', () => {
    const mapping: Mapping = {
      ...MAPPING,
      as: 'strings',
      transforms: [
        { capture: { pattern: '^CN=([^,]+)' } },
        'lower',
        { filter: { prefix: 'app-' } },
        { stripPrefix: 'app-' },
      ],
    }
    const attribute = ['CN=App-B,OU=x', 'CN=Other', 'CN=APP-A,OU=y', 'CN=app-b']
    expect(decide([mapping], { profile: { attribute } })).toEqual(writing({ mapped: ['a', 'b'] }))
  })

  test('that does not fit into the profile is refused and logged', () => {
    const metadata = {
      app_metadata: { x: 'x'.repeat(METADATA_BUDGET_BYTES) },
      user_metadata: {},
    }
    expect(decide([MAPPING], { metadata })).toEqual({
      ...ALLOW,
      notes: [{ code: 'metadata_budget_exceeded', target: 'app_metadata.idp' }],
    })
  })
})

test('a refresh-token exchange maps nothing: nobody asked the identity provider', () => {
  expect(decide([MAPPING], { isRefreshExchange: true })).toEqual(ALLOW)
})

test('10,000 groups and 1,000 roles are filtered before anything is limited', () => {
  const roles = Object.fromEntries(
    Array.from({ length: 1000 }, (_, i) => [`app-${i}-${i % 2 ? '*' : 'x'}`, `role-${i % 3}`]),
  )
  const mapping: Mapping = { ...MAPPING, as: 'strings', transforms: [{ roles }] }
  const attribute = Array.from({ length: 10_000 }, (_, i) => `app-${i}-x`)
  expect(decide([mapping], { profile: { attribute } })).toEqual(
    writing({ mapped: ['role-0', 'role-1', 'role-2'] }),
  )
})

test('a retired target goes with the copy that tells an edit, in the one write of the sign-in', () => {
  const settings = settingsWith([MAPPING], {
    retiredKeys: [
      { metadata: 'user_metadata', path: ['idp', 'nick'] },
      { metadata: 'app_metadata', path: ['idp', 'former'] },
    ],
  })
  const metadata = {
    app_metadata: { idp: { former: 1, other: 2 } },
    user_metadata: { idp: { nick: 'a', written: { nick: 'a' } } },
  }
  const { changes } = decideIdpAttributes(factsWith({ metadata }), settings)
  expect(changes).toEqual([
    { metadata: 'user_metadata', key: 'idp', value: null },
    { metadata: 'app_metadata', key: 'idp', value: { other: 2, mapped: 'new' } },
  ])
})

describe('a target that is renamed', () => {
  const to = (metadata: 'app_metadata' | 'user_metadata') =>
    ({ metadata, path: ['idp', 'fresh'] }) as const
  const moved = (metadata: 'app_metadata' | 'user_metadata') => ({
    retiredKeys: [{ metadata, path: ['idp', 'old'], movedTo: ['idp', 'fresh'] }] as const,
  })
  const changesOf = (mapping: Mapping, metadata: StoredMetadata) =>
    decideIdpAttributes(
      factsWith({ metadata }),
      settingsWith([mapping], moved(mapping.to.metadata)),
    ).changes

  test('keeps a value that is imported once, though the provider says another now', () => {
    const metadata = { app_metadata: { idp: { old: 'first' } }, user_metadata: {} }
    expect(changesOf({ ...MAPPING, mode: 'import', to: to('app_metadata') }, metadata)).toEqual([
      { metadata: 'app_metadata', key: 'idp', value: { fresh: 'first' } },
    ])
  })

  test('keeps what the user made of it', () => {
    const idp = { old: 'mine', written: { old: 'said' } }
    const metadata = { app_metadata: {}, user_metadata: { idp } }
    expect(changesOf({ ...MAPPING, to: to('user_metadata') }, metadata)).toEqual([
      {
        metadata: 'user_metadata',
        key: 'idp',
        value: { fresh: 'mine', written: { fresh: 'said' } },
      },
    ])
  })

  test('does not outlive what gave it: a right is gone at the first sign-in', () => {
    const metadata = { app_metadata: { idp: { old: 'admin' } }, user_metadata: {} }
    const right: Mapping = {
      ...MAPPING,
      when: { connection: { equals: 'another' } },
      missing: 'delete',
      unusable: 'delete',
      to: to('app_metadata'),
    }
    expect(changesOf(right, metadata)).toEqual([
      { metadata: 'app_metadata', key: 'idp', value: null },
    ])
  })
})
