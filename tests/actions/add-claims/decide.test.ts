import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { decideClaims, type ClaimFacts } from '../../../actions/add-claims/decide.ts'
import { settings as OURS, type ClaimSetting } from '../../../actions/add-claims/settings.ts'
import { json, RUNS, storedMetadata } from '../arbitraries.ts'

const CLAIM = 'https://example.com/claims/plan'

const settingOf = (setting: Partial<ClaimSetting> = {}): ClaimSetting => ({
  claim: CLAIM,
  from: { metadata: 'app_metadata', path: ['plan'] },
  tokens: ['id_token'],
  ...setting,
})

const claimsOf = (setting: Partial<ClaimSetting> = {}, facts: Partial<ClaimFacts> = {}) => {
  const decision = decideClaims(
    {
      clientId: 'shop',
      scopes: ['openid', 'profile'],
      metadata: { app_metadata: { plan: 'gold' }, user_metadata: { plan: 'mine' } },
      ...facts,
    },
    { claims: [settingOf(setting)] },
  )
  if (decision.kind !== 'allow') throw new Error('add-claims never denies')
  expect(decision).toMatchObject({ changes: [], notes: [] })
  return decision.claims
}

const set = (value: unknown) => [{ token: 'id_token', name: CLAIM, value }]

describe('a claim', () => {
  test('is set from app_metadata', () => {
    expect(claimsOf()).toEqual(set('gold'))
  })

  test('is set from user_metadata', () => {
    expect(claimsOf({ from: { metadata: 'user_metadata', path: ['plan'] } })).toEqual(set('mine'))
  })

  test('is set from a nested value', () => {
    const metadata = { app_metadata: { idp: { groups: ['a'] } }, user_metadata: {} }
    const from = { metadata: 'app_metadata', path: ['idp', 'groups'] } as const
    expect(claimsOf({ from }, { metadata })).toEqual(set(['a']))
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

  test.each<[string, ClaimSetting['from']['path']]>([
    ['constructor', ['constructor', 'name']],
    ['__proto__', ['__proto__']],
    ['the length of a text', ['plan', 'length']],
  ])('is never set from %s', (_title, path) => {
    expect(claimsOf({ from: { metadata: 'app_metadata', path } })).toEqual([])
  })
})

describe('a gate', () => {
  test.each<[string, Partial<ClaimSetting>, Partial<ClaimFacts>, boolean]>([
    ['of a scope opens for who asked for it', { scope: 'profile' }, {}, true],
    ['of a scope stays shut for who did not', { scope: 'read:plan' }, {}, false],
    ['of a scope takes the whole word', { scope: 'prof' }, {}, false],
    ['of a scope stays shut where no scope is known', { scope: 'profile' }, { scopes: [] }, false],
    ['of clients opens for one of them', { clients: ['other', 'shop'] }, {}, true],
    ['of clients stays shut for others', { clients: ['other'] }, {}, false],
    ['of no client stays shut', { clients: [] }, {}, false],
    ['of both needs both', { scope: 'read:plan', clients: ['shop'] }, {}, false],
    ['of both opens with both', { scope: 'profile', clients: ['shop'] }, {}, true],
  ])('%s', (_title, setting, facts, isOpen) => {
    expect(claimsOf(setting, facts)).toEqual(isOpen ? set('gold') : [])
  })
})

test('whatever is stored, the sign-in goes on, and no claim is null or has another name', () => {
  const names = OURS.claims.map(({ claim }) => claim)
  const stored = storedMetadata(
    ['customer_id', 'terms', 'idp', 'newsletter'],
    fc.dictionary(fc.constantFrom('version', 'department', 'groups'), json),
  )
  const scopes = fc.subarray(['openid', 'profile', 'read:groups'])
  fc.assert(
    fc.property(stored, scopes, (metadata, asked) => {
      const decision = decideClaims({ clientId: 'shop', scopes: asked, metadata }, OURS)
      if (decision.kind !== 'allow') throw new Error('add-claims never denies')
      expect(decision.changes).toEqual([])
      for (const { name, value } of decision.claims) {
        expect(names).toContain(name)
        expect(value ?? undefined).toBeDefined()
      }
    }),
    RUNS,
  )
})
