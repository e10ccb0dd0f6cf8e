import { describe, expect, test } from '@jest/globals'
import { unmetCondition } from '../../../actions/map-idp-attributes/condition.ts'
import { readIdpFacts } from '../../../actions/map-idp-attributes/facts.ts'
import type { Condition } from '../../../actions/map-idp-attributes/mapping.ts'
import { buildEvent, type EventOverrides } from '../../builders/event.ts'

const unmetFor = (when: Condition, overrides: EventOverrides = {}) =>
  unmetCondition(
    when,
    readIdpFacts(
      buildEvent({
        connection: { name: 'corp', strategy: 'samlp' },
        organization: { id: 'org_1', name: 'acme', display_name: 'Acme', metadata: {} },
        client: { client_id: 'web-app' },
        ...overrides,
        user: {
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
    expect(unmetFor(when)).toBeUndefined()
  })

  test.each<[string, Condition, keyof Condition]>([
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
    ['the first of two', { strategy: 'samlp', client: 'other' }, 'client'],
  ])('not to %s', (_title, when, unmet) => {
    expect(unmetFor(when)).toBe(unmet)
  })

  test('no domain while the address is not verified', () => {
    const user = { email_verified: false }
    expect(unmetFor({ emailDomain: 'example.com' }, { user })).toBe('emailDomain')
    expect(unmetFor({ emailVerified: false }, { user })).toBeUndefined()
  })

  test('the domain after the last @ of an address', () => {
    const user = { email: '"ada@example.org"@example.com' }
    expect(unmetFor({ emailDomain: 'example.com' }, { user })).toBeUndefined()
    expect(unmetFor({ emailDomain: 'example.org"' }, { user })).toBe('emailDomain')
  })

  test('no organization in a sign-in without one', () => {
    expect(unmetFor({ organization: 'acme' }, { organization: undefined })).toBe('organization')
  })
})
