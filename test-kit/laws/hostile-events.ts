/** Events that Auth0 would never send, told by how they differ from a whole one. */
import * as fc from 'fast-check'
import { jsonBytes } from '../../actions/shared/json.ts'
import { buildEvent } from '../actions/event.ts'
import { json } from '../actions/arbitraries.ts'
import { hostileText } from './arbitraries.ts'

/** One member of the event taken away or replaced. What is large is described and not drawn. */
export interface Damage {
  /** Chooses the member. */
  at: number
  with:
    | { kind: 'missing' }
    | { kind: 'value'; value: unknown }
    | { kind: 'deep'; levels: number; as: 'list' | 'object' }
    | { kind: 'long'; of: string }
    | { kind: 'many'; length: number }
}

/** Bytes of JSON that what is `long`, or what is `many` together, takes. */
const LARGE_BYTES = 1_000_000

/** Everything in it that one of our Actions reads, and more. */
const wholeEvent = (): Record<string, unknown> => {
  const claims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims'
  const attributes = {
    [`${claims}/department`]: 'Sales',
    employee_number: '12345',
    groups: ['admins', 'staff'],
    address: { country: 'ch' },
    locale: 'de-CH',
  }
  const event = buildEvent({
    organization: { id: 'org_1', name: 'example', display_name: 'Example', metadata: {} },
    client: { metadata: { require_verified_email: 'true', allowed_roles: 'clerk' } },
    connection: { name: 'enterprise-saml', strategy: 'samlp', metadata: { region: 'eu' } },
    authorization: { roles: ['clerk'] },
    transaction: { ui_locales: ['de-CH'], metadata: { terms_nonce: 'x', terms_asked: 'y' } },
    request: { body: { session_token: 'eyJ.eyJ.x' } },
    refresh_token: {
      id: 'rt',
      client_id: 'WebShop0000000000000000000000001',
      created_at: '2026-01-15T08:00:00.000Z',
      resource_servers: [{ audience: 'https://api.example.com/', scopes: 'openid' }],
    },
  })
  return {
    ...event,
    user: {
      ...event.user,
      ...attributes,
      identities: [
        { ...event.user.identities[0], connection: event.connection.name },
        { connection: 'linked', provider: 'oidc', user_id: '1', profileData: attributes },
      ],
      app_metadata: {
        blocked_clients: ['other'],
        customer_id: 'cus_1',
        tasks: { assign_customer_id: 'x' },
        lookups: { customer: { fetched_at: 'x', tier: 'gold' } },
        activity: { first_seen: '2026-01-15', last_seen: '2026-01-16' },
        idp: { department: 'Sales', groups: ['admins'] },
        terms: { version: '2025-01-15', accepted_at: '2025-02-01T00:00:00Z', documents: {} },
      },
      user_metadata: {
        newsletter: 'true',
        birth_year: '1984',
        company: 'Example Ltd',
        preferred_language: 'de',
        idp: { country: 'CH', written: { country: 'CH' } },
      },
    },
  }
}

const pathsOf = (value: unknown, path: string[] = []): string[][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, member]) => [
        [...path, key],
        ...pathsOf(member, [...path, key]),
      ])
    : []

const PATHS = pathsOf(wholeEvent())

export const damages: fc.Arbitrary<Damage[]> = fc.array(
  fc.record({
    at: fc.nat({ max: PATHS.length - 1 }),
    with: fc.oneof(
      { weight: 30, arbitrary: fc.constant({ kind: 'missing' } as const) },
      {
        weight: 60,
        arbitrary: fc
          .oneof(json, hostileText, fc.constantFrom(null, 0, '', [], {}))
          .map((value) => ({ kind: 'value', value }) as const),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('deep' as const),
          levels: fc.constantFrom(100, 10_000),
          as: fc.constantFrom('list' as const, 'object' as const),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('long' as const),
          of: fc.constantFrom('x', 'a,', ' ', '\ud800', '0', '\u0000', 'a-', 'İ'),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('many' as const),
          length: fc.constantFrom(1, 10, 25, 400),
        }),
      },
    ),
  }),
  { minLength: 1, maxLength: 6 },
)

/** A new event at each call: an Action could have changed the last one. */
export const damagedEvent = (list: readonly Damage[]): Record<string, unknown> => {
  const event = wholeEvent()
  for (const { at, with: replacement } of list) {
    replace(event, PATHS[at] ?? [], replacement)
  }
  return event
}

export const pathOf = ({ at }: Damage): string => PATHS[at]?.join('/') ?? ''

/** The damage of one member, by its path joined with `/`. */
export const damageAt = (path: string, replacement: Damage['with']): Damage => {
  const at = PATHS.findIndex((one) => one.join('/') === path)
  if (at < 0) throw new Error(`no member ${path}`)
  return { at, with: replacement }
}

const replace = (event: unknown, path: string[], replacement: Damage['with']): void => {
  const name = path.at(-1)
  const holder = path
    .slice(0, -1)
    .reduce<unknown>((value, key) => (Object(value) as Record<string, unknown>)[key], event)
  if (Object.isFrozen(holder) || name === undefined) return
  if (replacement.kind === 'missing') delete (holder as Record<string, unknown>)[name]
  else (holder as Record<string, unknown>)[name] = valueOf(replacement)
}

/** Large values, made once and frozen: all events share them, and no Action may write to one. */
const made = new Map<string, unknown>()

const valueOf = (replacement: Exclude<Damage['with'], { kind: 'missing' }>): unknown => {
  if (replacement.kind === 'value') return structuredClone(replacement.value)
  const description = JSON.stringify(replacement)
  const value = made.get(description) ?? Object.freeze(makeLarge(replacement))
  made.set(description, value)
  return value
}

const makeLarge = (
  replacement: Exclude<Damage['with'], { kind: 'missing' } | { kind: 'value' }>,
): unknown => {
  switch (replacement.kind) {
    case 'long':
      return replacement.of.repeat(LARGE_BYTES / (jsonBytes(replacement.of) - '""'.length))
    case 'many':
      return Array.from({ length: LARGE_BYTES / (replacement.length + '"",'.length) }, (_, index) =>
        `${index}`.slice(-replacement.length).padStart(replacement.length, 'g'),
      )
    case 'deep': {
      let value: unknown = 0
      for (let level = 0; level < replacement.levels; level += 1) {
        value = replacement.as === 'list' ? [value] : { inner: value }
      }
      return value
    }
  }
}
