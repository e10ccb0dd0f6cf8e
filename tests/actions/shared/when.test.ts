import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { readSignIn, type SignInFacts } from '../../../actions/shared/sign-in.ts'
import {
  boundsOf,
  holds,
  MAX_MATCHED_LENGTH,
  reasonsOf,
  sourcesIn,
  type Test,
  type When,
} from '../../../actions/shared/when.ts'
import { RUNS } from '../../../test-kit/actions/arbitraries.ts'
import { buildEvent, type EventOverrides } from '../../../test-kit/actions/event.ts'

const CORP = { connection: 'corp', provider: 'samlp', user_id: 'corp|ada' }

const factsOf = (overrides: EventOverrides = {}): SignInFacts =>
  readSignIn(
    buildEvent({
      connection: { name: 'corp', strategy: 'samlp' },
      organization: { id: 'org_1', name: 'acme', display_name: 'Acme', metadata: {} },
      client: { client_id: 'web-app', metadata: { audience: 'staff' } },
      authorization: { roles: ['editor', 'auditor'] },
      resource_server: { identifier: 'https://api.example.com' },
      request: { geoip: { countryCode: 'CH' } },
      ...overrides,
      tenant: { id: 'acme-dev' },
      transaction: {
        protocol: 'oidc-basic-profile',
        requested_scopes: ['openid', 'read:plan'],
        ...overrides.transaction,
      },
      user: {
        user_id: 'samlp|corp|ada',
        identities: [CORP],
        email: 'Ada@Example.COM',
        email_verified: true,
        department: 'Sales',
        groups: ['admins', 7],
        empty: '',
        none: null,
        nested: [{ country: 'PT' }],
        'urn:x.y': true,
        app_metadata: { contract: { plan: 'gold', seats: 5, tags: ['a', 'b'] }, robot: 'true' },
        user_metadata: { newsletter: true },
        ...overrides.user,
      },
    }),
  )

const asks = (when: When, overrides: EventOverrides = {}) => holds(when, factsOf(overrides))

