/** What each identity of a user can give them, in the profile and in tokens, on the built bundles. */
import { describe, expect, test } from '@jest/globals'
import type { MapIdpAttributesSettings, Mapping } from '../../actions/map-idp-attributes/mapping.ts'
import { checkSettings } from '../../actions/map-idp-attributes/schema.ts'
import { createLinkedUser, type LinkedUser } from '../../test-kit/flows/linked-identities.ts'

const settingsWith = (...mappings: readonly Mapping[]): MapIdpAttributesSettings => ({
  defaults: { mode: 'force', missing: 'keep', unusable: 'keep' },
  limits: { length: 256, elements: 50, bytes: 2048 },
  mappings,
})

const ROLES = { 'App-Shop-Admins': 'shop-admin', 'App-Shop-*': 'shop-user' }

/** The company decides who administers the shop. */
const COMPANY = {
  when: { connection: { equals: 'contoso-saml' } },
  from: [{ currentIdentity: ['groups'] }],
  transforms: [{ roles: ROLES }],
  as: 'strings',
  missing: 'delete',
  unusable: 'delete',
  grants: true,
  to: { metadata: 'app_metadata', path: ['idp', 'roles'] },
} as const satisfies Mapping

/** A partner may have its people buy, and no more. */
const PARTNER = {
  ...COMPANY,
  when: { connection: { equals: 'partner-oidc' } },
  transforms: [{ roles: { 'Shop-Buyers': 'shop-user' } }],
} as const satisfies Mapping

const SETTINGS = settingsWith(COMPANY, PARTNER)
const ADMINS = { groups: ['App-Shop-Admins'] }
const ADMIN = ['shop-admin', 'shop-user']
const rolesOf = async (signedIn: ReturnType<LinkedUser['signIn']>): Promise<unknown> => {
  const { profile, token } = await signedIn
  expect(token).toEqual(profile)
  return profile
}

test('the settings of these tests are such as the build accepts', () => {
  expect(checkSettings(SETTINGS)).toEqual([])
})

describe("a partner's word about groups of the company", () => {
  test('gives no role when the company account, which is linked, says nothing', async () => {
    const user = await createLinkedUser(SETTINGS, ['partner-oidc', 'contoso-saml'])
    expect(await rolesOf(user.signIn('partner-oidc', ADMINS))).toEqual([])
    expect(await rolesOf(user.signIn('contoso-saml', { department: 'Sales' }))).toBeUndefined()
  })

  test('gives no role when the company account is the primary one', async () => {
    const user = await createLinkedUser(SETTINGS, ['contoso-saml', 'partner-oidc'])
    expect(await rolesOf(user.signIn('contoso-saml', { department: 'Sales' }))).toBeUndefined()
    expect(await rolesOf(user.signIn('partner-oidc', ADMINS))).toEqual([])
    expect(await rolesOf(user.signIn('contoso-saml', { department: 'Sales' }))).toBeUndefined()
  })

  test('takes no role that the company gives, and leaves none behind', async () => {
    const user = await createLinkedUser(SETTINGS, ['partner-oidc', 'contoso-saml'])
    expect(await rolesOf(user.signIn('contoso-saml', ADMINS))).toEqual(ADMIN)
    expect(await rolesOf(user.signIn('partner-oidc', { groups: [] }))).toEqual([])
    expect(await rolesOf(user.signIn('contoso-saml', ADMINS))).toEqual(ADMIN)
  })

  test('does not count for a condition on a claim of the company', async () => {
    const claimed = settingsWith({
      ...COMPANY,
      when: {
        connection: { equals: 'contoso-saml' },
        attribute: { path: ['groups'], contains: 'App-Shop-Admins' },
      },
      from: [{ constant: 'App-Shop-Admins' }],
    })
    const user = await createLinkedUser(claimed, ['partner-oidc', 'contoso-saml'])
    await user.signIn('partner-oidc', ADMINS)
    expect(await rolesOf(user.signIn('contoso-saml', {}))).toBeUndefined()
    expect(await rolesOf(user.signIn('contoso-saml', ADMINS))).toEqual(ADMIN)
    expect(await rolesOf(user.signIn('contoso-saml', {}))).toBeUndefined()
  })

  test('that an address is verified does not count for another identity', async () => {
    const employees = settingsWith({
      ...COMPANY,
      when: {
        connection: { equals: 'google-oauth2' },
        emailDomain: { equals: 'contoso.example' },
        emailVerified: { equals: true },
      },
      from: [{ constant: 'App-Shop-Admins' }],
    })
    const user = await createLinkedUser(employees, ['partner-oidc', 'google-oauth2'])
    const email = { email: 'ceo@contoso.example', email_verified: true }
    await user.signIn('partner-oidc', email)
    const private_ = { email: 'ada@gmail.example', email_verified: true }
    expect(await rolesOf(user.signIn('google-oauth2', private_))).toBeUndefined()
    expect(await rolesOf(user.signIn('google-oauth2', email))).toEqual(ADMIN)
  })
})

