import { describe, expect, test } from '@jest/globals'
import * as claims from '../../actions/add-claims/schema.ts'
import { settings as claimsSettings } from '../../test-kit/fixture/actions/add-claims/settings.ts'
import * as terms from '../../actions/enforce-terms/schema.ts'
import { settings as termsSettings } from '../../test-kit/fixture/actions/enforce-terms/settings.ts'
import * as profile from '../../actions/enrich-profile/schema.ts'
import { settings as profileSettings } from '../../test-kit/fixture/actions/enrich-profile/settings.ts'
import * as access from '../../actions/guard-access/schema.ts'
import { settings as accessSettings } from '../../test-kit/fixture/actions/guard-access/settings.ts'
import type { MapIdpAttributesSettings } from '../../actions/map-idp-attributes/mapping.ts'
import * as mappings from '../../actions/map-idp-attributes/schema.ts'
import { settings as mappingsSettings } from '../../test-kit/fixture/actions/map-idp-attributes/settings.ts'
import type { When } from '../../actions/shared/when.ts'
import { memberPath, type Problem } from '../../actions/shared/problem.ts'

/** A condition that uses every member there is. */
const WHOLE_WHEN: When = {
  tenant: { equals: 'a' },
  strategy: { oneOf: ['samlp'] },
  connection: { oneOf: ['a'] },
  client: { equals: 'a' },
  clientMetadata: { path: ['a'], equals: 'a' },
  organization: { matches: { pattern: 'a', ignoreCase: true } },
  role: { contains: 'a' },
  protocol: { equals: 'samlp' },
  country: { equals: 'CH' },
  emailVerified: { equals: true },
  emailDomain: { equals: 'team.example' },
  attribute: { path: ['a', 0], contains: 1 },
  appMetadata: { path: ['a'], exists: true },
  userMetadata: { path: ['a'], equals: 1 },
  any: [{ audience: { equals: 'a' } }, { scope: { contains: 'a' } }],
  all: [{ role: { contains: 'c' } }],
  not: { role: { contains: 'b' } },
}

/** What a right may rest on. */
const OF_A_RIGHT = Object.fromEntries(
  Object.entries({ ...WHOLE_WHEN, any: [{ audience: { equals: 'a' } }] }).filter(
    ([source]) => source !== 'userMetadata',
  ),
) as When

const WHOLE_RESTS_ON = { requester: 'a', network: 'a', identityProvider: 'a' }

/** Settings that use every member there is. */
const WHOLE_CLAIMS: claims.AddClaimsSettings = {
  maxClaimBytes: 1,
  maxTokenBytes: 1,
  claims: [
    {
      claim: 'https://team.example/a',
      from: { metadata: 'app_metadata', path: ['a', 'email'] },
      tokens: ['id_token', 'access_token'],
      samlAttribute: 'a',
      when: WHOLE_WHEN,
      allowPersonal: true,
    },
    { claim: 'https://team.example/b', from: { profile: ['name'] }, tokens: ['id_token'] },
    { claim: 'https://team.example/c', from: { constant: { any: ['x'] } }, tokens: ['id_token'] },
  ],
}

const WHOLE_TERMS: terms.EnforceTermsSettings = {
  refreshGraceDays: 1,
  documents: [
    {
      id: 'a',
      title: 'A',
      required: true,
      versions: [
        {
          version: '1',
          effectiveAt: '2025-01-15T00:00:00Z',
          mustReaccept: true,
          refreshGraceDays: 1,
        },
      ],
      reacceptAfterDays: 9,
      announceDays: 9,
      view: 'scroll',
      when: WHOLE_WHEN,
      restsOn: WHOLE_RESTS_ON,
    },
  ],
}

const WHOLE_PROFILE: profile.EnrichProfileSettings = {
  signUpFields: {
    any: { type: 'string', maxLength: 9, allowed: ['a'] },
    box: { type: 'boolean' },
    year: { type: 'integer', min: 1, max: 2 },
    size: { type: 'number', min: 1, max: 2 },
    day: { type: 'date', min: '2025-01-15', max: '2025-01-16' },
  },
  refusedSignUpFields: ['no'],
  tasks: ['assign_customer_id'],
  lookups: {
    any: {
      urlSecret: 'A',
      tokenSecret: 'B',
      id: ['a'],
      timeoutMs: 1,
      freshForHours: 1,
      pick: { any: { path: ['a'], type: 'date', min: '2025-01-15', max: '2025-01-16' } },
    },
  },
  budgetMs: 1,
  preferredLanguage: { key: 'a', supported: ['en'] },
}

const WHOLE_ACCESS: access.GuardAccessSettings = {
  verifiedEmailWhen: WHOLE_WHEN,
  restsOn: WHOLE_RESTS_ON,
  emailTrustedConnections: ['b'],
}

const plain = <const Name extends string>(name: Name) =>
  ({
    when: {},
    from: [{ currentIdentity: ['a'] }],
    to: { metadata: 'app_metadata', path: ['idp', name] },
  }) as const