describe('a condition holds for', () => {
  test.each<[string, When]>([
    ['every sign-in', {}],
    ['a tenant', { tenant: { equals: 'acme-dev' } }],
    ['a strategy', { strategy: { equals: 'samlp' } }],
    ['one of several strategies', { strategy: { oneOf: ['oidc', 'samlp'] } }],
    ['a connection', { connection: { equals: 'corp' } }],
    ['a connection by a pattern', { connection: { matches: { pattern: '^co' } } }],
    [
      'a pattern in another case',
      { connection: { matches: { pattern: '^CO', ignoreCase: true } } },
    ],
    ['a client', { client: { equals: 'web-app' } }],
    ['client metadata', { clientMetadata: { path: ['audience'], equals: 'staff' } }],
    ['an organization by id', { organization: { equals: 'org_1' } }],
    ['an organization by name', { organization: { oneOf: ['other', 'acme'] } }],
    ['any organization', { organization: { exists: true } }],
    ['any role', { role: { exists: true } }],
    ['a role', { role: { contains: 'editor' } }],
    ['a role by a pattern', { role: { matches: { pattern: '^audit' } } }],
    ['a protocol', { protocol: { oneOf: ['samlp', 'oidc-basic-profile'] } }],
    ['a country', { country: { oneOf: ['DE', 'CH'] } }],
    ['an API', { audience: { equals: 'https://api.example.com' } }],
    ['a scope', { scope: { contains: 'read:plan' } }],
    ['a verified address', { emailVerified: { equals: true } }],
    ['a domain of it', { emailDomain: { equals: 'example.com' } }],
    ['an attribute that is there', { attribute: { path: ['department'], exists: true } }],
    ['an attribute that is there and empty', { attribute: { path: ['empty'], exists: true } }],
    ['one that is an object', { attribute: { path: ['nested', 0], exists: true } }],
    ['one that is not there', { attribute: { path: ['none'], exists: false } }],
    ['one inside another', { attribute: { path: ['nested', 0, 'country'], equals: 'PT' } }],
    ['one that is a value', { attribute: { path: ['department'], equals: 'Sales' } }],
    ['a single value for a list', { attribute: { path: ['department'], contains: 'Sales' } }],
    ['one with it among others', { attribute: { path: ['groups'], contains: 'admins' } }],
    ['a number in it, as a string', { attribute: { path: ['groups'], contains: '7' } }],
    ['a number in it', { attribute: { path: ['groups'], contains: 7 } }],
    ['one that is true', { attribute: { path: ['urn:x.y'], equals: true } }],
    ['one that is true, as a string', { attribute: { path: ['urn:x.y'], equals: 'true' } }],
    ['app_metadata', { appMetadata: { path: ['contract', 'plan'], oneOf: ['gold', 'silver'] } }],
    ['a number in app_metadata', { appMetadata: { path: ['contract', 'seats'], equals: 5 } }],
    ['a list in app_metadata', { appMetadata: { path: ['contract', 'tags'], contains: 'b' } }],
    ['user_metadata', { userMetadata: { path: ['newsletter'], equals: true } }],
    ['one of several', { any: [{ client: { equals: 'x' } }, { role: { contains: 'editor' } }] }],
    [
      'all of several',
      { all: [{ role: { contains: 'editor' } }, { role: { contains: 'auditor' } }] },
    ],
    ['what is not', { not: { client: { equals: 'x' } } }],
    ['all of it together', { strategy: { equals: 'samlp' }, connection: { equals: 'corp' } }],
  ])('%s', (_title, when) => {
    expect(asks(when)).toBe(true)
    expect(asks({ not: when })).toBe(false)
  })

  test.each<[string, When]>([
    ['another tenant', { tenant: { equals: 'acme' } }],
    ['another strategy', { strategy: { equals: 'oidc' } }],
    ['a connection called like the strategy', { connection: { equals: 'samlp' } }],
    ['another organization', { organization: { equals: 'Acme' } }],
    ['another client', { client: { oneOf: ['web', 'web-app-2'] } }],
    [
      'client metadata that objects inherit',
      { clientMetadata: { path: ['toString'], exists: true } },
    ],
    ['a part of a scope', { scope: { contains: 'read' } }],
    ['a part of an API', { audience: { equals: 'https://api.example.co' } }],
    ['a pattern that begins elsewhere', { connection: { matches: { pattern: '^orp' } } }],
    ['a domain above it', { emailDomain: { equals: 'com' } }],
    ['an address that is not verified', { emailVerified: { equals: false } }],
    ['an attribute that is not there', { attribute: { path: ['missing'], exists: true } }],
    ['an attribute that is null', { attribute: { path: ['none'], exists: true } }],
    ['an attribute that is inherited', { attribute: { path: ['constructor'], exists: true } }],
    ['an attribute with another value', { attribute: { path: ['groups'], contains: 'admin' } }],
    ['a list as one of its elements', { attribute: { path: ['groups'], equals: 'admins' } }],
    ['a string where true is stored', { userMetadata: { path: ['newsletter'], equals: 'true' } }],
    ['true where a string is stored', { appMetadata: { path: ['robot'], equals: true } }],
    [
      'a number by a pattern',
      { appMetadata: { path: ['contract', 'seats'], matches: { pattern: '5' } } },
    ],
    ['one of two', { strategy: { equals: 'samlp' }, client: { equals: 'other' } }],
    ['none of several', { any: [{ client: { equals: 'a' } }, { client: { equals: 'b' } }] }],
    ['one of all', { all: [{ role: { contains: 'editor' } }, { role: { contains: 'x' } }] }],
  ])('not for %s', (_title, when) => {
    expect(asks(when)).toBe(false)
    expect(asks({ not: when })).toBe(true)
  })
})

