import type { ActionEvent } from '../../actions/shared/event.ts'
import type { TenantContext } from '../../local-tenant/context.ts'
import { buildEvent } from '../../local-tenant/oidc/event.ts'
import { applyUpstreamLogin, readUpstreamAccounts } from '../../local-tenant/oidc/upstream.ts'
import {
  emptyState,
  openStore,
  type Client,
  type Connection,
  type User,
} from '../../local-tenant/store.ts'

/** What the tenant knows about the person's next sign-in. */
export interface NextSignIn {
  readonly email: string
  /** As the Management API shows it; `undefined` for a person who never signed in. */
  readonly user: User | undefined
  readonly connection: Connection
  readonly client: Client
}

/**
 * The event that the person's next sign-in would bring, made by the tenant's own code on a copy:
 * what an identity provider says is written over the root attributes first. `undefined` when
 * neither the tenant nor an identity provider knows the person.
 */
export const makePersonEvent = (
  { email, user, connection, client }: NextSignIn,
  now: () => number,
): ActionEvent | undefined => {
  const store = openStore(undefined, () => emptyState({}))
  if (user !== undefined) store.state.users[user.user_id] = structuredClone(user)
  const context = { store, now, host: 'localhost' } as TenantContext
  const account = readUpstreamAccounts(connection).find(
    ({ attributes }) => attributes['email'] === email,
  )
  const signedIn = account === undefined ? user : applyUpstreamLogin(context, connection, account)
  if (signedIn === undefined) return undefined
  const event = buildEvent(context, {
    user: signedIn,
    client,
    connection,
    request: { ip: '127.0.0.1', method: 'GET', query: {}, body: {}, geoip: {} },
    transaction: { metadata: {}, protocol: 'oidc-basic-profile' },
  })
  return event as unknown as ActionEvent
}
