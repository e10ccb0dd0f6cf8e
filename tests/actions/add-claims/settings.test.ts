import { describe, expect, test } from '@jest/globals'
import {
  checkSettings,
  type AddClaimsSettings,
  type ClaimSetting,
  type ClaimSource,
} from '../../../actions/add-claims/schema.ts'
import { settings } from '../../../test-kit/fixture/actions/add-claims/settings.ts'

const good: ClaimSetting = {
  claim: 'https://example.com/claims/plan',
  from: { metadata: 'app_metadata', path: ['plan'] },
  tokens: ['access_token'],
}

const problemsOf = (setting: Partial<ClaimSetting>, rest: Partial<AddClaimsSettings> = {}) =>
  checkSettings({ ...settings, claims: [{ ...good, ...setting }], ...rest }).map(
    ({ path, message }) => `${path} ${message}`,
  )

test('the settings of the fixture are good', () => {
  expect(checkSettings(settings)).toEqual([])
})

test.each<[string, Partial<ClaimSetting>, string]>([
  ['a restricted name', { claim: 'roles' }, 'claims[0].claim'],
  ['a gate with a typing error', { client: ['shop'] } as object, 'claims[0].client'],
  ['no target', { tokens: [] }, 'claims[0].tokens'],
  ['an attribute without a name', { samlAttribute: ' ' }, 'claims[0].samlAttribute'],
  [
    'an attribute with too long a name',
    { samlAttribute: 'x'.repeat(1025) },
    'claims[0].samlAttribute',
  ],
  [
    'an empty name in a path',
    { from: { metadata: 'app_metadata', path: ['a', ''] } },
    'claims[0].from',
  ],
  [
    'metadata by way of the profile',
    { from: { profile: ['user_metadata', 'a'] }, tokens: ['id_token'] },
    'claims[0].from',
  ],
  ['leave for nothing personal', { allowPersonal: true }, 'claims[0].allowPersonal'],
])('%s is refused', (_title, setting, path) => {
  expect(problemsOf(setting)).toEqual([expect.stringMatching(escaped(path))])
})

test.each(['groups', 'roles', 'department', 'identities', 'toString'])(
  'the attribute %s of the profile is refused: it is of the primary identity, however the user signs in',
  (name) => {
    expect(problemsOf({ from: { profile: [name] }, tokens: ['id_token'] })).toEqual([
      expect.stringMatching(/^claims\[0\]\.from .*map-idp-attributes/),
    ])
  },
)

test.each(['email', 'username', 'phone_number', 'created_at', 'locale', 'birthdate'])(
  'the attribute %s of the profile may be a claim',
  (name) => {
    expect(problemsOf({ from: { profile: [name] }, tokens: ['id_token'] })).toEqual([])
  },
)

test('an attribute of SAML needs no token', () => {
  expect(
    problemsOf({
      tokens: [],
      samlAttribute: 'plan',
      when: { clientMetadata: { path: ['kind'], equals: 'saml' } },
    }),
  ).toEqual([])
})

describe('in an access token', () => {
  test.each<[ClaimSource]>([
    [{ metadata: 'user_metadata', path: ['newsletter'] }],
    [{ profile: ['email'] }],
    [{ profile: ['name'] }],
    [{ profile: ['address', 'country'] }],
    [{ metadata: 'app_metadata', path: ['idp', 'email'] }],
    [{ metadata: 'app_metadata', path: ['idp', 'family_name'] }],
    [{ metadata: 'app_metadata', path: ['idp', 'employee_number'] }],
    [{ metadata: 'app_metadata', path: ['idp', 'birthdate'] }],
    [{ metadata: 'app_metadata', path: ['home_address', 'street'] }],
  ])('%j is personal and refused, unless the setting allows it', (from) => {
    expect(problemsOf({ from })).toEqual([
      expect.stringMatching(/^claims\[0\]\.tokens .*allowPersonal/),
    ])
    expect(problemsOf({ from, allowPersonal: true })).toEqual([])
    expect(problemsOf({ from, tokens: ['id_token'] })).toEqual([])
  })

  test.each<[ClaimSource]>([
    [{ metadata: 'app_metadata', path: ['idp', 'department'] }],
    [{ metadata: 'app_metadata', path: ['lookups', 'customer', 'tier'] }],
    [{ profile: ['user_id'] }],
    [{ profile: ['email_verified'] }],
    [{ constant: 'email' }],
  ])('%j is not personal', (from) => {
    expect(problemsOf({ from })).toEqual([])
  })
})

test.each([[0], [1.5], [NaN], [65_537]])('limits of %d bytes are refused', (bytes) => {
  expect(problemsOf({}, { maxClaimBytes: bytes, maxTokenBytes: bytes })).toEqual([
    expect.stringMatching(/^maxClaimBytes /),
    expect.stringMatching(/^maxTokenBytes /),
  ])
})

const escaped = (path: string): RegExp => new RegExp(`^${path.replace(/[[\].]/g, '\\$&')} `)

test('a claim in an access token for what the user wrote is as personal as that', () => {
  const claim = {
    from: { constant: 'reader' },
    tokens: ['access_token'],
    when: { userMetadata: { path: ['newsletter'], equals: true } },
  } as const
  expect(problemsOf(claim)).toEqual([
    expect.stringContaining('claims[0].tokens puts something personal into access tokens'),
  ])
  expect(problemsOf({ ...claim, allowPersonal: true })).toEqual([])
})

test.each([
  [{ scope: 'a' }, "when: { scope: { contains: 'a' } }"],
  [{ clients: ['b'] }, "when: { client: { oneOf: [ 'b' ] } }"],
  [
    { scope: 'a', audiences: ['c'], clients: ['b'], samlAttribute: 'x' },
    "when: { client: { oneOf: [ 'b' ] }, any: [ { scope: { contains: 'a' }, audience: { oneOf: [ 'c' ] } }, { protocol: { oneOf: [ 'samlp', 'wsfed' ] } } ] }",
  ],
])('the former gates %j are refused with the one when that takes their place', (gates, when) => {
  const problems = problemsOf(gates as object)
  expect(problems).toHaveLength(
    Object.keys(gates).filter((name) => name !== 'samlAttribute').length,
  )
  for (const problem of problems) {
    expect(problem).toContain(`is no more: write ${when} in place of scope, audiences and clients`)
  }
})
