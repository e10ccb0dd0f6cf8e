import { describe, expect, test } from '@jest/globals'
import { Management } from 'auth0'
import { memberPath } from '../../../actions/shared/problem.ts'
import {
  checkClaimName,
  checkMetadataKey,
  checkStrategy,
  RESTRICTED_CLAIMS,
} from '../../../actions/shared/check-names.ts'
import * as tenant from '../../../local-tenant/api/claims.ts'

const code = 'setting_invalid'

describe('a strategy', () => {
  test.each(Object.values(Management.ConnectionIdentityProviderEnum))(
    '%s of the Management API is known',
    (strategy) => {
      expect(checkStrategy('when', strategy)).toEqual([])
    },
  )

  test('of a database is known', () => {
    expect(checkStrategy('when', 'auth0')).toEqual([])
  })

  test.each(['google', 'saml', 'SAMLP', 'database', '', 'constructor'])(
    '"%s" is refused, by its name and place',
    (strategy) => {
      expect(checkStrategy('mappings[1].when', strategy)).toEqual([
        { path: 'mappings[1].when', message: expect.stringContaining(`"${strategy}"`), code },
      ])
    },
  )
})

describe('a claim', () => {
  test.each([
    'https://example.com/claims/department',
    'https://example.com/department',
    'http://example.com/department',
    'https://not-auth0.com/department',
    'https://auth0.com.example/department',
    'urn:example:department',
  ])('%s may be set, and Auth0 lets it be', (name) => {
    expect(checkClaimName('claim', name)).toEqual([])
    expect(tenant.isSettableClaim(name)).toBe(true)
  })

  test.each([
    ['scope', 'is restricted'],
    ['roles', 'is restricted'],
    ['sub', 'is restricted'],
    ['x5t#S256', 'is restricted'],
    ['https://auth0.com/department', 'Auth0 keeps for itself'],
    ['https://tenant.eu.auth0.com/department', 'Auth0 keeps for itself'],
    ['https://AUTH0.COM/department', 'Auth0 keeps for itself'],
    ['https://webtask.io/x', 'Auth0 keeps for itself'],
    ['https://a.webtask.run/x', 'Auth0 keeps for itself'],
    ['urn:auth0:department', "Auth0's own namespace"],
    ['URN:Auth0:department', "Auth0's own namespace"],
    ['department', 'has no namespace'],
    ['', 'has no namespace'],
    ['example.com/department', 'has no namespace'],
    ['https://example.com', 'ends without a name'],
    ['https://example.com/', 'ends without a name'],
    ['https://example.com/claims/', 'ends without a name'],
    ['https://example.com/claims//department', 'has "//" in its path'],
    ['https://example.com//department', 'has "//" in its path'],
  ])('"%s" is refused', (name, reason) => {
    expect(checkClaimName('claims[2].claim', name)).toEqual([
      { path: 'claims[2].claim', message: expect.stringContaining(reason), code },
    ])
  })

  test.each([...RESTRICTED_CLAIMS])('%s, which Auth0 drops without a word, is refused', (name) => {
    expect(checkClaimName('claim', name)).toEqual([
      { path: 'claim', message: expect.stringContaining('is restricted'), code },
    ])
  })

  test('is restricted in the build exactly when the local tenant drops it, or throws', () => {
    expect([...RESTRICTED_CLAIMS].sort()).toEqual([...tenant.RESTRICTED_CLAIMS, 'scope'].sort())
    expect(() => {
      tenant.assertClaimName('scope')
    }).toThrow('cannot be set')
  })
})

describe('a metadata key', () => {
  test('that Auth0 takes is no problem', () => {
    expect(checkMetadataKey('key', 'app_metadata', 'customer_id')).toEqual([])
  })

  test.each([
    ['app_metadata', 'blocked', 'reserved'],
    ['app_metadata', 'name', 'root attribute'],
    ['user_metadata', 'a.b', '"."'],
  ] as const)('%s.%s is refused with what to do about it', (metadata, key, reason) => {
    const [problem] = checkMetadataKey('signUpFields', metadata, key)
    expect(problem?.message).toContain(reason)
    expect(problem?.message).toContain('choose another key')
  })
})

test.each([
  ['a', 'b', 'a.b'],
  ['', 'a', 'a'],
  ['a', 0, 'a[0]'],
  ['a', 'b.c', 'a["b.c"]'],
  ['a', '', 'a[""]'],
])('the member of %j at %j is %s', (path, key, expected) => {
  expect(memberPath(path, key)).toBe(expected)
})
