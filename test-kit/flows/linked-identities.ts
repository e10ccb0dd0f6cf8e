import { bundleWithSettings, SETTINGS_MODULE } from '../laws/bundle-variant.ts'
import type { AddClaimsSettings } from '../../actions/add-claims/schema.ts'
import type { MapIdpAttributesSettings } from '../../actions/map-idp-attributes/mapping.ts'
import { createProfileStore } from '../../local-tenant/profiles.ts'
import type { BoundAction, EventData } from '../../local-tenant/runtime/flow.ts'
import { emptyState, openStore, type Identity, type User } from '../../local-tenant/store.ts'
import { buildEvent } from '../actions/event.ts'
import { createBundleLoader, createInProcessEngine } from '../laws/in-process-engine.ts'

/** What an identity provider says of its account, under the names that it uses. */
export type Attributes = Readonly<Record<string, unknown>>

/** The providers that users of these tests sign in by; a strategy is Auth0's name for its kind. */
const STRATEGIES = {
  'contoso-saml': 'samlp',
  'partner-oidc': 'oidc',
  'fabrikam-saml': 'samlp',
  'google-oauth2': 'google-oauth2',
} as const

export type ConnectionName = keyof typeof STRATEGIES

const ROLES_CLAIM = 'https://shop.example/claims/roles'

const CLAIMS: AddClaimsSettings = {
  maxClaimBytes: 2048,
  maxTokenBytes: 4096,
  claims: [
    {
      claim: ROLES_CLAIM,
      from: { metadata: 'app_metadata', path: ['idp', 'roles'] },
      tokens: ['access_token'],
    },
  ],
}

/** A user of several identities in a tenant that runs the two bundles with these settings. */
export interface LinkedUser {
  /** What the provider says now; it is kept where Auth0 keeps it when that identity signs in. */
  signIn(connection: ConnectionName, says: Attributes): Promise<SignedIn>
  /** The identity's metadata is lost, and its attributes with it. */
  unlink(connection: ConnectionName): void
  link(connection: ConnectionName, account?: string): void
}

export interface SignedIn {
  /** In `app_metadata.idp.roles` after the sign-in. */
  readonly profile: unknown
  /** In the access token. */
  readonly token: unknown
  readonly writes: number
  readonly logs: readonly string[]
}

const bundles = {
  'map-idp-attributes': bundleWithSettings('map-idp-attributes'),
  'add-claims': bundleWithSettings('add-claims'),
}

/** The first connection is that of the primary identity. */
export const createLinkedUser = async (
  settings: MapIdpAttributesSettings,
  connections: readonly [ConnectionName, ...ConnectionName[]],
  app_metadata: Record<string, unknown> = {},
): Promise<LinkedUser> => {
  const [primary, ...others] = connections
  const identity = identityOf(primary)
  const userId = `${identity.provider}|${identity.user_id}`
  const user: User = {
    ...(buildEvent().user as unknown as User),
    user_id: userId,
    identities: [identity, ...others.map((name) => identityOf(name))],
    app_metadata,
    logins_count: 1,
  }
  const store = openStore(undefined, () => ({ ...emptyState({}), users: { [userId]: user } }))
  const profiles = createProfileStore(store, Date.now)
  const actions = await Promise.all(
    Object.entries(bundles).map(async ([name, code]) => ({
      versionId: name,
      name,
      code: await code,
      secrets: {},
      dependencies: [],
    })),
  )
  const loaders = {
    'map-idp-attributes': loaderWith(settings),
    'add-claims': loaderWith(CLAIMS),
  }
  const load = (action: BoundAction) => loaders[action.name as keyof typeof loaders](action)
  const engine = createInProcessEngine({ profiles, now: Date.now, load })
  const stored = () => store.state.users[userId] ?? user

  return {
    async signIn(connection, says) {
      keep(stored(), connection, says)
      const event: Record<string, unknown> = {
        ...buildEvent({ connection: { name: connection, strategy: STRATEGIES[connection] } }),
      }
      delete event['secrets']
      const data = { ...event, user: profiles.readUser(userId) } as EventData
      const result = await engine.start(actions, data)
      if (result.kind !== 'completed') throw new Error(`the sign-in was ${result.kind}`)
      const { idp } = stored().app_metadata as { idp?: { roles?: unknown } }
      return {
        profile: idp?.roles,
        token: result.accessTokenClaims[ROLES_CLAIM],
        writes: result.trace.profile_writes.length,
        logs: result.trace.actions.flatMap(({ logs }) => logs.map(({ message }) => message)),
      }
    },
    link(connection, account) {
      stored().identities.push(identityOf(connection, account))
    },
    unlink(connection) {
      const { identities } = stored()
      identities.splice(
        identities.findIndex((known) => known.connection === connection),
        1,
      )
    },
  }
}

const loaderWith = (settings: object) =>
  createBundleLoader({ modules: { [SETTINGS_MODULE]: { settings } } })

const identityOf = (connection: ConnectionName, account = 'ada'): Identity => {
  const strategy = STRATEGIES[connection]
  const isSocial = (strategy as string) === connection
  return {
    connection,
    provider: strategy,
    user_id: isSocial ? account : `${connection}|${account}`,
    isSocial,
  }
}

/** Auth0 keeps the root as the primary identity's; a linked one has `profileData` of its own. */
const keep = (user: User, connection: ConnectionName, says: Attributes): void => {
  const [primary, ...others] = user.identities
  if (primary?.connection === connection) {
    for (const name of Object.keys(user).filter((key) => !OURS.has(key))) delete user[name]
    Object.assign(user, says)
  }
  const linked = others.find((identity) => identity.connection === connection)
  if (linked !== undefined) linked.profileData = { ...says }
}

/** What Auth0 keeps of the user itself, whatever the provider says. */
const OURS: ReadonlySet<string> = new Set([
  'user_id',
  'identities',
  'app_metadata',
  'user_metadata',
  'created_at',
  'updated_at',
  'logins_count',
])
