import { describe, expect, test } from '@jest/globals'
import type {
  MapIdpAttributesSettings,
  Mapping,
} from '../../../actions/map-idp-attributes/mapping.ts'
import { checkSettings } from '../../../actions/map-idp-attributes/schema.ts'
import { settings } from '../../../test-kit/fixture/actions/map-idp-attributes/settings.ts'
import { MAPPING, settingsWith } from '../../../test-kit/actions/mapping-facts.ts'

/** What a team that does not compile its settings, or is wrong in a value, may write. */
const check = (mapping: object, settings: Partial<MapIdpAttributesSettings> = {}) =>
  checkSettings(settingsWith([{ ...MAPPING, ...mapping }], settings))

const to = (...path: string[]) => ({ to: { metadata: 'app_metadata', path } })
const toUser = (...path: string[]) => ({ to: { metadata: 'user_metadata', path } })

/** What a mapping that gives a right must say. */
const ENDS = { missing: 'delete', unusable: 'delete' } as const
const WITH_DEFAULTS = { missing: { default: 'a' }, unusable: { default: 'b' } } as const

test('our own settings pass', () => {
  expect(checkSettings(settings)).toEqual([])
})

describe('the build refuses', () => {
  test.each<[string, object, string, RegExp]>([
    [
      'an unknown strategy',
      { when: { strategy: { oneOf: ['oidc', 'azure'] } } },
      'when.strategy.oneOf[1]',
      /"azure"/,
    ],
    [
      'an empty connection',
      { when: { connection: { equals: '' } } },
      'when.connection.equals',
      /never holds/,
    ],
    [
      'an empty list of clients',
      { when: { client: { oneOf: [] as never } } },
      'when.client.oneOf',
      /at least one/,
    ],
    [
      'a domain with an @',
      { when: { emailDomain: { equals: '@a.de' } } },
      'when.emailDomain.equals',
      /domain alone/,
    ],
    [
      'a domain in capitals',
      { when: { emailDomain: { oneOf: ['A.de'] } } },
      'when.emailDomain.oneOf[0]',
      /"A\.de"/,
    ],
    [
      'conditions that exclude each other',
      { when: { emailVerified: { equals: false }, emailDomain: { equals: 'a.de' } } },
      'when.emailVerified',
      /never hold/,
    ],
    [
      'an empty name in an attribute',
      { when: { attribute: { path: [''], exists: true } } },
      'when.attribute.path',
      /empty/,
    ],
    [
      'our own metadata as a source',
      { from: [{ attribute: ['app_metadata', 'idp'] }] },
      'from[0].attribute',
      /is ours/,
    ],
    [
      'identities by path',
      { from: [{ attribute: ['identities', 0] }] },
      'from[0].attribute',
      /currentIdentity/,
    ],
    [
      'a token as a source',
      { from: [{ identity: { connection: 'a', path: ['access_token'] } }] },
      'from[0].identity.path',
      /token/,
    ],
    [
      'an empty name in a path',
      { from: [{ currentIdentity: ['a', ''] }] },
      'from[0].currentIdentity',
      /empty/,
    ],
    [
      'the root for a connection, whosever it is',
      { when: { connection: { equals: 'corp' } } },
      'from[0].attribute',
      /when\.connection is about the identity used now.*currentIdentity.*of: 'primary'/,
    ],
    [
      'the root for a strategy, after another source',
      {
        when: { strategy: { equals: 'samlp' } },
        from: [{ currentIdentity: ['a'] }, { attribute: ['a'] }],
      },
      'from[1].attribute',
      /when\.strategy/,
    ],
    [
      'the root for an attribute',
      { when: { attribute: { path: ['a'], exists: true } } },
      'from[0].attribute',
      /when\.attribute/,
    ],
    [
      'the root for an address',
      { when: { emailVerified: { equals: true } } },
      'from[0].attribute',
      /when\.em/,
    ],
    [
      'the root for a domain',
      { when: { emailDomain: { equals: 'a.de' } } },
      'from[0].attribute',
      /when\.em/,
    ],
    [
      'whose root at a source that is none',
      { from: [{ currentIdentity: ['a'], of: 'primary' }] },
      'from[0].of',
      /attribute alone/,
    ],
    ['an index below 0', { from: [{ attribute: ['a', -1] }] }, 'from[0].attribute', /from 0/],
    ['half an index', { from: [{ attribute: ['a', 0.5] }] }, 'from[0].attribute', /from 0/],
    [
      'an identity without a name',
      { from: [{ identity: { provider: '', path: ['a'] } }] },
      'from[0].identity',
      /empty name/,
    ],
    ['metadata without a name', { from: [{ connectionMetadata: '' }] }, 'from[0]', /empty name/],
    [
      'a source after a constant',
      { from: [{ constant: 'a' }, { attribute: ['a'] }] },
      'from[0]',
      /never read/,
    ],
    [
      'a split without a separator',
      { transforms: [{ split: '' }] },
      'transforms[0]',
      /empty string/,
    ],
    ['a prefix without a text', { transforms: [{ stripPrefix: '' }] }, 'transforms[0]', /empty/],
    [
      'a filter without a text',
      { transforms: [{ filter: { prefix: '' } }] },
      'transforms[0]',
      /all/,
    ],
    [
      'a pattern that runs away',
      { transforms: ['trim', { capture: { pattern: '^(a+)+$' } }] },
      'transforms[1].capture.pattern',
      /repeats a group/,
    ],
    [
      'a pattern that is slow',
      { transforms: [{ replace: { pattern: '\\s+$', with: '' } }] },
      'transforms[0].replace.pattern',
      /begin it with \^/,
    ],
    [
      'a pattern that is none',
      { transforms: [{ filter: { matches: { pattern: '[' } } }] },
      'transforms[0].filter.matches.pattern',
      /regular expression/,
    ],
    [
      'a replacement by what stands before each match',
      { transforms: [{ replace: { pattern: 'x', with: '$$$`' } }] },
      'transforms[0].replace.with',
      /explode/,
    ],
    [
      'a replacement by what stands after each match',
      { transforms: [{ replace: { pattern: 'x', with: "a$'" } }] },
      'transforms[0].replace.with',
      /explode/,
    ],
    [
      'an empty table',
      { transforms: [{ lookUp: { table: {} } }] },
      'transforms[0].lookUp.table',
      /empty/,
    ],
    ['no roles', { transforms: [{ roles: {} }] }, 'transforms[0].roles', /empty/],
    [
      'two wildcards',
      { transforms: [{ roles: { 'a*b*': 'x' } }] },
      'transforms[0].roles',
      /one \*/,
    ],
    [
      'wildcards all over',
      {
        transforms: [
          {
            roles: Object.fromEntries(
              Array.from({ length: 33 }, (_, i) => [`${'a'.repeat(i)}*`, 'x']),
            ),
          },
        ],
      },
      'transforms[0].roles',
      /more than 32/,
    ],
    ['a limit of nothing', { transforms: [{ limit: 0 }] }, 'transforms[0].limit', /from 1/],
    ['half a limit', { transforms: [{ limit: 1.5 }] }, 'transforms[0].limit', /from 1/],
    ['a limit of length beyond ours', { limits: { length: 1025 } }, 'limits.length', /1 to 1024/],
    ['no elements', { limits: { elements: 0 } }, 'limits.elements', /1 to 500/],
    [
      'a deletion that import never does',
      { mode: 'import', missing: 'delete' },
      'missing',
      /never deletes/,
    ],
    [
      'roles that do not say what an unusable answer does to them',
      { transforms: [{ roles: { a: 'x' } }] },
      'unusable',
      /gives a right/,
    ],
    ['a grant that does not say it', { grants: true }, 'unusable', /gives a right/],
    [
      'a deletion of what is unusable that fill never does',
      { mode: 'fill', unusable: 'delete' },
      'unusable',
      /never deletes/,
    ],
    [
      'a default for what is unusable of another type',
      { as: 'integer', unusable: { default: 'x' } },
      'unusable.default',
      /is not a value of integer/,
    ],
    [
      'a default for what is unusable with an empty element',
      { as: 'strings', unusable: { default: ['', 'a'] } },
      'unusable.default',
      /must be written \["a"\]/,
    ],
    [
      'a default of another type',
      { as: 'integer', missing: { default: 'x' } },
      'missing.default',
      /is not a value of integer/,
    ],
    [
      'a default beyond the limits',
      { limits: { length: 2 }, missing: { default: 'long' } },
      'missing.default',
      /within the limits/,
    ],
    [
      'a default that would not stay as it is',
      { as: 'strings', missing: { default: ['b', 'a'] } },
      'missing.default',
      /must be written \["a","b"\]/,
    ],
    ['a key without a name', to('idp'), 'to.path', /a name of its own/],
    ['a dotted name', to('idp', 'a.b'), 'to.path', /holds "\."/],
    ['an inherited name', to('idp', 'constructor'), 'to.path', /inherit/],
    ['an empty name', to('idp', 'a', ''), 'to.path', /empty/],
    ['the place of our notes', toUser('idp', 'written', 'a'), 'to.path', /copies/],
    [
      'a flag that does nothing',
      { ...toUser('idp', 'a'), mode: 'import', overwriteUserEdits: true },
      'to.path',
      /overwriteUserEdits/,
    ],
  ])('%s', (_title, mapping, path, message) => {
    expect(check(mapping)).toContainEqual({
      path: `mappings[0].${path}`,
      message: expect.stringMatching(message),
      code: 'setting_invalid',
    })
  })

  test.each([
    ['reserved', 'email', /reserved/],
    ['hiding', 'groups', /hide the root attribute/],
  ])('a top-level key that is %s', (_title, key, message) => {
    expect(check(to(key, 'a'))).toContainEqual({
      path: 'mappings[0].to.path',
      message: expect.stringMatching(message),
      code: 'setting_invalid',
    })
  })

  test('a target inside the target of another mapping', () => {
    const outer = MAPPING
    const inner = { ...MAPPING, ...to('idp', 'mapped', 'x') } as unknown as Mapping
    for (const mappings of [
      [outer, inner],
      [inner, outer],
    ]) {
      expect(checkSettings(settingsWith(mappings)).map(({ message }) => message)).toMatchObject([
        expect.stringMatching(/lies inside idp\.mapped/),
      ])
    }
  })

  test('patterns that are cheap one by one, and together are not', () => {
    const dear: Mapping = { ...MAPPING, transforms: [{ capture: { pattern: '\\d{1,64}x' } }] }
    const filter: Mapping = {
      ...MAPPING,
      transforms: [{ filter: { matches: { pattern: '\\d{1,64}x', ignoreCase: true } } }],
    }
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        [dear, filter].map((mapping) => ({
          ...mapping,
          when: { role: { contains: `role ${index}` } },
        })),
      ).flat()
    expect(checkSettings(settingsWith(many(2)))).toEqual([])
    expect(checkSettings(settingsWith(many(3)))).toMatchObject([
      {
        path: 'mappings',
        message: expect.stringMatching(/may take 560,000,000 steps .* 500,000,000 are allowed/),
      },
    ])
  })

  test('an unknown strategy among the defaults, and limits beyond ours', () => {
    const settings = {
      defaults: {
        mode: 'force',
        missing: 'keep',
        unusable: 'keep',
        strategies: { azure: {} },
      },
      limits: { length: 256, elements: 50, bytes: 5000 },
    } as const
    expect(check({}, settings)).toMatchObject([
      { path: 'defaults.strategies.azure', message: expect.stringMatching(/"azure"/) },
      { path: 'limits.bytes', message: expect.stringMatching(/1 to 4096/) },
    ])
  })
})