describe('a role that an identity gave', () => {
  test('is there at sign-ins by that one of three identities, and at no other', async () => {
    const user = await createLinkedUser(SETTINGS, ['google-oauth2', 'contoso-saml', 'partner-oidc'])
    expect(await rolesOf(user.signIn('google-oauth2', ADMINS))).toBeUndefined()
    expect(await rolesOf(user.signIn('contoso-saml', ADMINS))).toEqual(ADMIN)
    expect(await rolesOf(user.signIn('google-oauth2', ADMINS))).toBeUndefined()
    expect(await rolesOf(user.signIn('contoso-saml', ADMINS))).toEqual(ADMIN)
    expect(await rolesOf(user.signIn('partner-oidc', { groups: 'Shop-Buyers' }))).toEqual([
      'shop-user',
    ])
  })

  test('goes after its identity was unlinked', async () => {
    const user = await createLinkedUser(SETTINGS, ['google-oauth2', 'contoso-saml'])
    expect(await rolesOf(user.signIn('contoso-saml', ADMINS))).toEqual(ADMIN)
    user.unlink('contoso-saml')
    expect(await rolesOf(user.signIn('google-oauth2', {}))).toBeUndefined()
  })

  test('stays at other sign-ins where the team reads the last word of its identity, until that is unlinked', async () => {
    const last = settingsWith({
      ...COMPANY,
      when: {},
      from: [{ identity: { connection: 'contoso-saml', path: ['groups'] } }],
    })
    const user = await createLinkedUser(last, ['google-oauth2', 'contoso-saml'])
    expect(await rolesOf(user.signIn('contoso-saml', ADMINS))).toEqual(ADMIN)
    expect(await rolesOf(user.signIn('google-oauth2', {}))).toEqual(ADMIN)
    user.unlink('contoso-saml')
    expect(await rolesOf(user.signIn('google-oauth2', {}))).toBeUndefined()
  })

  test('is gone a year later, when the company no longer says it by either identity', async () => {
    const user = await createLinkedUser(SETTINGS, ['contoso-saml', 'google-oauth2'])
    expect(await rolesOf(user.signIn('contoso-saml', ADMINS))).toEqual(ADMIN)
    for (let month = 0; month < 12; month += 1) await user.signIn('google-oauth2', {})
    expect(await rolesOf(user.signIn('google-oauth2', {}))).toBeUndefined()
    expect(await rolesOf(user.signIn('contoso-saml', {}))).toBeUndefined()
  })

  test('is written once while the same identity says the same', async () => {
    const user = await createLinkedUser(SETTINGS, ['google-oauth2', 'contoso-saml'])
    expect(await user.signIn('contoso-saml', ADMINS)).toMatchObject({ writes: 1 })
    expect(await user.signIn('contoso-saml', ADMINS)).toMatchObject({ writes: 0 })
    expect(await user.signIn('google-oauth2', {})).toMatchObject({ writes: 1 })
    expect(await user.signIn('google-oauth2', {})).toMatchObject({ writes: 0 })
  })

  test('is not frozen by linking a second account of the same connection', async () => {
    const user = await createLinkedUser(SETTINGS, ['google-oauth2', 'contoso-saml'])
    expect(await rolesOf(user.signIn('contoso-saml', ADMINS))).toEqual(ADMIN)
    user.link('contoso-saml', 'another')
    const signedIn = await user.signIn('contoso-saml', ADMINS)
    expect(signedIn).toMatchObject({ profile: undefined, token: undefined })
    expect(signedIn.logs).toContainEqual(
      expect.stringMatching(/^identity_unclear app_metadata\.idp\.roles /),
    )
  })

  test('is not frozen, nor given, by app_metadata that hides the groups of the provider', async () => {
    const user = await createLinkedUser(SETTINGS, ['contoso-saml'], {
      groups: ['App-Shop-Admins'],
      idp: { roles: ADMIN },
    })
    const signedIn = await user.signIn('contoso-saml', { groups: [] })
    expect(signedIn).toMatchObject({ profile: undefined, token: undefined })
    expect(signedIn.logs).toContainEqual(
      expect.stringMatching(/^attribute_hidden app_metadata\.idp\.roles /),
    )
  })
})

describe('a former admin is none in profile and tokens at the next sign-in', () => {
  const groups: Mapping = {
    ...COMPANY,
    transforms: [],
  }
  test.each<[string, unknown, unknown]>([
    ['whose list has a null', ['App-1', null], ['App-1']],
    ['whose list has an empty name', ['App-1', ''], ['App-1']],
    ['whose list has an object', ['App-1', { name: 'App-2' }], undefined],
    ['whose list has a list', [['App-1']], undefined],
    ['whose list has one name that is too long', ['App-1', 'x'.repeat(257)], undefined],
    ['whose list is too long', Array.from({ length: 51 }, (_, i) => `App-${i}`), undefined],
    [
      'whose list takes too much room',
      Array.from({ length: 50 }, (_, i) => `${i}`.padEnd(99, 'x')),
      undefined,
    ],
    ['whose groups are an object', { a: 1 }, undefined],
    ['whose groups are null', null, undefined],
    ['whose groups are an empty text', '', []],
  ])('%s', async (_title, now, after) => {
    const user = await createLinkedUser(settingsWith(groups), ['contoso-saml'])
    expect(await rolesOf(user.signIn('contoso-saml', ADMINS))).toEqual(ADMINS.groups)
    expect(await rolesOf(user.signIn('contoso-saml', { groups: now }))).toEqual(after)
  })
})