describe('nobody can tell, and neither the condition nor its opposite holds,', () => {
  const unclear: EventOverrides = { user: { identities: [] } }
  test.each<[string, When, EventOverrides]>([
    ['the country', { country: { equals: 'CH' } }, { request: { geoip: { countryCode: 'XX' } } }],
    [
      'the country is there',
      { country: { exists: true } },
      { request: { geoip: { countryCode: undefined } } },
    ],
    ['the roles', { role: { contains: 'x' } }, { authorization: undefined }],
    ['the protocol', { protocol: { equals: 'samlp' } }, { transaction: { protocol: undefined } }],
    ['the strategy', { strategy: { equals: 'x' } }, { connection: { strategy: 7 as never } }],
    ['the connection', { connection: { equals: 'x' } }, { connection: { name: ['a'] as never } }],
    ['an attribute of whom', { attribute: { path: ['department'], exists: false } }, unclear],
    ['an attribute as an object', { attribute: { path: ['nested', 0], equals: 'x' } }, {}],
    ['whether an address is verified', { emailVerified: { equals: true } }, unclear],
    [
      'the domain of an address that is not verified',
      { emailDomain: { equals: 'example.com' } },
      { user: { email_verified: false } },
    ],
    [
      'what app_metadata hides',
      { attribute: { path: ['groups'], contains: 'admins' } },
      { user: { app_metadata: { groups: ['admins'] } } },
    ],
    [
      'whether a string of more than 1024 units matches',
      { attribute: { path: ['department'], matches: { pattern: 'x' } } },
      { user: { department: 'x'.repeat(MAX_MATCHED_LENGTH + 1) } },
    ],
    [
      'what is in a list of more than 20,000 elements',
      { role: { contains: 'editor' } },
      { authorization: { roles: Array.from({ length: 20_001 }, () => 'editor') } },
    ],
    [
      'what app_metadata holds that is no object',
      { appMetadata: { path: ['contract'], exists: true } },
      { user: { app_metadata: 'gold' as never } },
    ],
    [
      'the scopes of a refresh-token exchange that names none',
      { scope: { contains: 'openid' } },
      { transaction: { protocol: 'oauth2-refresh-token', requested_scopes: [] } },
    ],
  ])('%s', (_title, when, overrides) => {
    expect(asks(when, overrides)).toBeUndefined()
    expect(asks({ not: when }, overrides)).toBeUndefined()
    const [yes, no]: When[] = [{}, { not: {} }]
    expect(asks({ any: [when, yes ?? {}] }, overrides)).toBe(true)
    expect(asks({ any: [when, no ?? {}] }, overrides)).toBeUndefined()
    expect(asks({ all: [when, yes ?? {}] }, overrides)).toBeUndefined()
    expect(asks({ all: [no ?? {}, when] }, overrides)).toBe(false)
  })

  test('but a string of 1024 units is looked at', () => {
    const when: When = { attribute: { path: ['department'], matches: { pattern: '^x+$' } } }
    const department = 'x'.repeat(MAX_MATCHED_LENGTH)
    expect(MAX_MATCHED_LENGTH).toBe(1024)
    expect(asks(when, { user: { department } })).toBe(true)
  })

  test('but a user without roles has none, and an address without @ no domain', () => {
    expect(asks({ role: { exists: true } }, { authorization: { roles: [] } })).toBe(false)
    expect(asks({ role: { exists: false } }, { authorization: { roles: [] } })).toBe(true)
    const when: When = { emailDomain: { equals: 'example.com' } }
    expect(asks(when, { user: { email: 'example.com' } })).toBe(false)
  })

  test('but a sign-in without an organization or an API has none', () => {
    const overrides = { organization: undefined, resource_server: undefined }
    expect(asks({ organization: { equals: 'acme' } }, overrides)).toBe(false)
    expect(asks({ organization: { exists: false } }, overrides)).toBe(true)
    expect(asks({ audience: { exists: false } }, overrides)).toBe(true)
  })
})

describe('an address counts as verified', () => {
  test.each([['false'], ['true'], [1], [undefined]])(
    'not for email_verified %j, which a provider may send',
    (email_verified) => {
      const overrides = { user: { email_verified: email_verified as never } }
      expect(asks({ emailVerified: { equals: true } }, overrides)).toBe(false)
      expect(asks({ emailDomain: { equals: 'example.com' } }, overrides)).toBeUndefined()
    },
  )

  test('with the domain after its last @', () => {
    const overrides = { user: { email: '"ada@example.org"@example.com' } }
    expect(asks({ emailDomain: { equals: 'example.com' } }, overrides)).toBe(true)
    expect(asks({ emailDomain: { equals: 'example.org"' } }, overrides)).toBe(false)
  })
})