describe('a mapping that gives a right', () => {
  const grant = { ...MAPPING, ...ENDS, grants: true } as const satisfies Mapping
  const problems = (mappings: readonly Mapping[], defaults: object = {}) =>
    checkSettings(
      settingsWith(mappings, {
        defaults: { mode: 'force', missing: 'keep', unusable: 'keep', ...defaults },
      }),
    ).map(({ path }) => path)

  test.each<[string, Partial<Mapping>, string[]]>([
    ['keeps what is missing', { missing: 'keep' }, ['missing']],
    ['keeps what is unusable', { unusable: 'keep' }, ['unusable']],
    ['imports', { mode: 'import', ...WITH_DEFAULTS }, ['mode']],
    ['fills', { mode: 'fill', ...WITH_DEFAULTS }, ['mode']],
  ])('is refused where it %s, and so is another to its target', (_title, change, names) => {
    const { grants, ...other } = grant
    expect(grants).toBe(true)
    const at = (place: number) => names.map((name) => `mappings[${place}].${name}`)
    expect(problems([{ ...grant, ...change }])).toEqual(at(0))
    expect(problems([{ ...other, ...change }])).toEqual([])
    const here = { ...other, ...change, when: { role: { contains: 'this' } } } as Mapping
    const elsewhere = { ...grant, when: { role: { contains: 'other' } } } as Mapping
    expect(problems([elsewhere, here])).toEqual(at(1))
    expect(problems([here, elsewhere])).toEqual(at(0))
  })

  const corp = (connection: string) => ({ identity: { connection, path: ['groups'] } }) as const
  test.each<[string, Partial<Mapping>, string]>([
    [
      'an identity of any connection of a provider',
      { from: [{ identity: { provider: 'samlp', path: ['groups'] } }] },
      'from[0].identity',
    ],
    [
      'an identity of another connection than when names',
      {
        when: { connection: { oneOf: ['corp', 'other'] } },
        from: [corp('other'), corp('partner')],
      },
      'from[1].identity',
    ],
    [
      'a domain that any provider may claim',
      { when: { strategy: { equals: 'samlp' }, emailDomain: { equals: 'a.de' } } },
      'when.emailDomain',
    ],
    [
      'a claim of any provider',
      { when: { attribute: { path: ['groups'], contains: 'a' } } },
      'when.attribute',
    ],
  ])('is refused where it believes %s', (_title, change, name) => {
    const { grants, ...other } = { ...grant, from: [{ constant: 'a' }] as const, ...change }
    expect(problems([other as Mapping])).toEqual([])
    expect(problems([{ ...other, grants }])).toEqual([`mappings[0].${name}`])
  })

  test.each<[string, Partial<Mapping>]>([
    ['the last word of a connection', { from: [corp('corp')] }],
    [
      'the connection that when names',
      { when: { connection: { equals: 'corp' } }, from: [corp('corp')] },
    ],
    [
      'a domain and a claim by a connection',
      {
        when: {
          connection: { equals: 'corp' },
          emailDomain: { equals: 'a.de' },
          attribute: { path: ['a'], exists: true },
        },
        from: [{ constant: 'a' }],
      },
    ],
  ])('is taken where it believes %s', (_title, change) => {
    expect(problems([{ ...grant, ...change }])).toEqual([])
  })

  test.each([
    [{ userMetadata: { path: ['a'], equals: 1 } }, 'when.userMetadata'],
    [{ any: [{ scope: { contains: 'a' } }] }, 'when.any[0].scope'],
    [{ emailVerified: { equals: true } }, 'when.emailVerified'],
  ])('is refused where %j decides who has it', (when, name) => {
    const mapping = { ...grant, from: [{ constant: 'a' }], when } as unknown as Mapping
    expect(problems([mapping])).toEqual([`mappings[0].${name}`])
  })

  test('must say itself what ends it, whatever the defaults', () => {
    const { missing, unusable, ...silent } = grant
    expect([missing, unusable]).toEqual(['delete', 'delete'])
    const defaults = { missing: 'delete', unusable: 'delete' }
    expect(problems([silent], defaults)).toEqual(['mappings[0].missing', 'mappings[0].unusable'])
  })

  test.each<[string, Mapping['when'], object, boolean]>([
    ['all', {}, { mode: 'import' }, false],
    ['a strategy that may come', {}, { strategies: { samlp: { mode: 'fill' } } }, false],
    [
      'its strategy',
      { strategy: { equals: 'samlp' } },
      { strategies: { samlp: { mode: 'fill' } } },
      false,
    ],
    [
      'another strategy',
      { strategy: { equals: 'oidc' } },
      { strategies: { samlp: { mode: 'fill' } } },
      true,
    ],
    [
      'its connection',
      { connection: { oneOf: ['a', 'b'] } },
      { connections: { b: { mode: 'fill' } } },
      false,
    ],
    [
      'another connection',
      { connection: { equals: 'a' } },
      { connections: { b: { mode: 'fill' } } },
      true,
    ],
  ])('takes no mode but force from the defaults of %s', (_title, when, defaults, isFine) => {
    const from = [{ currentIdentity: ['groups'] }] as const
    const mapping: Mapping = { ...grant, from, when }
    expect(problems([mapping], defaults)).toEqual(isFine ? [] : ['mappings[0].mode'])
    expect(problems([{ ...mapping, mode: 'force' }], defaults)).toEqual([])
  })
})

