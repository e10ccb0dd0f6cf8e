import type { Event } from '@auth0/actions-types/post-login/v3'
import type { TenantContext } from '../context.ts'
import { isObject } from '../json.ts'
import { findOwn } from '../lookup.ts'
import { rolesOf } from '../membership.ts'
import { createProfileStore } from '../profiles.ts'
import type { EventData } from '../runtime/flow.ts'
import type { Client, Connection, Organization, Session, User } from '../store.ts'
import type { OidcRequest } from './answer.ts'

/** What the `event` of a sign-in is made from. */
export interface EventSources {
  user: User
  client: Client
  connection: Connection
  request: Event['request']
  transaction: NonNullable<Event['transaction']>
  /** Absent in refresh-token exchanges and password grants, as at Auth0. */
  session?: Session
  /** Absent in a refresh-token exchange, where nobody proves who they are. */
  methods?: Session['methods']
  audience?: string | undefined
  /** Its id. */
  organization?: string | undefined
}

/** `event.tenant.id`: the tenant's name. */
const TENANT_NAME = 'local-tenant'

/** `event` of the post-login trigger without the secrets, which differ by Action. */
export const buildEvent = (context: TenantContext, sources: EventSources): EventData => {
  const { user, client, connection, session } = sources
  const { state } = context.store
  const organization = findOwn(state.organizations, sources.organization)
  const roles = rolesOf(state, user.user_id, organization).map(({ name }) => name)
  const event: Omit<Event, 'secrets'> = {
    ...(sources.methods === undefined ? {} : { authentication: { methods: sources.methods } }),
    authorization: { roles },
    client: { client_id: client.client_id, name: client.name, metadata: client.client_metadata },
    configuration: {},
    connection: {
      id: connection.id,
      name: connection.name,
      strategy: connection.strategy,
      ...(connection.metadata === undefined ? {} : { metadata: connection.metadata }),
    },
    ...(organization === undefined ? {} : { organization: viewOrganization(organization) }),
    request: sources.request,
    ...(sources.audience === undefined
      ? {}
      : { resource_server: { identifier: sources.audience } }),
    ...(session === undefined ? {} : { session: viewSession(session) }),
    stats: { logins_count: user.logins_count ?? 0 },
    tenant: { id: TENANT_NAME },
    transaction: sources.transaction,
    user: createProfileStore(context.store, context.now).readUser(
      user.user_id,
    ) as unknown as Event['user'],
  }
  return structuredClone(event) as unknown as EventData
}

/**
 * `event.request` as Auth0 fills it. `query` is that of `/authorize` while a user signs in, since
 * Actions look there for what the application sent.
 */
export const readRequest = (
  { context, ip, method, headers, query, body }: OidcRequest,
  queryOfAuthorize?: Record<string, string>,
): Event['request'] => {
  const { 'user-agent': userAgent, 'accept-language': language } = headers
  return {
    ip,
    method,
    hostname: context.host,
    query: queryOfAuthorize ?? { ...(query as Record<string, unknown>) },
    body: withoutSecrets(body),
    geoip: {},
    ...(userAgent === undefined ? {} : { user_agent: userAgent }),
    ...(language === undefined ? {} : { language }),
  }
}

/** Auth0 does not hand passwords to Actions. */
const NEVER_IN_EVENT = new Set(['password', 'client_secret', 'client_assertion', 'code_verifier'])

const withoutSecrets = (body: unknown): Record<string, unknown> =>
  isObject(body)
    ? Object.fromEntries(Object.entries(body).filter(([name]) => !NEVER_IN_EVENT.has(name)))
    : {}

const viewOrganization = ({
  id,
  name,
  display_name = name,
  metadata = {},
}: Organization): NonNullable<Event['organization']> => ({ id, name, display_name, metadata })

const viewSession = (session: Session): NonNullable<Event['session']> => {
  const authenticatedAt = new Date(session.authenticated_at).toISOString()
  return {
    id: session.id,
    user_id: session.user_id,
    created_at: authenticatedAt,
    authenticated_at: authenticatedAt,
    expires_at: new Date(session.expires_at).toISOString(),
    clients: session.client_ids.map((clientId) => ({ client_id: clientId })),
  }
}