describe('attributes and addresses are those of the identity used now', () => {
  const partner = { connection: 'partner', provider: 'oidc', user_id: 'partner|ada' }
  const said = { groups: ['admins'], email: 'ada@example.com', email_verified: true }
  const when: When = {
    attribute: { path: ['groups'], contains: 'admins' },
    emailVerified: { equals: true },
    emailDomain: { equals: 'example.com' },
  }
  const withPrimaryPartner = (profileData: Record<string, unknown>): EventOverrides => ({
    user: {
      user_id: 'oidc|partner|ada',
      identities: [partner, { ...CORP, profileData: profileData as Record<string, string> }],
    },
  })

  test('the primary identity says nothing for a linked one', () => {
    expect(asks(when, withPrimaryPartner({}))).toBe(false)
    expect(asks(when, withPrimaryPartner(said))).toBe(true)
  })

  test.each([
    ['of which no identity has the connection', [partner]],
    ['of which two have it', [CORP, { ...CORP, user_id: 'corp|other', profileData: said }]],
    ['whose first is not the one that user_id names', [{ ...CORP, user_id: 'corp|other' }]],
    ['whose second is the one that user_id names', [partner, CORP]],
    ['whose first has no user_id', [{ connection: 'corp', provider: 'samlp' }]],
  ])('nobody can tell for identities %s', (_title, identities) => {
    const overrides = { user: { identities: identities as never } }
    expect(asks(when, overrides)).toBeUndefined()
  })
})

describe('the reasons', () => {
  const pathsOf = (when: When) => reasonsOf(when, factsOf()).map(({ path }) => path)

  test('are the conditions that decided, with their places', () => {
    expect(pathsOf({ client: { equals: 'x' }, strategy: { equals: 'samlp' } })).toEqual([
      'when.client',
    ])
    expect(
      pathsOf({ any: [{ client: { equals: 'x' } }, { all: [{ strategy: { equals: 'samlp' } }] }] }),
    ).toEqual(['when.any[1].all[0].strategy'])
    expect(
      pathsOf({ not: { strategy: { equals: 'samlp' }, role: { contains: 'editor' } } }),
    ).toEqual(['when.not.strategy', 'when.not.role'])
    expect(pathsOf({})).toEqual([])
  })
})

describe('what a condition is bounded by', () => {
  test.each<[When, unknown]>([
    [{}, undefined],
    [{ connection: { equals: 'a' } }, ['a']],
    [{ connection: { oneOf: ['a', 'b'] } }, ['a', 'b']],
    [{ connection: { exists: true } }, undefined],
    [{ any: [{ connection: { equals: 'a' } }, { connection: { equals: 'b' } }] }, ['a', 'b']],
    [{ any: [{ connection: { equals: 'a' } }, { client: { equals: 'b' } }] }, undefined],
    [{ all: [{ client: { equals: 'b' } }, { connection: { equals: 'a' } }] }, ['a']],
    [{ not: { connection: { equals: 'a' } } }, undefined],
  ])('%j by %j', (when, bounds) => {
    expect(boundsOf(when, 'connection')).toEqual(bounds)
  })

  test('and every source it asks is found at any depth', () => {
    const when: When = {
      tenant: { equals: 'a' },
      any: [{ not: { all: [{ country: { equals: 'CH' } }] } }],
    }
    expect(sourcesIn(when)).toEqual(['tenant', 'country'])
  })
})

test('whatever is asked, a condition and its opposite never hold both, and reasons are its own', () => {
  const value = fc.constantFrom('corp', 'x', true, 7)
  const oneTest = fc.oneof(
    fc.record({ equals: value }),
    fc.record({ contains: value }),
    fc.record({ exists: fc.boolean() }),
  ) as fc.Arbitrary<Test>
  const leaf = fc.oneof(
    fc.record({ connection: oneTest }),
    fc.record({ country: oneTest }),
    fc.record({ role: oneTest, client: oneTest }),
    oneTest.map((one): When => ({ attribute: { path: ['groups'], ...one } })),
  )
  const { when } = fc.letrec<{ when: When }>((tie) => ({
    when: fc.oneof(
      { maxDepth: 3 },
      leaf as fc.Arbitrary<When>,
      tie('when').map((not): When => ({ not })),
      fc.tuple(tie('when'), tie('when')).map((any): When => ({ any })),
      fc.tuple(tie('when'), tie('when')).map((all): When => ({ all })),
    ),
  }))
  const facts = fc.constantFrom(
    factsOf(),
    factsOf({ request: { geoip: { countryCode: undefined } }, user: { identities: [] } }),
  )
  fc.assert(
    fc.property(when, facts, (drawn, known) => {
      const answer = holds(drawn, known)
      expect(holds({ not: drawn }, known)).toBe(answer === undefined ? undefined : !answer)
      const asked = sourcesIn(drawn)
      for (const { source } of reasonsOf(drawn, known)) expect(asked).toContain(source)
      if (answer !== true) expect(reasonsOf(drawn, known)).not.toEqual([])
    }),
    RUNS,
  )
})
