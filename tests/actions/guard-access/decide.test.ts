import { withoutReasons } from '../../../test-kit/actions/without-reasons.ts'
import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { decideAccess } from '../../../actions/guard-access/decide.ts'
import type { AccessFacts } from '../../../actions/guard-access/facts.ts'
import type { GuardAccessSettings } from '../../../actions/guard-access/schema.ts'
import type { DenyCode } from '../../../actions/guard-access/sentences.ts'
import { allow, deny } from '../../../actions/shared/decision.ts'
import { json, RUNS } from '../../../test-kit/actions/arbitraries.ts'
import { signInFacts, type SignInOverrides } from '../../../test-kit/actions/sign-in-facts.ts'

const SETTINGS: GuardAccessSettings = {
  verifiedEmailWhen: { connection: { equals: 'partners' } },
  emailTrustedConnections: ['contoso-saml'],
}
const CLIENT = 'WebShop0000000000000000000000001'

const DATABASE = 'Username-Password-Authentication'

/** An identity of an enterprise connection, unless something else is said. */
const identityOf = (connection: string, provider = 'samlp', isSocial: unknown = false) => ({
  connection,
  provider,
  user_id: '7',
  isSocial,
})

type Overrides = SignInOverrides &
  Partial<Pick<AccessFacts, 'primaryIdentity' | 'emailVerified'>> & { appMetadata?: unknown }

