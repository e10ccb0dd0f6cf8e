/** The tenant's state: plain data, kept in memory, written whole to one file. */
import { existsSync, readFileSync } from 'node:fs'
import type { JWK } from 'jose'
import { TenantFailure } from './failure.ts'
import { isObject } from './json.ts'
import type { FlowTrace } from './trace.ts'
import { writePrivateFile } from './write-private-file.ts'

/** A user as `GET /api/v2/users/{id}` shows it; attributes of identity providers lie on the root. */
export interface User {
  user_id: string
  email?: string
  email_verified: boolean
  identities: Identity[]
  app_metadata?: unknown
  user_metadata?: unknown
  created_at: string
  updated_at: string
  /** Absent before the first sign-in. */
  logins_count?: number
  last_login?: string
  blocked?: boolean
  [attribute: string]: unknown
}

export interface Identity {
  connection: string
  provider: string
  user_id: string
  isSocial: boolean
  profileData?: Record<string, unknown>
}

export interface Client {
  client_id: string
  client_secret?: string
  name: string
  app_type: 'regular_web' | 'spa' | 'native' | 'non_interactive'
  callbacks: string[]
  allowed_logout_urls: string[]
  web_origins: string[]
  grant_types: string[]
  token_endpoint_auth_method: 'none' | 'client_secret_post' | 'client_secret_basic'
  client_metadata: Record<string, string>
  /** Scopes of Management API tokens that `client_credentials` may hand to this client. */
  management_scopes?: string[]
  [attribute: string]: unknown
}

export interface Connection {
  id: string
  name: string
  strategy: string
  /** Client ids that may use it. */
  enabled_clients: string[]
  metadata?: Record<string, string>
  options: Record<string, unknown>
}

export interface ResourceServer {
  id: string
  identifier: string
  name: string
  scopes: { value: string; description?: string }[]
  allow_offline_access: boolean
}

export interface Role {
  id: string
  name: string
  description: string
  /** Who has it in the tenant, by user id. */
  users: string[]
}

export interface EnabledConnection {
  connection_id: string
  /** Whoever signs in through it becomes a member. */
  assign_membership_on_login: boolean
  show_as_button?: boolean
  is_signup_enabled?: boolean
}

export interface Organization {
  id: string
  name: string
  display_name?: string
  branding?: Record<string, unknown>
  metadata?: Record<string, string>
  enabled_connections: EnabledConnection[]
  /** Ids of their roles in it, by user id. */
  members: Record<string, string[]>
}

export interface StoredSecret {
  name: string
  value: string
  updated_at: string
}

export interface Dependency {
  name: string
  version: string
  registry_url?: string
}

/** One immutable deployed version of an Action. */
export interface ActionVersion {
  id: string
  number: number
  code: string
  runtime: string
  dependencies: Dependency[]
  secrets: StoredSecret[]
  supported_triggers: { id: string; version: string }[]
  created_at: string
  built_at: string
  updated_at: string
}

export interface StoredAction {
  id: string
  name: string
  supported_triggers: { id: string; version: string }[]
  created_at: string
  updated_at: string
  /** The draft; what runs is `versions` at `deployed_version_id`. */
  code: string
  runtime: string
  dependencies: Dependency[]
  secrets: StoredSecret[]
  /** When the build is ready; `pending` and `building` are derived from it. */
  built_at: string
  versions: ActionVersion[]
  deployed_version_id?: string
  all_changes_deployed: boolean
}

export interface Binding {
  id: string
  trigger_id: string
  action_id: string
  display_name: string
  created_at: string
  updated_at: string
}

export interface Session {
  id: string
  user_id: string
  connection: string
  /** Milliseconds since the epoch. */
  authenticated_at: number
  expires_at: number
  methods: { name: string; timestamp: string }[]
  client_ids: string[]
}

export interface RefreshToken {
  id: string
  /** SHA-256 of the token that may be used now, base64url. */
  token_hash: string
  /** Hashes of rotated tokens: seeing one again revokes the family. */
  used_hashes: string[]
  client_id: string
  user_id: string
  connection: string
  scope: string
  audience?: string
  /** Its id. */
  organization?: string
  created_at: number
  last_exchanged_at?: number
  revoked: boolean
}

