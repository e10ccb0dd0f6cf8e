import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { decideClaims } from '../../../actions/add-claims/decide.ts'
import type { AddClaimsSettings, ClaimSetting } from '../../../actions/add-claims/schema.ts'
import { settings as OURS } from '../../../test-kit/fixture/actions/add-claims/settings.ts'
import { json, RUNS, storedMetadata } from '../../../test-kit/actions/arbitraries.ts'
import { signInFacts, type SignInOverrides } from '../../../test-kit/actions/sign-in-facts.ts'

const CLAIM = 'https://example.com/claims/plan'

const settingOf = (setting: Partial<ClaimSetting> = {}): ClaimSetting => ({
  claim: CLAIM,
  from: { metadata: 'app_metadata', path: ['plan'] },
  tokens: ['id_token'],
  ...setting,
})

const FACTS: SignInOverrides = {
  client: 'shop',
  metadata: { app_metadata: { plan: 'gold' }, user_metadata: { plan: 'mine' } },
  profile: { email: 'ada@example.com', address: { country: 'PT' } },
}

const LIMITS = { maxClaimBytes: 2048, maxTokenBytes: 4096 }

const decide = (settings: Partial<AddClaimsSettings>, facts: SignInOverrides = {}) => {
  const { changes, claims, notes } = decideClaims(signInFacts({ ...FACTS, ...facts }), {
    ...LIMITS,
    claims: [],
    ...settings,
  })
  expect(changes).toEqual([])
  return { claims, notes }
}

const claimsOf = (setting: Partial<ClaimSetting> = {}, facts: SignInOverrides = {}) => {
  const { claims, notes } = decide({ claims: [settingOf(setting)] }, facts)
  expect(notes).toEqual([])
  return claims
}

const NO_METADATA = { app_metadata: undefined, user_metadata: undefined }

const set = (value: unknown) => [{ token: 'id_token', name: CLAIM, value }]

describe('a claim', () => {
  test('is set from app_metadata', () => {
    expect(claimsOf()).toEqual(set('gold'))
  })

  test('is set from user_metadata', () => {
    expect(claimsOf({ from: { metadata: 'user_metadata', path: ['plan'] } })).toEqual(set('mine'))
  })

  test('is set from the profile', () => {
    expect(claimsOf({ from: { profile: ['address', 'country'] } })).toEqual(set('PT'))
    expect(claimsOf({ from: { profile: ['phone_number'] } })).toEqual([])
  })

  test.each([['internal'], [0], [false], [[1, 2]]])('is set to the constant %j', (constant) => {
    expect(claimsOf({ from: { constant } }, { metadata: NO_METADATA })).toEqual(set(constant))
  })

  test('is set from a nested value', () => {
    const metadata = { app_metadata: { idp: { groups: ['a'] } }, user_metadata: {} }
    const from = { metadata: 'app_metadata', path: ['idp', 'groups'] } as const
    expect(claimsOf({ from }, { metadata })).toEqual(set(['a']))
  })

  test('of one name with another is the first that has a value', () => {
    const claims = [
      settingOf({ from: { constant: 'other client' }, when: { client: { equals: 'other' } } }),
      settingOf({ from: { metadata: 'app_metadata', path: ['none'] } }),
      settingOf({ from: { constant: 'first' } }),
      settingOf({ from: { constant: 'second' }, tokens: ['id_token', 'access_token'] }),
    ]
    expect(decide({ claims }).claims).toEqual([
      ...set('first'),
      { token: 'access_token', name: CLAIM, value: 'second' },
    ])
  })

  test('is set on each token that is named, and on no other', () => {
    expect(claimsOf({ tokens: ['access_token'] })).toEqual([
      { token: 'access_token', name: CLAIM, value: 'gold' },
    ])
    expect(claimsOf({ tokens: ['id_token', 'access_token'] }).map(({ token }) => token)).toEqual([
      'id_token',
      'access_token',
    ])
  })

  test.each([[0], [false], [''], [[]], [{}]])('of %j is set', (plan) => {
    const metadata = { app_metadata: { plan }, user_metadata: {} }
    expect(claimsOf({}, { metadata })).toEqual(set(plan))
  })

  test.each<[string, unknown]>([
    ['there is no value', {}],
    ['the value is null', { plan: null }],
    ['app_metadata is not there', undefined],
    ['app_metadata is a text', 'plan'],
    ['app_metadata is a list', ['plan']],
    ['app_metadata is null', null],
  ])('is not set where %s', (_title, app_metadata) => {
    expect(claimsOf({}, { metadata: { app_metadata, user_metadata: {} } })).toEqual([])
  })

  test.each<[string, readonly [string, ...string[]]]>([
    ['constructor', ['constructor', 'name']],
    ['__proto__', ['__proto__']],
    ['the length of a text', ['plan', 'length']],
  ])('is never set from %s', (_title, path) => {
    expect(claimsOf({ from: { metadata: 'app_metadata', path } })).toEqual([])
  })
})

describe('a condition', () => {
  test.each<[string, ClaimSetting['when'], SignInOverrides, boolean]>([
    ['that holds sets the claim', { scope: { contains: 'profile' } }, {}, true],
    ['that does not hold leaves it out', { scope: { contains: 'read:plan' } }, {}, false],
    [
      'of which nobody can tell leaves it out',
      { country: { equals: 'CH' } },
      { country: undefined },
      false,
    ],
    [
      'of which nobody can tell leaves it out under not as well',
      { not: { country: { equals: 'CH' } } },
      { country: undefined },
      false,
    ],
  ])('%s', (_title, when, facts, isSet) => {
    expect(claimsOf({ when: when ?? {} }, facts)).toEqual(isSet ? set('gold') : [])
  })
})

