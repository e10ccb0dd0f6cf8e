import { PASSWORD_REALM_GRANT } from '../../local-tenant/oidc/grant-types.ts'
import { generatedProfile } from '../../local-tenant/generated-profile.ts'
import { hashPassword, randomToken } from '../../local-tenant/secrets.ts'
import type { Client, Connection, TenantState, User } from '../../local-tenant/store.ts'
import {
  DATABASE,
  GOOGLE,
  OIDC,
  ORGANIZATION,
  people,
  PEOPLE_PASSWORD,
  ROLE,
  SAML,
  type Person,
} from './people.ts'

/** Where the demonstration application is when nobody says otherwise. */
export const DEMO_URL = 'https://localhost:4402'

export const API_IDENTIFIER = 'https://api.example.com'

/**
 * Puts the applications, connections, the API and the people into the tenant. What is there stays
 * as it is, secrets and profiles included, with three exceptions: the applications keep the callback
 * of `demoUrl`, the tools get the scopes that they need, and the accounts at identity providers are always those of `people.ts`, because
 * they are not the tenant's to keep.
 */
export const seed = (state: TenantState, now: number, demoUrl = DEMO_URL): void => {
  for (const client of makeClients(demoUrl)) {
    const known = (state.clients[client.client_id] ??= client)
    known.callbacks = [...new Set([...known.callbacks, ...client.callbacks])]
    known.allowed_logout_urls = [
      ...new Set([...known.allowed_logout_urls, ...client.allowed_logout_urls]),
    ]
    known.web_origins = [...new Set([...known.web_origins, ...client.web_origins])]
    if (client.management_scopes !== undefined) known.management_scopes = client.management_scopes
  }
  for (const connection of makeConnections()) {
    const known = (state.connections[connection.id] ??= connection)
    known.options['accounts'] = people.flatMap((person) =>
      person.connection === connection.name && person.account !== undefined
        ? [structuredClone(person.account)]
        : [],
    )
  }
  state.resource_servers['rs_local_example_api'] ??= {
    id: 'rs_local_example_api',
    identifier: API_IDENTIFIER,
    name: 'Example API',
    scopes: [
      { value: 'read:orders', description: 'Read orders' },
      { value: 'read:groups', description: 'Read the groups of the user' },
    ],
    allow_offline_access: true,
  }
  seedMembership(state)
  for (const person of people) {
    const user = makeUser(person, now)
    if (user === undefined || Object.hasOwn(state.users, user.user_id)) continue
    state.users[user.user_id] = user
    state.passwords[user.user_id] = hashPassword(PEOPLE_PASSWORD)
  }
}

/** The role and the organization that guard-access can be seen with. */
const seedMembership = ({ roles, organizations }: TenantState): void => {
  const idsOf = (belongs: (person: Person) => boolean): string[] =>
    people.filter(belongs).flatMap(({ user }) => user?.user_id ?? [])
  roles['rol_local000support'] ??= {
    id: 'rol_local000support',
    name: ROLE,
    description: 'Answers customers',
    users: idsOf((person) => person.roles?.includes(ROLE) === true),
  }
  organizations['org_local000000acme'] ??= {
    id: 'org_local000000acme',
    name: ORGANIZATION,
    display_name: 'Acme',
    enabled_connections: [
      { connection_id: 'con_local000database', assign_membership_on_login: false },
      { connection_id: 'con_local0000000saml', assign_membership_on_login: true },
    ],
    members: Object.fromEntries(
      idsOf(({ organization }) => organization === ORGANIZATION).map((id) => [id, []]),
    ),
  }
}

const makeClients = (demoUrl: string): Client[] => {
  const web = (clientId: string, name: string, metadata: Record<string, string> = {}): Client => ({
    client_id: clientId,
    client_secret: randomToken(),
    name,
    app_type: 'regular_web',
    callbacks: [`${demoUrl}/callback`],
    allowed_logout_urls: [`${demoUrl}/`],
    web_origins: [new URL(demoUrl).origin],
    grant_types: ['authorization_code', 'refresh_token', 'password', PASSWORD_REALM_GRANT],
    token_endpoint_auth_method: 'client_secret_post',
    client_metadata: metadata,
    organization_usage: 'allow',
    // All of them run on this computer, where Auth0 would ask before each single sign-on.
    skip_non_verifiable_callback_uri_confirmation_prompt: true,
  })
  const machine = (clientId: string, name: string, scopes: string[]): Client => ({
    ...web(clientId, name),
    app_type: 'non_interactive',
    callbacks: [],
    allowed_logout_urls: [],
    web_origins: [],
    grant_types: ['client_credentials'],
    management_scopes: scopes,
  })
  const spa = web('single-page-app', 'Single-Page App')
  delete spa.client_secret
  return [
    web('web-app', 'Web App'),
    web('partner-app', 'Partner App'),
    web('verified-only', 'Verified Only', { require_verified_email: 'true' }),
    {
      ...web('acme-portal', 'Acme Portal', { allowed_organizations: ORGANIZATION }),
      organization_usage: 'require',
    },
    web('support-desk', 'Support Desk', { allowed_roles: ROLE }),
    {
      ...spa,
      app_type: 'spa',
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
    },
    machine('deploy-cli', 'Deploy CLI', DEPLOY_SCOPES),
    machine('local-tools', 'Local Tools', TOOL_SCOPES),
  ]
}

/** What the Deploy CLI needs for Actions and bindings, and for looking around. */
const DEPLOY_SCOPES = [
  'read:actions',
  'create:actions',
  'update:actions',
  'delete:actions',
  'read:clients',
  'read:connections',
  'read:resource_servers',
  'read:roles',
  'read:tenant_settings',
]

const TOOL_SCOPES = [
  'read:client_keys',
  'read:users',
  'create:users',
  'update:users',
  'update:users_app_metadata',
  'delete:users',
  'read:actions',
  'read:clients',
  'read:connections',
  'read:organizations',
  'read:roles',
]

const makeConnections = (): Connection[] => {
  const connection = (
    id: string,
    name: string,
    strategy: string,
    displayName: string,
  ): Connection => ({
    id,
    name,
    strategy,
    enabled_clients: [
      'web-app',
      'partner-app',
      'verified-only',
      'acme-portal',
      'support-desk',
      'single-page-app',
    ],
    options: { display_name: displayName },
  })
  return [
    connection('con_local000database', DATABASE, 'auth0', 'E-mail and password'),
    connection('con_local00000google', GOOGLE, 'google-oauth2', 'Google'),
    connection('con_local0000000saml', SAML, 'samlp', 'Acme (SAML)'),
    connection('con_local0000000oidc', OIDC, 'oidc', 'Globex (OpenID Connect)'),
  ]
}

const makeUser = (person: Person, now: number): User | undefined => {
  if (person.user === undefined) return undefined
  const [provider = '', id = ''] = person.user.user_id.split('|')
  const [givenName = '', familyName = ''] = person.name.split(' ')
  const at = new Date(now).toISOString()
  return {
    ...structuredClone(person.user),
    email: person.email,
    ...generatedProfile(person.email, id),
    name: person.name,
    given_name: givenName,
    family_name: familyName,
    identities: [{ connection: person.connection, provider, user_id: id, isSocial: false }],
    created_at: at,
    updated_at: at,
  }
}