/** What the link of a mail stands for; kept by the hash of its token. */
export interface Ticket {
  kind: 'verify' | 'reset'
  user_id: string
  /** The address that it was sent to. */
  email: string
  /** The key of `passwords`, for a reset. */
  password_key?: string
  /** Milliseconds since the epoch. */
  expires_at: number
}

export interface Job {
  id: string
  type: 'verification_email'
  status: 'pending' | 'completed' | 'failed'
  created_at: string
}

export interface Mail {
  to: string
  at: string
  subject: string
  link: string
}

export interface TenantState {
  schema: 1
  signing_key: JWK
  users: Record<string, User>
  /** scrypt, `salt:hash` in base64url, by user_id. */
  passwords: Record<string, string>
  clients: Record<string, Client>
  connections: Record<string, Connection>
  resource_servers: Record<string, ResourceServer>
  roles: Record<string, Role>
  organizations: Record<string, Organization>
  actions: Record<string, StoredAction>
  /** Bindings in execution order, by trigger id. */
  bindings: Record<string, Binding[]>
  sessions: Record<string, Session>
  refresh_tokens: Record<string, RefreshToken>
  tickets: Record<string, Ticket>
  jobs: Record<string, Job>
  /** What would have been sent, the newest last. */
  mails: Mail[]
  /** The newest flows last; bounded by `rememberTrace`. */
  traces: FlowTrace[]
}

/** A tenant with nothing in it but the key that signs its tokens. */
export const emptyState = (signingKey: JWK): TenantState => ({
  schema: 1,
  signing_key: signingKey,
  users: {},
  passwords: {},
  clients: {},
  connections: {},
  resource_servers: {},
  roles: {},
  organizations: {},
  actions: {},
  bindings: {},
  sessions: {},
  refresh_tokens: {},
  tickets: {},
  jobs: {},
  mails: [],
  traces: [],
})

/** The tenant's memory and the file behind it. */
export interface Store {
  readonly state: TenantState
  /** Asks for the state to be written soon; many calls make one write. */
  touch(): void
  /** Writes what `touch` asked for, now. */
  flush(): void
}

const WRITE_DELAY_MS = 50

/**
 * Opens the state file, or takes `initial` when there is none. With no file the state lives in
 * memory only. Throws when the file is not a state of this schema.
 */
export const openStore = (file: string | undefined, initial: () => TenantState): Store => {
  const state = file !== undefined && existsSync(file) ? readState(file) : initial()
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (file === undefined) return
    writePrivateFile(file, JSON.stringify(state))
  }
  return {
    state,
    touch() {
      timer ??= setTimeout(() => {
        try {
          flush()
        } catch (error) {
          // A full disk must not end sign-ins: all they need is in memory.
          console.error('state_not_written', (error as NodeJS.ErrnoException).code)
        }
      }, WRITE_DELAY_MS)
    },
    flush,
  }
}

/** Members that a state of an earlier version does not have. */
const ADDED_LATER = { roles: {}, organizations: {}, tickets: {}, jobs: {}, mails: [] }

const readState = (file: string): TenantState => {
  const text = readFileSync(file, 'utf8')
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new TenantFailure('state_unusable', `${file} is not JSON.`)
  }
  const whole = isObject(parsed) ? { ...ADDED_LATER, ...parsed } : parsed
  if (!isState(whole)) {
    throw new TenantFailure('state_unusable', `${file} is from another version.`)
  }
  return whole
}

const isState = (parsed: unknown): parsed is TenantState =>
  isObject(parsed) &&
  Object.entries(emptyState({})).every(([key, empty]) =>
    typeof empty === 'object'
      ? typeof parsed[key] === 'object' &&
        parsed[key] !== null &&
        Array.isArray(parsed[key]) === Array.isArray(empty)
      : parsed[key] === empty,
  )