const decide = ({ appMetadata, ...facts }: Overrides) =>
  withoutReasons(
    decideAccess(
      {
        primaryIdentity: identityOf(facts.connection ?? DATABASE, 'auth0'),
        emailVerified: true,
        ...facts,
        ...signInFacts({
          client: CLIENT,
          connection: DATABASE,
          organization: [],
          roles: [],
          metadata: { app_metadata: appMetadata, user_metadata: {} },
          ...facts,
        }),
      },
      SETTINGS,
    ),
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
    ['several in one string', `other,${CLIENT}`],
    ['several in one string, with spaces', `other ${CLIENT}`],
    ['several in one string, with a bar', `other|${CLIENT}`],
    ['this one with a space after it', `${CLIENT} `],
    ['this one with a line end, in a list', [`${CLIENT}\n`]],
    ['a list as a string', `["${CLIENT}"]`],
    ['a list as a string, without quotes', `[${CLIENT}]`],
    ['an empty string', ''],
    ['a list with an empty string in it', ['']],
    ['an asterisk', '*'],
    ['a list with an asterisk in it', ['other', '*']],
    ['a pattern', ['WebShop*']],
    ['this one in quotes', `'${CLIENT}'`],
    ['this one in angle brackets', [`<${CLIENT}>`]],
    ['this one with a zero-width space in it', [`${CLIENT}\u200b`]],
    ['this one after a byte order mark', [`\ufeff${CLIENT}`]],
    ['this one with a soft hyphen in it', [`WebShop\u00ad${CLIENT.slice(7)}`]],
    ['this one with letters that only look alike', [CLIENT.replace('o', '\u043e')]],
    ['longer than a client_id', ['x'.repeat(65)]],
    ['a very long string', 'x'.repeat(100_000)],
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

  test('that names a client with 64 letters, digits, - and _ lets the others in', () => {
    const blocked_clients = ['aZ09_-'.padEnd(64, 'x')]
    expect(decide({ appMetadata: { blocked_clients } })).toEqual(allow())
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

  test.each([['true'], [1], [null], [undefined], ['yes'], [{}]])(
    'is one for which Auth0 says %j and not true',
    (emailVerified) => {
      const clientMetadata = { require_verified_email: 'true' }
      expect(decide({ clientMetadata, emailVerified })).toEqual(deny('email_unverified'))
    },
  )
})

describe('a connection whose users need a verified e-mail for every application', () => {
  test.each([
    [false, deny('email_unverified')],
    [undefined, deny('email_unverified')],
    [true, allow()],
  ])('lets in who has %j for a verified e-mail as it says', (emailVerified, decision) => {
    expect(decide({ connection: 'partners', emailVerified })).toEqual(decision)
  })

  test('is meant by its whole name', () => {
    expect(decide({ connection: 'partners-2', emailVerified: false })).toEqual(allow())
  })

  test('asks for it too where the address is of that connection and a linked identity is used', () => {
    const linked = { connection: 'google-oauth2', primaryIdentity: identityOf('partners') }
    expect(decide({ ...linked, emailVerified: false })).toEqual(deny('email_unverified'))
  })
})

describe('a connection whose word on an e-mail counts', () => {
  const clientMetadata = { require_verified_email: 'true' }

  test.each([[false], [undefined], ['yes']])(
    'lets in its user whose address Auth0 has %j for verified',
    (emailVerified) => {
      const primaryIdentity = identityOf('contoso-saml')
      const facts = { connection: 'contoso-saml', primaryIdentity, clientMetadata, emailVerified }
      expect(decide(facts)).toEqual(allow())
    },
  )

  test.each<[string, Overrides]>([
    ['another connection', { connection: 'partner-oidc' }],
    ['one whose name only begins so', { connection: 'contoso-saml-2' }],
    ['a database', {}],
    [
      'another connection, when the trusted one is used now by a linked identity',
      { connection: 'contoso-saml', primaryIdentity: identityOf('partner-oidc', 'oidc') },
    ],
    [
      'the trusted one, when another connection is used now by a linked identity',
      { connection: 'partner-oidc', primaryIdentity: identityOf('contoso-saml') },
    ],
    ['nobody knows which connection', { connection: 'contoso-saml', primaryIdentity: undefined }],
  ])('says nothing about an address of %s', (_title, facts) => {
    expect(decide({ ...facts, clientMetadata, emailVerified: false })).toEqual(
      deny('email_unverified'),
    )
  })
})

describe('an address that Auth0 has for verified', () => {
  const clientMetadata = { require_verified_email: 'true' }
  const decideBy = (primaryIdentity: unknown, connection: string) =>
    [
      { connection, clientMetadata },
      { connection: 'partners', clientMetadata: {} },
    ].map((facts) => decide({ ...facts, primaryIdentity, emailVerified: true }))

  test.each<[string, unknown]>([
    ['a database', identityOf(DATABASE, 'auth0')],
    ['the code by e-mail', identityOf('email', 'email')],
    ['a social provider', identityOf('google-oauth2', 'google-oauth2', true)],
  ])('is verified when the primary identity is of %s', (_title, identity) => {
    expect(decideBy(identity, 'google-oauth2')).toEqual([allow(), allow()])
  })

  test.each<[string, unknown]>([
    ['an OIDC connection', identityOf('partner-oidc', 'oidc')],
    ['a SAML connection', identityOf('partner-saml', 'samlp')],
    ['Entra ID', identityOf('partner-waad', 'waad')],
    ['a custom social connection', identityOf('anything', 'oauth2', true)],
    ['a custom social connection of OAuth 1', identityOf('anything', 'oauth1', true)],
    ['one that only says it is social', identityOf('partner-oidc', 'oidc', 'true')],
    [
      'no known provider',
      { ...identityOf('google-oauth2', 'google-oauth2', true), provider: undefined },
    ],
    ['the trusted connection, and another one is used now', identityOf('contoso-saml')],
    ['nobody knows whom', undefined],
  ])('is not verified when the primary identity is of %s', (_title, identity) => {
    expect(decideBy(identity, DATABASE)).toEqual([
      deny('email_unverified'),
      deny('email_unverified'),
    ])
  })
})

describe.each<[string, string, string, (member: unknown) => Overrides]>([
  [
    'organizations',
    'allowed_organizations',
    'organization_not_allowed',
    (name) => ({ organization: name === undefined ? [] : ['org_abc123', name as string] }),
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

test.each([['a string'], [['list']], [7], [null], [true]])(
  'client metadata that is %j cannot be read: nobody gets in',
  (clientMetadata) => {
    expect(decide({ clientMetadata })).toEqual(deny('access_record_unreadable'))
  },
)

test.each([
  ['["admin","support"]'],
  ["'admin'"],
  ['admin|support'],
  ['*'],
  ['<admin>'],
  ['ad\u200bmin'],
  ['admin;support'],
  ['admin support'],
])('allowed roles that are written %j let in no admin', (allowed_roles) => {
  expect(decide({ clientMetadata: { allowed_roles }, roles: ['admin', 'support'] })).toEqual(
    deny('role_not_allowed'),
  )
})

test('an organization is known by its id too', () => {
  const clientMetadata = { allowed_organizations: 'org_abc123' }
  expect(decide({ clientMetadata, organization: ['org_abc123', 'acme'] })).toEqual(allow())
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
  expect(decide({ clientMetadata, organization: ['acme'], roles: ['admin'] })).toEqual(allow())
  expect(decide({ clientMetadata, organization: ['org_abc123', 'acme'] })).toEqual(
    deny('role_not_allowed'),
  )
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
      organization: fc.array(fc.string(), { maxLength: 2 }),
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
