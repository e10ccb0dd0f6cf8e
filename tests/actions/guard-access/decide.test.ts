import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { decideAccess, type AccessFacts } from '../../../actions/guard-access/decide.ts'
import type { GuardAccessSettings } from '../../../actions/guard-access/settings.ts'
import { allow, deny } from '../../../actions/shared/decision.ts'
import { json, RUNS } from '../arbitraries.ts'

const SETTINGS: GuardAccessSettings = { verifiedEmailStrategies: ['auth0', 'email'] }
const CLIENT = 'WebShop0000000000000000000000001'

const decide = (facts: Partial<AccessFacts>) =>
  decideAccess(
    {
      clientId: CLIENT,
      clientMetadata: {},
      strategy: 'auth0',
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

describe('whatever is stored', () => {
  test('there is a decision, and it writes nothing', () => {
    const facts = fc.record({
      clientMetadata: fc.oneof(json, fc.record({ require_verified_email: json })),
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
