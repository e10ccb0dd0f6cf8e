import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { decideAccess, type AccessFacts } from '../../../actions/guard-access/decide.ts'
import type { GuardAccessSettings } from '../../../actions/guard-access/settings.ts'
import { allow, deny as denyWith, type DenyCode } from '../../../actions/shared/decision.ts'
import { json, RUNS } from '../arbitraries.ts'

const SETTINGS: GuardAccessSettings = {
  verifiedEmailStrategies: ['auth0', 'email'],
  verifiedEmailConnections: ['partners'],
}
/** Every denial of this Action writes nothing. */
const deny = (code: DenyCode) => denyWith(code as Parameters<typeof denyWith>[0])

const CLIENT = 'WebShop0000000000000000000000001'

const decide = (facts: Partial<AccessFacts>) =>
  decideAccess(
    {
      clientId: CLIENT,
      clientMetadata: {},
      strategy: 'auth0',
      connection: 'Username-Password-Authentication',
      organization: undefined,
      roles: [],
      emailVerified: true,
      appMetadata: {},
      ...facts,
    },
    SETTINGS,
  )

describe('a list of blocked clients', () => {
  test.each<[string, unknown]>([
    ['names this one', [CLIENT]],
    ['names this one among others', ['other', CLIENT, 'third']],
    ['is this one alone, without a list', CLIENT],
  ])('that %s withdraws the access', (_title, blocked_clients) => {
    expect(decide({ appMetadata: { blocked_clients } })).toEqual(deny('client_blocked'))
  })

  test.each<[string, unknown]>([
    ['is empty', []],
    ['names others', ['other', 'WebShop']],
    ['is another client alone', 'other'],
    ['only begins like this one', `${CLIENT}2`],
    ['is null', null],
  ])('that %s lets the user in', (_title, blocked_clients) => {
    expect(decide({ appMetadata: { blocked_clients } })).toEqual(allow())
  })

  test.each<[string, unknown]>([
    ['a number', 1],
    ['false', false],
    ['an object', { [CLIENT]: true }],
    ['a list with something else in it', ['other', 1]],
    ['a list in a list', [['other']]],
    ['a list with null in it', [null]],
    ['several in one text', `other,${CLIENT}`],
    ['several in one text, with spaces', `other ${CLIENT}`],
    ['this one with a space after it', `${CLIENT} `],
    ['this one with a line end, in a list', [`${CLIENT}\n`]],
    ['a list as a text', `["${CLIENT}"]`],
    ['an empty text', ''],
    ['a list with an empty text in it', ['']],
  ])('that is %s cannot be read: nobody gets in', (_title, blocked_clients) => {
    expect(decide({ appMetadata: { blocked_clients } })).toEqual(deny('access_record_unreadable'))
  })

  test.each([['a text'], [['list']], [7], [null], [true]])(
    'cannot be read from app_metadata that is %j: nobody gets in',
    (appMetadata) => {
      expect(decide({ appMetadata })).toEqual(deny('access_record_unreadable'))
    },
  )

  test.each<[string, unknown]>([
    ['is not there', {}],
    [
      'stands behind __proto__, where nobody put it',
      JSON.parse('{"__proto__":{"blocked_clients":7}}'),
    ],
    ['has no app_metadata around it', undefined],
  ])('that %s lets the user in', (_title, appMetadata) => {
    expect(decide({ appMetadata })).toEqual(allow())
  })

  test('is looked at before the e-mail address', () => {
    expect(
      decide({
        appMetadata: { blocked_clients: [CLIENT] },
        clientMetadata: { require_verified_email: 'true' },
        emailVerified: false,
      }),
    ).toEqual(deny('client_blocked'))
  })
})

describe('an unverified e-mail address', () => {
  test.each<[string, unknown]>([
    ['"true"', 'true'],
    ['"TRUE"', 'TRUE'],
    ['"1"', '1'],
    ['"yes"', 'yes'],
    ['"on"', 'on'],
    ['a typing error', 'ture'],
    ['"falsey"', 'falsey'],
    ['true, which Auth0 would not keep', true],
    ['0, which Auth0 would not keep', 0],
  ])('keeps the user out where the client metadata says %s', (_title, value) => {
    const clientMetadata = { require_verified_email: value }
    expect(decide({ clientMetadata, emailVerified: false })).toEqual(deny('email_unverified'))
    expect(decide({ clientMetadata, emailVerified: true })).toEqual(allow())
  })

  test.each<[string, unknown]>([
    ['nothing', {}],
    ['an empty text', { require_verified_email: '' }],
    ['spaces', { require_verified_email: '  ' }],
    ['"false"', { require_verified_email: 'false' }],
    ['" False "', { require_verified_email: ' False ' }],
    ['"no"', { require_verified_email: 'no' }],
    ['"off"', { require_verified_email: 'off' }],
    ['"0"', { require_verified_email: '0' }],
    ['it under another name', { requireVerifiedEmail: 'true' }],
    ['no object at all', undefined],
  ])('lets the user in where the client metadata says %s', (_title, clientMetadata) => {
    expect(decide({ clientMetadata, emailVerified: false })).toEqual(allow())
  })

  test.each([
    ['auth0', deny('email_unverified')],
    ['email', deny('email_unverified')],
    ['samlp', allow()],
    ['google-oauth2', allow()],
    ['constructor', allow()],
    ['', allow()],
  ])('of strategy "%s" is held to what the settings say', (strategy, decision) => {
    const clientMetadata = { require_verified_email: 'true' }
    expect(decide({ clientMetadata, strategy, emailVerified: false })).toEqual(decision)
  })

  test.each([['true'], [1], [null], [undefined], ['yes'], [{}]])(
    'is one for which Auth0 says %j and not true',
    (emailVerified) => {
      const clientMetadata = { require_verified_email: 'true' }
      expect(decide({ clientMetadata, emailVerified })).toEqual(deny('email_unverified'))
    },
  )
})

