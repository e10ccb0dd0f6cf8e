/** What fast-check draws sign-ins from: what a tenant can hold, and a provider can send. */
import * as fc from 'fast-check'
import type { MapIdpAttributesSettings } from '../../actions/map-idp-attributes/mapping.ts'
import { keysOf, type Manifest } from '../../actions/shared/manifest.ts'
import { json, storedMetadata } from '../actions/arbitraries.ts'
import { buildEvent } from '../actions/event.ts'
import type { Answers } from './law-tenant.ts'

/** What the Actions of a project say of themselves, as far as it matters to what is drawn. */
export interface LawSubject {
  readonly manifests: Readonly<Record<string, Manifest>>
  readonly mappings: MapIdpAttributesSettings['mappings']
}

/** Values that a truthiness guard takes for nothing, and those it should have been. */
const falsy = fc.constantFrom<unknown>(0, false, '', [], {}, null, '0', 'false', ' ', [''], [0])

/** Names that objects inherit, control characters, right-to-left marks, half a character. */
export const hostileText = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'a.b',
    '$set',
    '\u0000\u001b[31m\r\n',
    '\u202egnp.exe',
    '\ud800',
    'x\udfff',
    'ﬃ İ ß',
    'true',
    '1984',
    '-0',
    '1e999',
    '2024-02-29',
    'de-CH',
    'https://example.com/?a=b#c',
    '##NAME##',
    '../../etc/passwd',
    'x'.repeat(257),
  ),
)

/** What an attribute of an identity provider may be. */
const attribute = fc.oneof(
  falsy,
  hostileText,
  fc.array(hostileText, { maxLength: 6 }),
  fc.array(fc.constantFrom('admins', 'CN=Admins,OU=Groups', 'staff', 'staff', ' staff', 'Ärzte')),
  fc.constantFrom<unknown>('Sales', 'CH', 'ch', 12345, '12345', true, ['Sales'], [['nested']]),
  json,
)

const today = '2026-11-20'

/** What the keys that our Actions write can hold when all is well, and nearly. */
const plausible = fc.oneof(
  falsy,
  hostileText,
  fc.constantFrom<unknown>(
    true,
    'true',
    ' 1984 ',
    1984,
    'Example Ltd',
    'de',
    'cus_0123456789',
    { assign_customer_id: '2026-01-01T00:00:00.000Z' },
    { assign_customer_id: true, other: 1 },
    { customer: { fetched_at: `${today}T00:00:00.000Z`, tier: 'gold' } },
    { customer: { retry_at: `${today}T09:00:00.000Z` } },
    { first_seen: '2026-01-15', last_seen: '2026-11-19', last_connection: 'x' },
    { first_seen: today, last_seen: today, last_connection: 'x' },
    { first_seen: '2999-01-01', last_seen: 'yesterday' },
    { version: '2026-11-01', accepted_at: '2026-11-02T09:00:00.000Z', locale: 'en' },
    { version: '2025-01-15', accepted_at: '2025-02-02T09:00:00.000Z', locale: 'en' },
    {
      documents: {
        'terms-of-service': { version: '2026-11-01', accepted_at: '2026-11-02T09:00:00Z' },
        'privacy-policy': { version: '2025-01-15', accepted_at: '2026-11-02T09:00:00Z' },
        'product-news': { version: '2025-01-15', declined_at: '2026-11-02T09:00:00Z' },
      },
    },
    { documents: { 'terms-of-service': { version: '2025-01-15', declined_at: 'x' } }, history: [] },
    { department: 'Sales', groups: ['admins', 'staff'], country: 'CH', foreign: 0 },
    { groups: 'staff', written: { country: 'CH' }, country: 'CH', locale: 'en' },
    { 'a.b': 1, groups: [] },
    'x'.repeat(4000),
  ),
)

const profileMetadata = ({ manifests }: LawSubject) =>
  storedMetadata(
    [
      ...Object.values(manifests).flatMap((manifest) =>
        keysOf(manifest).map((target) => target.split('.')[1] ?? ''),
      ),
      'blocked_clients',
      'service_account',
    ],
    plausible,
  )

const CONNECTIONS = [
  { id: 'con_1', name: 'Username-Password-Authentication', strategy: 'auth0', metadata: {} },
  { id: 'con_2', name: 'enterprise-saml', strategy: 'samlp', metadata: { region: 'eu' } },
  { id: 'con_3', name: 'enterprise-oidc', strategy: 'oidc' },
  { id: 'con_4', name: 'google-oauth2', strategy: 'google-oauth2', metadata: {} },
  { id: 'con_5', name: 'entra', strategy: 'waad', metadata: {} },
]

/** Root attributes under the names that the settings read, and some that nobody reads. */
const rootAttributes = ({ mappings }: LawSubject) => {
  const paths = mappings
    .flatMap(({ from }) => from)
    .flatMap(({ currentIdentity = [], attribute = currentIdentity }) => [attribute])
  return fc
    .tuple(
      fc.tuple(...paths.map(() => fc.option(attribute, { nil: undefined }))),
      fc.dictionary(hostileText, json, { maxKeys: 3 }),
      fc.constantFrom<unknown>('en', 'de-CH', '', 0, undefined),
    )
    .map(([values, others, locale]) => {
      const root: Record<string, unknown> = { ...others, ...(locale !== undefined && { locale }) }
      for (const [index, path] of paths.entries()) place(root, path, values[index])
      for (const name of NOT_THEIRS) delete root[name]
      return root
    })
}

