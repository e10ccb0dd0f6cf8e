// Checked by `tsc` with everything else and never run: jest does not take `.test-d.ts`.
//
// A line under `@ts-expect-error` is a mistake that must not compile; if it starts to compile, the
// unused directive is itself an error.
import type {
  Event,
  JsonValue,
  PostLoginAction,
  PostLoginAPI,
  Protocol,
  Secrets,
} from '@auth0/actions-types/post-login/v3'

type Expect<Claim extends true> = Claim
// The one comparison that tells `any` from `unknown` and readonly from not: both sides of it must be
// functions over a type of their own.
/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters */
type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/* eslint-enable @typescript-eslint/no-unnecessary-type-parameters */
/** Whether an object without `Key` will do. */
type May<T, Key extends keyof T> = object extends Pick<T, Key> ? true : false
type IsReadonly<T, Key extends keyof T> = Equal<Pick<T, Key>, Readonly<Pick<T, Key>>>

type Transaction = NonNullable<Event['transaction']>

/** What may be absent, what may not, and what is open. */
export type Claims = [
  Expect<May<Event, 'transaction'>>,
  Expect<May<Event, 'session'>>,
  Expect<May<Event, 'authorization'>>,
  Expect<May<Event, 'authentication'>>,
  Expect<May<Event, 'organization'>>,
  Expect<May<Event, 'resource_server'>>,
  Expect<May<Event, 'refresh_token'>>,
  Expect<May<Event['connection'], 'metadata'>>,
  Expect<May<Transaction, 'protocol'>>,
  Expect<May<Transaction, 'id'>>,
  Expect<May<Event['user'], 'email'>>,
  Expect<May<Event['request'], 'hostname'>>,

  Expect<Equal<May<Event, 'user'>, false>>,
  Expect<Equal<May<Event, 'secrets'>, false>>,
  Expect<Equal<May<Event['client'], 'metadata'>, false>>,
  Expect<Equal<May<Transaction, 'metadata'>, false>>,
  Expect<Equal<May<Event['user'], 'email_verified'>, false>>,
  Expect<Equal<May<Event['user'], 'app_metadata'>, false>>,

  // Absent, never present with the value `undefined`.
  Expect<Equal<Required<Event['user']>['email'], string>>,

  Expect<Equal<Event['client']['metadata'], Record<string, string>>>,
  Expect<Equal<Event['user']['app_metadata'], Record<string, unknown>>>,
  Expect<Equal<Event['user']['user_metadata'], Record<string, unknown>>>,
  Expect<Equal<Event['user']['https://idp.example/claims/department'], unknown>>,
  Expect<Equal<Event['request']['query'], Record<string, unknown>>>,
  Expect<Equal<Event['connection']['strategy'], string>>,
  Expect<Equal<Transaction['protocol'], Protocol | undefined>>,
  Expect<Equal<Transaction['metadata'], Record<string, string | number | boolean>>>,

  Expect<IsReadonly<Event, 'secrets'>>,
  Expect<IsReadonly<Secrets, string>>,
  Expect<IsReadonly<PostLoginAPI, 'user'>>,

  Expect<Equal<ReturnType<PostLoginAPI['access']['deny']>, PostLoginAPI>>,
  Expect<Equal<ReturnType<PostLoginAPI['redirect']['sendUserTo']>, PostLoginAPI>>,
  Expect<Equal<ReturnType<PostLoginAPI['redirect']['validateToken']>, unknown>>,
  Expect<Equal<ReturnType<PostLoginAPI['user']['setAppMetadata']>, PostLoginAPI>>,
  // Nothing to chain on.
  Expect<Equal<ReturnType<PostLoginAPI['accessToken']['addScope']>, void>>,
  Expect<Equal<ReturnType<PostLoginAPI['samlResponse']['setAudience']>, void>>,
  // Root attributes cannot be set.
  Expect<Equal<keyof PostLoginAPI['user'], 'setAppMetadata' | 'setUserMetadata'>>,
  Expect<
    Equal<Parameters<PostLoginAPI['user']['setAppMetadata']>, [key: string, value: JsonValue]>
  >,
]

/** All sixteen protocols and no seventeenth. */
export const everyProtocol = {
  'oauth2-access-token': true,
  'oauth2-device-code': true,
  'oauth2-password': true,
  'oauth2-refresh-token': true,
  'oauth2-resource-owner': true,
  'oauth2-resource-owner-jwt-bearer': true,
  'oauth2-token-exchange': true,
  'oauth2-webauthn': true,
  'oidc-basic-profile': true,
  'oidc-ciba': true,
  'oidc-ciba-web-link': true,
  'oidc-hybrid-profile': true,
  'oidc-implicit-profile': true,
  samlp: true,
  wsfed: true,
  'wstrust-usernamemixed': true,
} satisfies Record<Protocol, true>

/** What an Action writes every day. */
export const onExecutePostLogin: PostLoginAction = async (event, api) => {
  const protocol: Protocol | undefined = event.transaction?.protocol
  const sessionId: string | undefined = event.session?.id
  const department: unknown = event.user['department']
  const portal: string | undefined = event.secrets['PORTAL_URL']
  if (protocol === 'oauth2-refresh-token' || portal === undefined) {
    api.access.deny('terms_outdated')
    return
  }
  api.user
    .setAppMetadata('terms', {
      version: '2026-11',
      accepted_at: 1_795_000_000,
      ways: ['web', null],
    })
    .user.setUserMetadata('nickname', null)
    .idToken.setCustomClaim('https://example.com/department', department)
  api.redirect.sendUserTo(portal, {
    query: {
      session_token: api.redirect.encodeToken({
        payload: { session: sessionId ?? null },
        secret: event.secrets['KEY'] ?? '',
        expiresInSeconds: 60,
      }),
    },
  })
  const kept = api.cache.set('jwks', '{}', { ttl: 60_000 })
  if (kept.type === 'error') console.log(kept.code)
  const { groups } = await api.groups.getUserGroups({ take: 10 })
  api.multifactor.enable('duo', {
    providerOptions: { host: groups[0]?.name ?? '', ikey: '', skey: '' },
  })
  api.authentication.challengeWith(
    { type: 'push-notification', options: { otpFallback: false } },
    { additionalFactors: [{ type: 'phone', options: { preferredMethod: 'sms' } }] },
  )
  api.transaction.setMetadata('nonce', 'n')
}

