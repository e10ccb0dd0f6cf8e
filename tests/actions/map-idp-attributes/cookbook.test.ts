import { runInThisContext } from 'node:vm'
import { describe, expect, test } from '@jest/globals'
import { decideIdpAttributes } from '../../../actions/map-idp-attributes/decide.ts'
import { readIdpFacts } from '../../../actions/map-idp-attributes/facts.ts'
import type { Mapping } from '../../../actions/map-idp-attributes/mapping.ts'
import { checkSettings } from '../../../actions/map-idp-attributes/schema.ts'
import { buildEvent, type EventOverrides } from '../../../test-kit/actions/event.ts'
import { mergeMetadata } from '../../../test-kit/actions/merge-metadata.ts'
import * as cookbook from '../../../test-kit/actions/cookbook.ts'
import { settingsWith } from '../../../test-kit/actions/mapping-facts.ts'
import { describeReadme, README } from '../../../test-kit/readme.ts'

const signIn = (
  mappings: readonly Mapping[],
  strategy: string,
  connection: string,
  user: NonNullable<EventOverrides['user']>,
) => {
  const event = buildEvent({
    connection: { name: connection, strategy },
    user: {
      user_id: `${strategy}|ada`,
      identities: [{ connection, provider: strategy, user_id: 'ada' }],
      ...user,
    },
  })
  const facts = readIdpFacts(event)
  const { changes, notes } = decideIdpAttributes(facts, settingsWith(mappings))
  return { ...mergeMetadata(facts.metadata, changes), notes }
}

describe('the cookbook maps what is said by', () => {
  test('Entra ID, asked by Auth0', () => {
    const user = {
      department: 'Research',
      groups: ['App-Shop-Admins', 'All Employees', 'EU-Auditors', 'App-Shop-Returns'],
      job_title: 'Engineer',
      upn: 'ada@contoso.com',
    }
    expect(signIn(cookbook.entra, 'waad', 'contoso', user)).toEqual({
      app_metadata: {
        idp: { department: 'Research', roles: ['auditor', 'shop-admin', 'shop-user'] },
      },
      user_metadata: {},
      notes: [],
    })
  })

  test('Entra ID over SAML, one group as a text', () => {
    const user = {
      'http://schemas.microsoft.com/ws/2008/06/identity/claims/groups':
        '7c2d9e55-0f3b-4d0a-9a44-5b1f1d1c2e22',
    }
    expect(signIn(cookbook.entra, 'samlp', 'contoso-saml', user).app_metadata).toEqual({
      idp: { roles: ['shop-user'] },
    })
  })

  test('Okta', () => {
    const user = { groups: ['Everyone', 'shop-staff', 'shop-returns'], zoneinfo: 'Europe/Lisbon' }
    expect(signIn(cookbook.okta, 'okta', 'contoso-okta', user)).toEqual({
      app_metadata: { idp: { groups: ['returns', 'staff'] } },
      user_metadata: { idp: { time_zone: 'Europe/Lisbon' } },
      notes: [],
    })
    expect(signIn(cookbook.okta, 'okta', 'contoso-okta', {})).toEqual({
      app_metadata: { idp: { groups: [] } },
      user_metadata: { idp: { time_zone: 'UTC' } },
      notes: [],
    })
  })

  test('Google', () => {
    const user = { email: 'ada@example.com', locale: 'pt-BR' }
    expect(signIn(cookbook.google, 'google-oauth2', 'google-oauth2', user)).toEqual({
      app_metadata: { idp: { user_type: 'employee' } },
      user_metadata: { idp: { language: 'pt' } },
      notes: [],
    })
    const stranger = { email: 'ada@gmail.com' }
    expect(signIn(cookbook.google, 'google-oauth2', 'google-oauth2', stranger)).toEqual({
      app_metadata: {},
      user_metadata: {},
      notes: [],
    })
  })

  test.each([
    [
      'ADFS by the names of its claims',
      {
        'http://schemas.xmlsoap.org/claims/Group': [
          'CN=Shop Admins,OU=Groups,DC=contoso,DC=com',
          'CN=Staff,OU=Groups,DC=contoso,DC=com',
        ],
        'http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname':
          'CONTOSO\\Ada',
      },
    ],
    ['ADFS by the names of Auth0', { groups: ['Staff', 'Shop Admins'], upn: 'ada@contoso.com' }],
  ])('%s', (_title, user) => {
    expect(signIn(cookbook.adfs, 'adfs', 'contoso-adfs', user)).toEqual({
      app_metadata: { idp: { account_name: 'ada', groups: ['shop admins', 'staff'] } },
      user_metadata: {},
      notes: [],
    })
  })

  test.each([
    [
      'a SAML provider by object identifiers',
      {
        'urn:oid:1.3.6.1.4.1.5923.1.1.1.1': ['Staff', 'member', 'faculty'],
        'urn:oid:2.16.840.1.113730.3.1.3': '004711',
      },
    ],
    [
      'a SAML provider by short names',
      { eduPersonAffiliation: ['faculty', 'member', 'staff'], employeeNumber: '004711' },
    ],
  ])('%s', (_title, user) => {
    expect(signIn(cookbook.saml, 'samlp', 'university', user)).toEqual({
      app_metadata: { idp: { affiliation: ['faculty', 'staff'], employee_number: '004711' } },
      user_metadata: {},
      notes: [],
    })
  })

  test('an OpenID Connect provider', () => {
    const user = { address: { country: 'Portugal' }, birthdate: '1984-02-29', locale: 'pt' }
    expect(signIn(cookbook.oidc, 'oidc', 'globex', user)).toEqual({
      app_metadata: { idp: { tax: { country: 'PT' }, birthdate: '1984-02-29' } },
      user_metadata: { idp: { locale: 'pt', written: { locale: 'pt' } } },
      notes: [],
    })
  })

  test('linked identities, in the order of their priority', () => {
    const google = { connection: 'google', provider: 'google-apps', user_id: 'ada' }
    const company = { connection: 'contoso-saml', provider: 'samlp', user_id: 'ada' }
    const of = (identities: object[], department: string, user: object = {}) =>
      signIn(cookbook.linked, 'google-apps', 'google', {
        department,
        identities: identities as never,
        ...user,
      }).app_metadata
    const linked = { ...company, profileData: { department: 'Research' } }
    expect(of([google, linked], 'Sales')).toEqual({ idp: { department: 'Research' } })
    const other = { ...google, profileData: { department: 'Sales' } }
    expect(of([company, other], 'Research', { user_id: 'samlp|ada' })).toEqual({
      idp: { department: 'Research' },
    })
    expect(of([google], 'Sales')).toEqual({ idp: { department: 'Sales' } })
  })
})

test.each(Object.entries(cookbook))('the build takes the example %s', (_name, mappings) => {
  expect(checkSettings(settingsWith(mappings))).toEqual([])
})

describeReadme('the README', () => {
  test('shows these very examples', () => {
    const blocks = Array.from(README.matchAll(/```ts\n([^]*?)```/g), ([, code = '']) => code)
      .filter((code) => /^(?:\/\/.*\n)?\{\n {2}when:/.test(code))
      .map((code): unknown => runInThisContext(`[${code}]`))
    const { entra, okta, google, adfs, saml, oidc, linked } = cookbook
    expect(blocks).toEqual([entra, okta, google, adfs, saml, oidc, linked])
  })
})