/** What no provider can set, and what `JSON.parse` alone would make an own property. */
const NOT_THEIRS = ['user_id', 'identities', 'app_metadata', 'user_metadata', '__proto__']

const place = (
  holder: Record<string, unknown>,
  [name, ...rest]: readonly (string | number)[],
  value: unknown,
): void => {
  if (name === undefined || value === undefined) return
  if (rest.length === 0) {
    holder[name] = value
    return
  }
  const inner = holder[name]
  const object =
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? { ...inner } : {}
  holder[name] = object
  place(object, rest, value)
}

export interface DrawnSignIn {
  user: Record<string, unknown> & { user_id: string }
  provider: Record<string, unknown>
  event: Record<string, unknown>
  answers: Answers
  /** Milliseconds since the epoch, in the first half of a day in UTC. */
  now: number
  /** What the customer service answers. */
  service: ServiceAnswer
}

export interface ServiceAnswer {
  status: number
  body: string
  retryAfter?: string
  fails: boolean
}

const protocol = fc.oneof(
  { weight: 8, arbitrary: fc.constant('oidc-basic-profile') },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'samlp',
      'wsfed',
      'oauth2-device-code',
      'oauth2-refresh-token',
      'oauth2-password',
      'oauth2-token-exchange',
    ),
  },
)

const clientMetadata = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { require_verified_email: 'true' },
      { allowed_roles: 'clerk, admin' },
      { allowed_organizations: 'example' },
    ),
  },
)

const service: fc.Arbitrary<ServiceAnswer> = fc.record({
  status: fc.constantFrom(200, 200, 200, 404, 429, 503, 500),
  body: fc.oneof(
    fc.constantFrom('{"tier":"gold","account_manager":"Ada"}', '{"tier":0}', '', '[]', 'null'),
    json.map((value) => JSON.stringify({ tier: value, account_manager: value })),
  ),
  retryAfter: fc.constantFrom('1', '3600', '0', 'Fri, 20 Nov 2026 20:00:00 GMT', 'soon'),
  fails: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
})

const DAY_MS = 86_400_000

export const signIns = (subject: LawSubject): fc.Arbitrary<DrawnSignIn> =>
  fc
    .record({
      metadata: profileMetadata(subject),
      provider: rootAttributes(subject),
      linked: rootAttributes(subject),
      connection: fc.constantFrom(...CONNECTIONS),
      /** The identity used now is not the primary one. */
      isLinked: fc.boolean(),
      protocol,
      clientMetadata,
      emailVerified: fc.boolean(),
      organization: fc.constantFrom(
        undefined,
        undefined,
        { id: 'org_1', name: 'example', display_name: 'Example', metadata: { region: 'eu' } },
        { id: 'org_2', name: 'other', display_name: 'Other', metadata: {} },
      ),
      roles: fc.constantFrom<string[]>([], ['clerk'], ['admin', 'clerk']),
      uiLocales: fc.constantFrom<string[]>([], ['de-CH', 'en'], ['xx', '\u202e']),
      scopes: fc.subarray(['openid', 'profile', 'email', 'read:groups', 'offline_access']),
      silent: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
      day: fc.integer({ min: Date.UTC(2025, 0, 10) / DAY_MS, max: Date.UTC(2027, 0, 1) / DAY_MS }),
      second: fc.integer({ min: 0, max: 43_199 }),
      answers: fc.record({
        required: fc.constant('accepted' as const),
        coming: fc.constantFrom('accepted' as const, 'deferred' as const),
        optional: fc.constantFrom('accepted' as const, 'declined' as const),
      }),
      service,
    })
    .map((drawn): DrawnSignIn => {
      const { user, ...event } = buildEvent({
        client: { metadata: drawn.clientMetadata },
        connection: drawn.connection,
        authorization: { roles: drawn.roles },
        transaction: {
          protocol: drawn.protocol as 'samlp',
          ui_locales: drawn.uiLocales,
          requested_scopes: drawn.scopes,
          prompt: drawn.silent ? ['none'] : [],
        },
      })
      const [identity] = user.identities
      return {
        user: {
          ...user,
          email_verified: drawn.emailVerified,
          identities: [
            { ...identity, connection: drawn.isLinked ? 'elsewhere' : drawn.connection.name },
            {
              connection: drawn.isLinked ? drawn.connection.name : 'linked',
              provider: drawn.connection.strategy,
              user_id: 'linked',
              profileData: drawn.linked,
            },
          ],
          ...drawn.metadata,
        },
        provider: drawn.provider,
        event: { ...event, ...(drawn.organization && { organization: drawn.organization }) },
        answers: drawn.answers,
        now: drawn.day * DAY_MS + drawn.second * 1000,
        service: drawn.service,
      }
    })

/** The same, as another answer of the same provider: members and elements in another order. */
export const reordered = (value: unknown, seed: number): unknown => {
  let state = seed
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >>> 8) % below
  }
  const shuffle = <Item>(items: Item[]): Item[] => {
    const left = [...items]
    return items.flatMap(() => left.splice(next(left.length), 1))
  }
  const reorder = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return shuffle(inner.map(reorder))
    if (typeof inner !== 'object' || inner === null) return inner
    return Object.fromEntries(
      shuffle(Object.entries(inner)).map(([key, item]) => [key, reorder(item)]),
    )
  }
  return reorder(value)
}
