import { CommandFailure } from '../../cli/failure.ts'
import type { LocalFetch } from '../local-fetch.ts'
import type { RunningTenant } from '../running.ts'
import type { FlowTrace } from '../../local-tenant/trace.ts'
import type { Client, Connection, Organization, User } from '../../local-tenant/store.ts'

/** What the tenant knows of a person at one moment. */
export interface Look {
  /** Empty for a person who never signed in through an identity provider. */
  user: Partial<User>
  /** The newest first. */
  flows: FlowTrace[]
}

export interface TenantConnection {
  applications(): Promise<Client[]>
  connections(): Promise<Connection[]>
  organizations(): Promise<Organization[]>
  look(email: string, connection: string): Promise<Look>
}

/** Reads from the running tenant: its Management API, and the traces of its flows. */
export const connectTenant = async (
  { tenantUrl, tools }: RunningTenant,
  fetch: LocalFetch,
): Promise<TenantConnection> => {
  const readJson = async (path: string, init: Parameters<LocalFetch>[1] = {}): Promise<unknown> => {
    const answer = await fetch(`${tenantUrl}${path}`, init)
    if (!answer.ok)
      throw new CommandFailure(
        'tenant_failed',
        `${path.split('?')[0] ?? ''} answered ${answer.status}`,
      )
    return answer.json()
  }
  const { access_token: token } = (await readJson('/oauth/token', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: tools.clientId,
      client_secret: tools.clientSecret,
      audience: `${tenantUrl}/api/v2/`,
    }).toString(),
  })) as { access_token: string }
  const headers = { authorization: `Bearer ${token}` }

  return {
    applications: async () => (await readJson('/api/v2/clients', { headers })) as Client[],
    connections: async () => (await readJson('/api/v2/connections', { headers })) as Connection[],
    organizations: async () =>
      (await readJson('/api/v2/organizations', { headers })) as Organization[],
    look: async (email, connection) => {
      // A linked identity has an address of its own, which is not that of the root.
      const q = `email:"${email}" OR identities.profileData.email:"${email}"`
      const path = `/api/v2/users?q=${encodeURIComponent(q)}`
      const users = (await readJson(path, { headers })) as User[]
      const user = users.find(({ identities }) =>
        identities.some((identity) => identity.connection === connection),
      )
      if (user === undefined) return { user: {}, flows: [] }
      const traces = `/local/traces?limit=200&user_id=${encodeURIComponent(user.user_id)}`
      return { user, flows: (await readJson(traces)) as FlowTrace[] }
    },
  }
}

/** What is called `wanted`, by its name, `client_id` or id. Throws with the names of those there are. */
export const findNamed = <Named extends { name: string; client_id?: string; id?: string }>(
  what: string,
  wanted: string,
  all: readonly Named[],
): Named => {
  const found = all.find(({ name, client_id, id }) => [name, client_id, id].includes(wanted))
  if (found !== undefined) return found
  const names = all.map(({ name }) => name).join(', ')
  throw new CommandFailure('not_found', `There is no ${what} "${wanted}". There are: ${names}`)
}