describe('an attribute of SAML', () => {
  const attribute = (value: unknown) => [{ token: 'saml_response', name: 'plan', value }]
  const setting = { samlAttribute: 'plan', tokens: [] }
  const saml = { protocol: 'samlp', scopes: [], audience: undefined }

  test('is set in a SAML sign-in, beside the claims of tokens', () => {
    expect(claimsOf({ ...setting, tokens: ['id_token'] }, saml)).toEqual([
      ...set('gold'),
      ...attribute('gold'),
    ])
  })

  test('is not set in any other', () => {
    expect(claimsOf(setting)).toEqual([])
  })

  test('is not set for other clients, and beside a scope only where SAML is named too', () => {
    const scope = { scope: { contains: 'read:plan' } }
    const when = { any: [scope, { protocol: { oneOf: ['samlp', 'wsfed'] } }] } as const
    expect(claimsOf({ ...setting, when }, saml)).toEqual(attribute('gold'))
    expect(claimsOf({ ...setting, when: scope }, saml)).toEqual([])
    expect(claimsOf({ ...setting, when: { client: { equals: 'other' } } }, saml)).toEqual([])
  })

  test.each([['gold'], [7], [false], [['a', 'b']], [[]], ['x'.repeat(2000)]])(
    'may be %j',
    (constant) => {
      expect(claimsOf({ ...setting, from: { constant } }, saml)).toEqual(attribute(constant))
    },
  )

  test.each([[{ a: 1 }], [[['a']]], [[{ a: 1 }]], [[null]], ['x'.repeat(2049)]])(
    'cannot be %j: left out and logged',
    (constant) => {
      expect(decide({ claims: [settingOf({ ...setting, from: { constant } })] }, saml)).toEqual({
        claims: [],
        notes: [{ code: 'saml_value_unusable', target: CLAIM }],
      })
    },
  )
})

describe('the room in a token', () => {
  const nameBytes = CLAIM.length + 2
  const textOf = (bytes: number) => 'x'.repeat(bytes - nameBytes - 2 - 2)
  const constant = (bytes: number, claim = CLAIM, tokens: ClaimSetting['tokens'] = ['id_token']) =>
    settingOf({ claim, tokens, from: { constant: textOf(bytes) } })

  test('takes a claim of the very limit, and not one byte more', () => {
    expect(decide({ claims: [constant(2048)] }).claims).toHaveLength(1)
    expect(decide({ claims: [constant(2049)] })).toEqual({
      claims: [],
      notes: [{ code: 'claim_too_large', target: CLAIM }],
    })
  })

  test('is counted in bytes, not in characters', () => {
    const claims = [settingOf({ from: { constant: 'é'.repeat(1100) } })]
    expect(decide({ claims }).notes).toEqual([{ code: 'claim_too_large', target: CLAIM }])
  })

  test('goes to the earlier claims; what finds none is left out, and a smaller one still fits', () => {
    const [second, third] = [CLAIM.replace('plan', 'pla2'), CLAIM.replace('plan', 'pla3')]
    const { claims, notes } = decide({
      claims: [constant(2048), constant(2048, second), constant(100, third)],
      maxTokenBytes: 2048 + 100,
    })
    expect(claims.map(({ name }) => name)).toEqual([CLAIM, third])
    expect(notes).toEqual([{ code: 'claims_budget_exceeded', target: second }])
  })

  test('is that of each token, and a claim without room in both is logged once', () => {
    const both = ['id_token', 'access_token'] as const
    const claims = [constant(2000, CLAIM, both)]
    expect(decide({ claims, maxTokenBytes: 2000 }).claims).toHaveLength(2)
    expect(decide({ claims, maxTokenBytes: 1999 }).notes).toHaveLength(1)
  })
})

test('whatever is stored, the sign-in goes on, no claim is null or has another name, and all fit', () => {
  const names = OURS.claims.flatMap(({ claim, samlAttribute }) => [claim, samlAttribute])
  const stored = storedMetadata(
    ['customer_id', 'terms', 'idp', 'newsletter', 'lookups'],
    fc.dictionary(fc.constantFrom('version', 'department', 'groups', 'customer'), json),
  )
  const scopes = fc.subarray(['openid', 'profile', 'read:groups'])
  fc.assert(
    fc.property(stored, scopes, fc.boolean(), (metadata, asked, isSaml) => {
      const facts = { ...FACTS, audience: 'https://api.example.com', scopes: asked, metadata }
      const protocol = isSaml ? 'samlp' : 'oidc-basic-profile'
      const { claims, changes } = decideClaims(signInFacts({ ...facts, protocol }), OURS)
      expect(changes).toEqual([])
      for (const { name, value } of claims) {
        expect(names).toContain(name)
        expect(value ?? undefined).toBeDefined()
      }
      for (const token of ['id_token', 'access_token', 'saml_response'] as const) {
        const entries = claims.filter((claim) => claim.token === token)
        const set = Object.fromEntries(entries.map(({ name, value }) => [name, value]))
        expect(Buffer.byteLength(JSON.stringify(set))).toBeLessThanOrEqual(OURS.maxTokenBytes)
      }
    }),
    RUNS,
  )
})
