import { describe, expect, test } from '@jest/globals'
import { decideClaims } from '../../actions/add-claims/decide.ts'
import { decideTerms } from '../../actions/enforce-terms/decide.ts'
import { decideProfile } from '../../actions/enrich-profile/decide.ts'
import { decideAccess } from '../../actions/guard-access/decide.ts'
import { decideIdpAttributes } from '../../actions/map-idp-attributes/decide.ts'
import { settings as profileSettings } from '../../test-kit/fixture/actions/enrich-profile/settings.ts'
import { factsWith, MAPPING, settingsWith } from '../../test-kit/actions/mapping-facts.ts'
import { signInFacts } from '../../test-kit/actions/sign-in-facts.ts'
import {
  acceptedOn,
  answered,
  NEWS,
  NONCE,
  NOW,
  PRIVACY,
  settingsOf,
  termsFacts,
  TOS,
} from '../../test-kit/actions/terms-facts.ts'

describe('a decision says why, also where there is nothing to do:', () => {
  test('guard-access, check by check to the one that fails', () => {
    const access = (clientMetadata: object) =>
      decideAccess(
        { ...signInFacts({ clientMetadata }), primaryIdentity: {}, emailVerified: false },
        { emailTrustedConnections: [] },
      ).reasons.map(({ code, path }) => `${code} ${path}`)
    expect(access({})).toEqual([
      'passed app_metadata.blocked_clients',
      'passed client.metadata',
      'passed app_metadata.blocked_clients',
      'passed client.metadata.allowed_organizations',
      'passed client.metadata.allowed_roles',
      'passed verifiedEmailWhen',
    ])
    expect(access({ require_verified_email: 'true' }).at(-1)).toBe(
      'email_unverified client.metadata.require_verified_email',
    )
    expect(access({ allowed_roles: 'admin' }).at(-1)).toBe(
      'role_not_allowed client.metadata.allowed_roles',
    )
  })

  test('enforce-terms, document by document', () => {
    const settings = settingsOf([
      TOS,
      PRIVACY,
      { ...NEWS, when: { any: [{ country: { equals: 'DE' } }] } },
    ])
    const reasons = (documents: Record<string, unknown>) =>
      decideTerms(termsFacts({ metadata: answered(documents) }), settings, NOW, NONCE).reasons.map(
        ({ code, path }) => `${code} ${path}`,
      )
    expect(reasons({ tos: acceptedOn('2025-01-15'), privacy: acceptedOn('2025-01-15') })).toEqual([
      'missed documents[0]',
      'settled documents[1]',
      'not_meant documents[2].when.any[0].country',
    ])
    expect(reasons({ tos: acceptedOn('2026-11-01'), privacy: acceptedOn('2025-01-15') })[0]).toBe(
      'settled documents[0]',
    )
  })

  test.each([
    ['expired', { reacceptAfterDays: 30 }, acceptedOn('2025-01-15')],
    ['announced', { announceDays: 366, versions: TOS.versions.slice(2) }, {}],
    ['not_in_force', { versions: TOS.versions.slice(2) }, {}],
    [
      'put_off',
      { announceDays: 366, versions: TOS.versions.slice(2) },
      { deferred_version: '2027-06-01', deferred_at: '2026-11-01T00:00:00Z' },
    ],
  ])('enforce-terms says %s', (code, change, tos) => {
    const document = {
      ...TOS,
      versions: TOS.versions.slice(0, 1),
      ...change,
    } as unknown as typeof TOS
    const metadata = answered({ tos })
    expect(
      decideTerms(termsFacts({ metadata }), settingsOf([document]), NOW, NONCE).reasons,
    ).toEqual([{ code, path: 'documents[0]' }])
  })

  test('map-idp-attributes, mapping by mapping with the condition that fails', () => {
    const mappings = [MAPPING, { ...MAPPING, when: { strategy: { equals: 'oidc' } } }] as const
    expect(decideIdpAttributes(factsWith(), settingsWith(mappings)).reasons).toEqual([
      { code: 'written', path: 'mappings[0]' },
      { code: 'condition', path: 'mappings[1].when.strategy' },
    ])
  })

  test('add-claims, claim by claim', () => {
    const from = { metadata: 'app_metadata', path: ['plan'] } as const
    const tokens = ['id_token'] as const
    const claims = [
      { claim: 'https://a.example/a', from, tokens },
      { claim: 'https://a.example/a', from, tokens },
      { claim: 'https://a.example/b', from, tokens, when: { role: { contains: 'none' } } },
      { claim: 'https://a.example/c', from: { ...from, path: ['none'] as const }, tokens },
      { claim: 'https://a.example/d', from: { constant: 'x'.repeat(100) }, tokens },
    ]
    const metadata = { app_metadata: { plan: 'gold' }, user_metadata: {} }
    const settings = { claims, maxClaimBytes: 90, maxTokenBytes: 900 }
    expect(decideClaims(signInFacts({ metadata }), settings).reasons).toEqual([
      { code: 'set', path: 'claims[0]' },
      { code: 'set_before', path: 'claims[1]' },
      { code: 'not_meant', path: 'claims[2].when.role' },
      { code: 'without_value', path: 'claims[3]' },
      { code: 'claim_too_large', path: 'claims[4]' },
    ])
  })

  test('enrich-profile, key by key', () => {
    const metadata = { app_metadata: {}, user_metadata: { newsletter: 'yes', company: 'A' } }
    const { reasons } = decideProfile(
      { connection: 'Users', locales: [], metadata },
      profileSettings,
      { done: [], records: {}, notes: [] },
      NOW,
    )
    expect(reasons).toEqual(
      expect.arrayContaining([
        { code: 'written', path: 'user_metadata.newsletter' },
        { code: 'equal', path: 'user_metadata.company' },
      ]),
    )
  })
})