describe('a connection of the settings', () => {
  test.each([
    [false, deny('email_unverified')],
    [undefined, deny('email_unverified')],
    [true, allow()],
  ])('lets in who has %j for a verified e-mail as it says', (emailVerified, decision) => {
    const facts = { connection: 'partners', strategy: 'samlp', clientMetadata: {}, emailVerified }
    expect(decide(facts)).toEqual(decision)
  })

  test('is meant by its whole name', () => {
    expect(decide({ connection: 'partners-2', emailVerified: false })).toEqual(allow())
  })
})

const ACME = { id: 'org_abc123', name: 'acme', display_name: 'Acme' }

describe.each<[string, string, string, (member: unknown) => Partial<AccessFacts>]>([
  [
    'organizations',
    'allowed_organizations',
    'organization_not_allowed',
    (name) => ({ organization: name === undefined ? undefined : { ...ACME, name } }),
  ],
  [
    'roles',
    'allowed_roles',
    'role_not_allowed',
    (name) => ({ roles: name === undefined ? undefined : ['other', name] }),
  ],
])('an application for certain %s', (_title, key, code, factsOf) => {
  const decideFor = (list: unknown, member: unknown) =>
    decide({ ...factsOf(member), clientMetadata: { [key]: list } })

  test.each<[string, unknown, unknown]>([
    ['the only one', 'acme', 'acme'],
    ['one of several', 'globex, acme ,initech', 'acme'],
    ['one with spaces inside', 'head office', 'head office'],
  ])('lets in %s', (_case, list, member) => {
    expect(decideFor(list, member)).toEqual(allow())
  })

  test.each<[string, unknown, unknown]>([
    ['another one', 'acme', 'globex'],
    ['none at all', 'acme', undefined],
    ['one that only begins so', 'acme', 'acme2'],
    ['one with other letters', 'acme', 'ACME'],
    ['an empty name, against an empty list', '', ''],
    ['an empty name, against a stray comma', 'acme,', ''],
    ['any, against an empty list', '', 'acme'],
    ['any, against a list that is no text', ['acme'], 'acme'],
    ['any, against null', null, 'acme'],
    ['a name that is no text', '7', 7],
  ])('keeps out %s', (_case, list, member) => {
    expect(decideFor(list, member)).toEqual(deny(code as DenyCode))
  })
})

test('an organization is known by its id too', () => {
  const clientMetadata = { allowed_organizations: 'org_abc123' }
  expect(decide({ clientMetadata, organization: ACME })).toEqual(allow())
})

test.each([['a text'], [{ length: 1, 0: 'admin' }], [null], [[['admin']]], ['admin']])(
  'roles that are %j are none',
  (roles) => {
    const clientMetadata = { allowed_roles: 'admin' }
    expect(decide({ clientMetadata, roles })).toEqual(deny('role_not_allowed'))
  },
)

test('an application for organizations and roles wants one of each', () => {
  const clientMetadata = { allowed_organizations: 'acme', allowed_roles: 'admin' }
  expect(decide({ clientMetadata, organization: ACME, roles: ['admin'] })).toEqual(allow())
  expect(decide({ clientMetadata, organization: ACME })).toEqual(deny('role_not_allowed'))
  expect(decide({ clientMetadata, roles: ['admin'] })).toEqual(deny('organization_not_allowed'))
})

describe('whatever is stored', () => {
  test('there is a decision, and it writes nothing', () => {
    const facts = fc.record({
      clientMetadata: fc.oneof(
        json,
        fc.record(
          { require_verified_email: json, allowed_roles: json, allowed_organizations: json },
          { requiredKeys: [] },
        ),
      ),
      roles: json,
      organization: fc.oneof(json, fc.record({ id: json, name: json })),
      emailVerified: json,
      appMetadata: fc.oneof(json, fc.record({ blocked_clients: json })),
    })
    fc.assert(
      fc.property(facts, (drawn) => {
        const decision = decide(drawn)
        if (decision.kind === 'allow') expect(decision).toEqual(allow())
        else expect(decision.kind).toBe('deny')
      }),
      RUNS,
    )
  })

  test('a role that is not listed never opens an application for roles', () => {
    const names = fc.array(fc.string({ maxLength: 8 }), { maxLength: 4 })
    fc.assert(
      fc.property(names, fc.array(json, { maxLength: 4 }), (listed, roles) => {
        const allowed = new Set(listed.flatMap((name) => name.split(',')).map((one) => one.trim()))
        const isListed = roles.some((role) => typeof role === 'string' && allowed.has(role))
        const clientMetadata = { allowed_roles: listed.join(',') }
        const { kind } = decide({ clientMetadata, roles })
        if (!isListed) expect(kind).toBe('deny')
      }),
      RUNS,
    )
  })

  test('a client that is listed never gets the user', () => {
    const around = fc.array(fc.oneof(fc.string(), json), { maxLength: 3 })
    fc.assert(
      fc.property(around, around, json, (before, after, emailVerified) => {
        const blocked_clients = [...before, CLIENT, ...after]
        expect(decide({ appMetadata: { blocked_clients }, emailVerified }).kind).toBe('deny')
      }),
      RUNS,
    )
  })
})