/** The smallest event that Auth0 may send. */
export const smallestEvent = {
  client: { client_id: 'c', name: 'App', metadata: {} },
  configuration: {},
  connection: { id: 'con_1', name: 'google-oauth2', strategy: 'google-oauth2' },
  request: { ip: '192.0.2.1', method: 'GET', body: {}, query: {}, geoip: {} },
  secrets: {},
  stats: { logins_count: 1 },
  tenant: { id: 'example' },
  user: {
    user_id: 'google-oauth2|1',
    created_at: '2026-11-20T08:00:00.000Z',
    updated_at: '2026-11-20T08:00:00.000Z',
    email_verified: false,
    app_metadata: {},
    user_metadata: {},
    identities: [],
    'https://idp.example/claims/department': ['Sales', 'Support'],
  },
} satisfies Event

/** A `type` with an absent member is JSON. */
type Acceptance = { version: string; note?: string }
export const acceptance = (value: Acceptance): JsonValue => value

export function mistakesInReading(event: Event): unknown[] {
  return [
    // @ts-expect-error the session is absent in a refresh-token exchange
    event.session.id,
    // @ts-expect-error the whole transaction may be absent
    event.transaction.protocol,
    // @ts-expect-error roles may be absent
    event.authorization.roles,
    // @ts-expect-error the organization may be absent
    event.organization.id,
    // @ts-expect-error no audience, no resource server
    event.resource_server.identifier,
    // @ts-expect-error nothing is known about the methods in every flow
    event.authentication.methods,
    // @ts-expect-error not a protocol of Auth0's
    event.transaction?.protocol === 'oauth2-refreshtoken',
    // @ts-expect-error a secret is read by its name in brackets: it may not exist
    event.secrets.PORTAL_URL,
    // @ts-expect-error an unknown attribute is read in brackets, so that a typing error shows
    event.user.emial,
    // @ts-expect-error the connection may have no metadata
    event.connection.metadata['region'],
  ]
}

export function mistakesInTrust(event: Event): void {
  // @ts-expect-error what an identity provider sends must be parsed
  const department: string = event.user['department']
  // @ts-expect-error so must what is stored
  const version: string = event.user.app_metadata['version']
  // @ts-expect-error so must the query string
  const prompt: string = event.request.query['prompt']
  // @ts-expect-error a fingerprint can be null
  const fingerprint: string | undefined = event.security_context?.ja3
  console.log(department, version, prompt, fingerprint)
}

export function mistakesInWriting(event: Event, api: PostLoginAPI): void {
  // @ts-expect-error undefined fails the sign-in
  api.user.setAppMetadata('plan', undefined)
  // @ts-expect-error undefined fails the sign-in
  api.user.setUserMetadata('plan', undefined)
  // @ts-expect-error undefined inside an object does, too
  api.user.setAppMetadata('terms', { version: '1', note: undefined })
  // @ts-expect-error a date is not JSON
  api.user.setAppMetadata('terms', { accepted_at: new Date(0) })
  // @ts-expect-error a map is not JSON
  api.user.setAppMetadata('terms', new Map([['version', '1']]))
  // @ts-expect-error a big integer is not JSON
  api.user.setAppMetadata('count', 1n)
  // @ts-expect-error what is stored must be parsed before it is stored again
  api.user.setAppMetadata('copy', event.user.app_metadata)
  // @ts-expect-error two arguments belong to the pre-user-registration trigger
  api.access.deny('terms_declined', 'You must accept the terms.')
  // @ts-expect-error a reason is required
  api.access.deny()
  // @ts-expect-error transaction metadata holds no objects
  api.transaction.setMetadata('nonce', { value: 'n' })
  // @ts-expect-error session metadata holds strings only
  api.session.setMetadata('count', 1)
  // @ts-expect-error the cache holds strings only
  api.cache.set('jwks', { keys: [] })
  // @ts-expect-error query parameters are strings
  api.redirect.sendUserTo('https://portal.example', { query: { page: 1 } })
  // @ts-expect-error a token cannot be signed without a secret
  api.redirect.encodeToken({ payload: {} })
  // @ts-expect-error a missing secret must be handled first
  api.redirect.validateToken({ secret: event.secrets['KEY'] })
  // @ts-expect-error the options belong to Duo
  api.multifactor.enable('guardian', { providerOptions: { host: '', ikey: '', skey: '' } })
  // @ts-expect-error e-mail cannot be enrolled
  api.authentication.enrollWith({ type: 'email' })
  // @ts-expect-error not an algorithm that Auth0 offers
  api.samlResponse.setDigestAlgorithm('md5')
  // @ts-expect-error secrets are not ours to change
  event.secrets['KEY'] = 'other'
  // @ts-expect-error the api is not ours to change
  api.user = api.user
}

/** A handler without a promise is refused by Auth0's loader. */
// @ts-expect-error it is not async
export const notAHandler: PostLoginAction = (event, api) => {
  api.access.deny(event.user.user_id)
}
