import { describe, expect, test } from '@jest/globals'
import { unmetConditions } from '../../../actions/map-idp-attributes/condition.ts'
import { readIdpFacts } from '../../../actions/map-idp-attributes/facts.ts'
import type { Condition } from '../../../actions/map-idp-attributes/mapping.ts'
import { buildEvent, type EventOverrides } from '../../../test-kit/actions/event.ts'

const CORP = { connection: 'corp', provider: 'samlp', user_id: 'corp|ada' }

const unmetFor = (when: Condition, overrides: EventOverrides = {}) =>
  unmetConditions(
    when,
    readIdpFacts(
      buildEvent({
        connection: { name: 'corp', strategy: 'samlp' },
        organization: { id: 'org_1', name: 'acme', display_name: 'Acme', metadata: {} },
        client: { client_id: 'web-app' },
        ...overrides,
        user: {
          user_id: 'samlp|corp|ada',
          identities: [CORP],
          email: 'Ada@Example.COM',
          department: 'Sales',
          groups: ['admins', 7],
          empty: '',
          none: null,
          nested: [{ country: 'PT' }],
          'urn:x.y': true,
          ...overrides.user,
        },
      }),
    ),
  )

describe('a mapping applies to', () => {
  test.each<[string, Condition]>([
    ['every sign-in', {}],
    ['a strategy', { strategy: 'samlp' }],
    ['one of several strategies', { strategy: ['oidc', 'samlp'] }],
    ['a connection', { connection: 'corp' }],
    ['an organization by id', { organization: 'org_1' }],
    ['an organization by name', { organization: ['other', 'acme'] }],
    ['a client', { client: 'web-app' }],
    ['a verified address', { emailVerified: true }],
    ['a domain of it', { emailDomain: 'example.com' }],
    ['a claim that is there', { claim: { path: ['department'] } }],
    ['a claim that is there and empty', { claim: { path: ['empty'] } }],
    ['a claim inside another', { claim: { path: ['nested', 0, 'country'] } }],
    ['a claim that is a value', { claim: { path: ['department'], equals: 'Sales' } }],
    ['a claim with it among others', { claim: { path: ['groups'], equals: 'admins' } }],
    ['a claim that is a number', { claim: { path: ['groups'], equals: 7 } }],
    ['a claim that is true', { claim: { path: ['urn:x.y'], equals: true } }],
    ['all of it together', { strategy: 'samlp', connection: 'corp', emailVerified: true }],
  ])('%s', (_title, when) => {
    expect(unmetFor(when)).toEqual([])
  })

  test.each<[string, Condition, ...(keyof Condition)[]]>([
    ['another strategy', { strategy: 'oidc' }, 'strategy'],
    ['a connection called like the strategy', { connection: 'samlp' }, 'connection'],
    ['another organization', { organization: 'Acme' }, 'organization'],
    ['another client', { client: ['web', 'web-app-2'] }, 'client'],
    ['an address that is not verified', { emailVerified: false }, 'emailVerified'],
    ['a domain above it', { emailDomain: 'com' }, 'emailDomain'],
    ['a claim that is not there', { claim: { path: ['missing'] } }, 'claim'],
    ['a claim that is null', { claim: { path: ['none'] } }, 'claim'],
    ['a claim that is inherited', { claim: { path: ['constructor'] } }, 'claim'],
    ['a claim with another value', { claim: { path: ['groups'], equals: 'admin' } }, 'claim'],
    ['one of two', { strategy: 'samlp', client: 'other' }, 'client'],
    ['neither of two', { strategy: 'oidc', client: 'other' }, 'strategy', 'client'],
  ])('not to %s', (_title, when, ...unmet) => {
    expect(unmetFor(when)).toEqual(unmet)
  })

  test('no domain while the address is not verified', () => {
    const user = { email_verified: false }
    expect(unmetFor({ emailDomain: 'example.com' }, { user })).toEqual(['emailDomain'])
    expect(unmetFor({ emailVerified: false }, { user })).toEqual([])
  })

  test('the domain after the last @ of an address', () => {
    const user = { email: '"ada@example.org"@example.com' }
    expect(unmetFor({ emailDomain: 'example.com' }, { user })).toEqual([])
    expect(unmetFor({ emailDomain: 'example.org"' }, { user })).toEqual(['emailDomain'])
  })

  test('no organization in a sign-in without one', () => {
    expect(unmetFor({ organization: 'acme' }, { organization: undefined })).toEqual([
      'organization',
    ])
  })

  test.each([['false'], ['true'], [1], [undefined]])(
    'no verified address for email_verified %j, which a provider may send',
    (email_verified) => {
      const user = { email_verified: email_verified as never }
      expect(unmetFor({ emailVerified: true }, { user })).toEqual(['emailVerified'])
      expect(unmetFor({ emailDomain: 'example.com' }, { user })).toEqual(['emailDomain'])
    },
  )
})

describe('the conditions on a claim and on the address are those of the identity used now', () => {
  const partner = { connection: 'partner', provider: 'oidc', user_id: 'partner|ada' }
  const primaryIsPartner = (profileData: Record<string, unknown>) => ({
    user: {
      user_id: 'oidc|partner|ada',
      identities: [partner, { ...CORP, profileData: profileData as Record<string, string> }],
    },
  })
  const said = { groups: ['admins'], email: 'ada@example.com', email_verified: true }
  const conditions: Condition = {
    claim: { path: ['groups'], equals: 'admins' },
    emailVerified: true,
    emailDomain: 'example.com',
  }

  test('the primary identity says nothing for a linked one', () => {
    expect(unmetFor(conditions, primaryIsPartner({}))).toEqual(Object.keys(conditions))
    expect(unmetFor(conditions, primaryIsPartner(said))).toEqual([])
  })

  test.each([
    ['of which no identity has the connection', [partner]],
    ['of which two have it', [CORP, { ...CORP, user_id: 'corp|other', profileData: said }]],
    ['whose first is not the one that user_id names', [{ ...CORP, user_id: 'corp|other' }]],
    ['whose second is the one that user_id names', [partner, CORP]],
    ['whose first has no user_id', [{ connection: 'corp', provider: 'samlp' }]],
  ])('none of them holds for identities %s', (_title, identities) => {
    const user = { user_id: 'samlp|corp|ada', identities: identities as never }
    expect(unmetFor(conditions, { user })).toEqual(Object.keys(conditions))
  })

  test('a claim that app_metadata hides is not what the provider says', () => {
    const user = { app_metadata: { groups: ['admins'] } }
    expect(unmetFor({ claim: { path: ['groups'], equals: 'admins' } }, { user })).toEqual(['claim'])
  })
})