describe('the build takes', () => {
  test.each<[string, object]>([
    ['a name with dots in a source', { from: [{ attribute: ['http://a.b/c$d'] }] }],
    ['several mappings to one target', { from: [{ currentIdentity: ['elsewhere'] }] }],
    [
      'the root for a connection that says whose',
      { when: { connection: { equals: 'a' } }, from: [{ attribute: ['a'], of: 'primary' }] },
    ],
    [
      'the root for a role',
      { ...to('idp', 'root'), when: { role: { contains: 'a' }, organization: { equals: 'b' } } },
    ],
    [
      'roles that say what ends them',
      { ...to('idp', 'roles'), transforms: [{ roles: { a: 'x' } }], ...ENDS },
    ],
    ['a grant with defaults', { ...to('idp', 'roles'), grants: true, ...WITH_DEFAULTS }],
    ['written in app_metadata', to('idp', 'written')],
    ['an empty join', { transforms: [{ join: '' }] }],
    [
      'a replacement by the match, a group and a dollar',
      { transforms: [{ replace: { pattern: '(?<a>x)', with: "$&$1$<a>$$'" } }] },
    ],
    ['a replacement by nothing', { transforms: [{ replace: { pattern: 'x', with: '' } }] }],
    ['a default of false', { ...to('idp', 'flag'), as: 'boolean', missing: { default: false } }],
    ['a default that is empty', { ...to('idp', 'list'), as: 'strings', missing: { default: [] } }],
  ])('%s', (_title, mapping) => {
    expect(checkSettings(settingsWith([MAPPING, { ...MAPPING, ...mapping }]))).toEqual([])
  })
})
