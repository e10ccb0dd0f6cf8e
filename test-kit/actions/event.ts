import type { Event } from '@auth0/actions-types/post-login/v3'

/**
 * What may differ from the standard event: any member at any depth. Objects are merged, arrays and
 * other values replaced; `undefined` takes an optional member away.
 */
export type EventOverrides = Overrides<Event>

type Overrides<Whole> = {
  -readonly [Key in keyof Whole]?: Part<Exclude<Whole[Key], undefined>> | OnlyIfOptional<Whole, Key>
}

type Part<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? Overrides<Value>
    : Value

/** `undefined` where the member may be absent, nothing where it may not. */
type OnlyIfOptional<Whole, Key extends keyof Whole> =
  Partial<Pick<Whole, Key>> extends Pick<Whole, Key> ? undefined : never

/**
 * A complete, realistic event: a database user in the third interactive sign-in to a web application
 * that asked for an API. Always the same but for the overrides; a new object each time.
 */
export const buildEvent = (overrides: EventOverrides = {}): Event =>
  merge(standardEvent(), overrides) as Event

const standardEvent = (): Event => ({
  authentication: { methods: [{ name: 'pwd', timestamp: '2026-11-20T09:00:00.000Z' }] },
  authorization: { roles: [] },
  client: { client_id: 'WebShop0000000000000000000000001', name: 'Web shop', metadata: {} },
  configuration: {},
  connection: {
    id: 'con_Database00000001',
    name: 'Username-Password-Authentication',
    strategy: 'auth0',
    metadata: {},
  },
  request: {
    asn: 'AS64496',
    body: {},
    geoip: {
      cityName: 'Bern',
      continentCode: 'EU',
      countryCode: 'CH',
      countryCode3: 'CHE',
      countryName: 'Switzerland',
      latitude: 46.948,
      longitude: 7.447,
      timeZone: 'Europe/Zurich',
    },
    hostname: 'login.example.com',
    ip: '192.0.2.10',
    language: 'en',
    method: 'GET',
    query: {
      audience: 'https://api.example.com/',
      client_id: 'WebShop0000000000000000000000001',
      redirect_uri: 'https://shop.example.com/callback',
      response_type: 'code',
      scope: 'openid profile email',
      state: 'state-of-the-application',
    },
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
  },
  resource_server: { identifier: 'https://api.example.com/' },
  secrets: {},
  security_context: { ja3: null, ja4: null },
  session: { id: 'sess_0000000000000001', metadata: {} },
  stats: { logins_count: 3 },
  tenant: { id: 'example' },
  transaction: {
    acr_values: [],
    id: 'transaction-0000000000000000001',
    locale: 'en',
    metadata: {},
    prompt: [],
    protocol: 'oidc-basic-profile',
    redirect_uri: 'https://shop.example.com/callback',
    requested_scopes: ['openid', 'profile', 'email'],
    response_mode: 'query',
    response_type: ['code'],
    state: 'state-of-the-application',
    ui_locales: [],
  },
  user: {
    app_metadata: {},
    created_at: '2026-01-15T08:00:00.000Z',
    email: 'ada@example.com',
    email_verified: true,
    enrolledFactors: [],
    family_name: 'Example',
    given_name: 'Ada',
    identities: [
      {
        connection: 'Username-Password-Authentication',
        isSocial: false,
        provider: 'auth0',
        user_id: '65a4e8f0c1d2e3f4a5b6c7d8',
      },
    ],
    multifactor: [],
    name: 'Ada Example',
    nickname: 'ada',
    picture: 'https://cdn.example.com/ada.png',
    updated_at: '2026-11-20T09:00:00.000Z',
    user_id: 'auth0|65a4e8f0c1d2e3f4a5b6c7d8',
    user_metadata: {},
  },
})

const merge = (base: unknown, override: unknown): unknown => {
  if (Array.isArray(override)) return override.map((item) => merge(undefined, item))
  if (!isObject(override)) return override
  const merged = isObject(base) ? { ...base } : {}
  for (const [key, value] of Object.entries(override)) {
    if (value === undefined) delete merged[key]
    else {
      // Defined, not assigned: `__proto__` is a key like any other in what a user may have stored.
      Object.defineProperty(merged, key, {
        value: merge(Object.hasOwn(merged, key) ? merged[key] : undefined, value),
        configurable: true,
        enumerable: true,
        writable: true,
      })
    }
  }
  return merged
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