const WHOLE_MAPPINGS: MapIdpAttributesSettings = {
  defaults: {
    mode: 'fill',
    missing: 'keep',
    unusable: 'keep',
    strategies: { samlp: { mode: 'force', missing: 'delete', unusable: 'delete' } },
    connections: { any: { mode: 'force', missing: 'delete', unusable: 'delete' } },
  },
  limits: { length: 99, elements: 9, bytes: 99 },
  mappings: [
    {
      when: OF_A_RIGHT,
      from: [
        { currentIdentity: ['a'] },
        { attribute: ['a'], of: 'primary' },
        { identity: { connection: 'a', path: ['a'] } },
        { connectionMetadata: 'a' },
        { organizationMetadata: 'a' },
        { constant: ['a'] },
      ],
      transforms: [
        'trim',
        'lower',
        'upper',
        { split: ';' },
        { stripPrefix: 'a' },
        { stripSuffix: 'a' },
        { capture: { pattern: '^a', ignoreCase: true } },
        { replace: { pattern: '^a', ignoreCase: true, with: 'b' } },
        { lookUp: { table: { any: 'a' }, otherwise: 'b' } },
        { filter: { prefix: 'a' } },
        { filter: { suffix: 'a' } },
        { filter: { contains: 'a' } },
        { filter: { matches: { pattern: '^a', ignoreCase: true } } },
        { roles: { any: ['a'] } },
        { limit: 1 },
        { join: ';' },
      ],
      as: 'strings',
      mode: 'force',
      missing: { default: ['a'] },
      unusable: 'delete',
      limits: { length: 9, elements: 9, bytes: 99 },
      grants: true,
      to: { metadata: 'user_metadata', path: ['idp', 'a'] },
      overwriteUserEdits: true,
    },
    {
      ...plain('b'),
      from: [{ identity: { provider: 'samlp', path: ['a'] } }],
      as: 'string',
    },
    {
      ...plain('c'),
      when: { userMetadata: { path: ['a'], exists: true } },
      as: 'date',
      missing: { default: '2025-01-15' },
    },
    { ...plain('d'), as: 'integer', missing: { default: 1 } },
    { ...plain('e'), as: 'boolean', missing: 'keep', unusable: { default: false } },
  ],
}

/** Objects whose members a team names as it likes. */
const FREE_NAMES = /(?:^|\.)(?:signUpFields|lookups|pick|connections|table|roles|constant)$/

/** Members whose value is one of a few words. */
const WORDS =
  /(?:^|\.)(?:metadata|tokens\[\d+\]|view|type|tasks\[\d+\]|mode|missing|unusable|as|of|transforms\[\d+\])$/

interface Mutant {
  readonly path: string
  readonly settings: unknown
}

/** Every member of every object misspelt, every word changed and every value taken for another. */
const mutantsOf = (value: unknown, path = '', rebuild = (mended: unknown) => mended): Mutant[] => {
  const broken = (settings: unknown, at = path): Mutant => ({
    path: at,
    settings: rebuild(settings),
  })
  if (Array.isArray(value)) {
    return [
      broken(Symbol('no list')),
      ...value.flatMap((item, index) =>
        mutantsOf(item, `${path}[${index}]`, (mended) => rebuild(value.with(index, mended))),
      ),
    ]
  }
  if (typeof value !== 'object' || value === null) {
    return [
      broken(Symbol('no value')),
      ...(WORDS.test(path) ? [broken(`${String(value)}ish`)] : []),
    ]
  }
  return Object.entries(value as Record<string, unknown>).flatMap(([name, member]) => {
    const others = Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))
    const isFree = FREE_NAMES.test(path)
    return [
      ...(isFree
        ? []
        : [broken({ ...others, [`${name}x`]: member }, memberPath(path, `${name}x`))]),
      ...mutantsOf(member, memberPath(path, name), (mended) =>
        rebuild({ ...value, [name]: mended }),
      ),
    ]
  })
}

type Check = (settings: unknown) => Problem[]

describe.each<[string, Check, object, object]>([
  ['add-claims', claims.checkSettings, WHOLE_CLAIMS, claimsSettings],
  ['enforce-terms', terms.checkSettings, WHOLE_TERMS, termsSettings],
  ['enrich-profile', profile.checkSettings, WHOLE_PROFILE, profileSettings],
  ['guard-access', access.checkSettings, WHOLE_ACCESS, accessSettings],
  ['map-idp-attributes', mappings.checkSettings, WHOLE_MAPPINGS, mappingsSettings],
])('%s', (_name, check, whole, ours) => {
  test.each([
    ['settings that use everything', whole],
    ['the settings of the fixture', ours],
  ])(
    'accepts %s and refuses each misspelt member and wrong value, by its place',
    (_title, settings) => {
      expect(check(settings)).toEqual([])
      const mutants = mutantsOf(settings)
      expect(mutants.length).toBeGreaterThan(1)
      const missed = mutants.filter(
        (mutant) => !check(mutant.settings).some(({ path }) => path === mutant.path),
      )
      expect(missed.map(({ path }) => path)).toEqual([])
    },
  )
})
