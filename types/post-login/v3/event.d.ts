/**
 * The first argument of a post-login handler: who signs in, where, and how.
 *
 * Read it, never write it: what an Action changes on it does not reach the next Action. The
 * platform itself updates `transaction.metadata`, `session.metadata`, `session.cookie` and
 * `refresh_token.metadata` when their setters are called. `user.app_metadata` and
 * `user.user_metadata` already hold what *earlier* Actions of the flow have asked for, and not
 * what this Action asks for.
 *
 * Optional members are absent depending on the flow; Auth0 publishes no list per flow, so guard
 * each one. Timestamps are strings whose format Auth0's typings leave open. Some events carry
 * members that have no published type (`anonymous_session`, `experiment`): they are left out.
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface Event {
  /**
   * The agent that acts in this flow. Early Access: only there when the client is linked to an
   * agent and the tenant accepts agents as principals.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  agent?: Agent
  /**
   * What has already been proven in this session, and how risky the sign-in looks.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  authentication?: Authentication
  /**
   * Roles by *name*, not by id. Absent is not the same as no roles: guard it.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  authorization?: Authorization
  /**
   * The application that asks for the sign-in.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  client: Client
  /**
   * Values of a Marketplace integration; empty for everybody else. Not for our use.
   * @private
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  readonly configuration: Configuration
  /**
   * The connection used *now*. With linked accounts this need not be the first of
   * `user.identities`. Decide on this, never on the domain of an e-mail address.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  connection: Connection
  /**
   * Absent when the user came through the tenant's own domain.
   * @see https://auth0.com/docs/customize/custom-domains/multiple-custom-domains/actions-integration
   */
  custom_domain?: CustomDomain
  /**
   * Absent when the sign-in is not for an organization.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  organization?: Organization
  /**
   * The answers of a Form shown by `api.prompt.render`: for `onContinuePostLogin`.
   * @see https://auth0.com/docs/customize/forms/render
   */
  prompt?: Prompt
  /**
   * Enterprise customers only. To tell a refresh-token exchange on any plan, compare
   * `transaction?.protocol` with `oauth2-refresh-token`.
   * @see https://auth0.com/docs/secure/tokens/refresh-tokens/refresh-token-metadata/configure-refresh-token-metadata
   */
  refresh_token?: RefreshToken
  /**
   * The HTTP request that started this run. After a redirect or a challenge it is a new object: in
   * `onContinuePostLogin` it is the request to `/continue`.
   * @see https://auth0.com/docs/customize/actions/limitations
   */
  request: Request
  /**
   * The API that tokens are asked for. Absent when there is none.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  resource_server?: ResourceServer
  /**
   * The secrets of this one Action; another Action's are not in it.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  readonly secrets: Secrets
  /**
   * Fingerprints of the TLS handshake. The values can be null or empty.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  security_context?: SecurityContext
  /**
   * Absent in a refresh-token exchange (unless the refresh token is an online one) and in the
   * password grants. It exists *before* Actions run and outlives a denied sign-in: this is why
   * `prompt=none` must not be waved through.
   * @see https://auth0.com/docs/manage-users/sessions/manage-sessions-actions
   */
  session?: Session
  /**
   * There when a native app hands its session to a web app. Early Access.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  session_transfer_token?: SessionTransferToken
  /**
   * Counters of this user.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  stats: Stats
  /**
   * Which tenant runs this.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  tenant: Tenant
  /**
   * The protocol request behind the sign-in. The whole object may be absent, so a rule that
   * depends on the protocol needs an answer for "unknown" as well.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  transaction?: Transaction
  /**
   * The primary profile of the user who signs in. Fresh after a redirect: changes made meanwhile
   * through the Management API are visible.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  user: User
}

/**
 * At most 30 per Action; a value is at most 4096 characters. A name that the Action does not have
 * reads as `undefined` although the type says `string`: check before use and fail closed.
 * @see https://auth0.com/docs/customize/actions/limitations
 */
export interface Secrets {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  readonly [secretName: string]: string
}

/**
 * Nothing we may rely on.
 * @private
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface Configuration {}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface Agent {
  /**
   * Stable; begins with `agt_`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  agent_id: string
  /**
   * An empty object when none is set.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  agent_metadata: Record<string, unknown>
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  name: string
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface Authentication {
  /**
   * All methods completed in this session, not in this sign-in alone. Compare `name`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  methods: AuthenticationMethod[]
  /**
   * Auth0's own judgement and, where bought, that of Akamai.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  riskAssessment?: RiskAssessment
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface AuthenticationMethod {
  /**
   * First factors: `federated` (social or enterprise), `pwd`, `passkey`, `sms`, `email`,
   * `phone_number`, `mock` (Auth0's tests). Later factors: `mfa`, or the URL given to
   * `api.authentication.recordMethod`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  name: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  timestamp: string
}

/**
 * Confidence that it is the user: `low` is the bad end, and is also given when a check could not run.
 * `neutral` is reserved.
 * @see https://auth0.com/docs/secure/multi-factor-authentication/adaptive-mfa/customize-adaptive-mfa
 */
export type RiskConfidence = 'low' | 'medium' | 'high' | 'neutral'

/**
 * @see https://auth0.com/docs/secure/multi-factor-authentication/adaptive-mfa/customize-adaptive-mfa
 */
export interface RiskAssessment {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  assessments: RiskAssessments
  /**
   * The checks taken together.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  confidence: RiskConfidence
  /**
   * Verdicts of third parties. Early Access.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  supplemental?: SupplementalRisk
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  version: string
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface RiskAssessments {
  /**
   * Whether a known automated agent signs in.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  AgentDetection?: AgentDetection
  /**
   * Whether the distance to the previous sign-in can be travelled in the time between.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  ImpossibleTravel?: ImpossibleTravel
  /**
   * Whether this device was seen for this user.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  NewDevice?: NewDevice
  /**
   * Whether the address is on a list of suspicious ones.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  UntrustedIP?: UntrustedIP
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface AgentDetection {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  code: 'unknown' | 'verified_agent'
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  confidence: RiskConfidence
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  details?: AgentDetectionDetails
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface AgentDetectionDetails {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  provider?: string
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface ImpossibleTravel {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  code:
    | 'anonymous_proxy'
    | 'assessment_not_available'
    | 'impossible_travel_from_last_login'
    | 'initial_login'
    | 'invalid_travel'
    | 'location_history_not_found'
    | 'minimal_travel_from_last_login'
    | 'missing_geoip'
    | 'substantial_travel_from_last_login'
    | 'travel_from_last_login'
    | 'unknown_location'
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  confidence: RiskConfidence
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface NewDevice {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  code:
    | 'assessment_not_available'
    | 'initial_login'
    | 'match'
    | 'no_device_history'
    | 'no_match'
    | 'partial_match'
    | 'unknown_device'
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  confidence: RiskConfidence
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  details?: NewDeviceDetails
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface NewDeviceDetails {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  device?: 'known' | 'unknown'
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  useragent?: 'known' | 'unknown'
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface UntrustedIP {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  code:
    | 'assessment_not_available'
    | 'found_on_deny_list'
    | 'invalid_ip_address'
    | 'not_found_on_deny_list'
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  confidence: RiskConfidence
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  details?: UntrustedIPDetails
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface UntrustedIPDetails {
  /**
   * Why the address is listed, for example `abuse`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  category?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  ip?: string
  /**
   * The listed range that the address falls in.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  matches?: string
  /**
   * The name of the list.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  source?: string
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface SupplementalRisk {
  /**
   * Headers that Akamai forwarded with the request.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  akamai?: AkamaiRisk
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface AkamaiRisk {
  /**
   * From Bot Manager.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  akamaiBot?: AkamaiBot
  /**
   * From Account Protector.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  akamaiUserRisk?: AkamaiUserRisk
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  [key: string]: unknown
}

/**
 * What the members mean is Akamai's to say.
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface AkamaiBot {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  action?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  botCategory?: string[]
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  botnetId?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  botScore?: number
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  botScoreResponseSegment?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  type?: string
}

/**
 * What the members mean is Akamai's to say. Holds the user name: do not log it.
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface AkamaiUserRisk {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  action?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  allow?: number
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  emailDomain?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  general?: Record<string, unknown>
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  ouid?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  requestid?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  risk?: Record<string, unknown>
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  score?: number
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  status?: number
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  trust?: Record<string, unknown>
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  username?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  uuid?: string
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface Authorization {
  /**
   * Names. Roles that come through groups are read with `api.roles`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  roles: string[]
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface Client {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  client_id: string
  /**
   * Set on the application in Auth0, at most ten keys of 255 characters; values are strings only.
   * The place to switch an Action on or off per application.
   * @see https://auth0.com/docs/customize/actions/action-coding-guidelines
   */
  metadata: Record<string, string>
  /**
   * Shown in the Dashboard and editable there: decide on `client_id` instead.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  name: string
  /**
   * How the client may use refresh tokens across APIs. Early Access.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  refresh_token?: ClientRefreshToken
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface ClientRefreshToken {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  policies?: ClientRefreshTokenPolicy[]
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface ClientRefreshTokenPolicy {
  /**
   * The API that the policy speaks about.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  audience?: string
  /**
   * What may be asked for there.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  scope?: string[]
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface Connection {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  id: string
  /**
   * Set on the connection in Auth0.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  metadata?: Record<string, string>
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  name: string
  /**
   * The kind of connection, an open set: `auth0` is a database; `waad`, `ad`, `samlp` and `oidc` are
   * enterprise; a social connection has its own name here (`google-oauth2`).
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  strategy: string
}

/**
 * @see https://auth0.com/docs/customize/custom-domains/multiple-custom-domains/actions-integration
 */
export interface CustomDomain {
  /** @see https://auth0.com/docs/customize/custom-domains/multiple-custom-domains/actions-integration */
  domain: string
  /** @see https://auth0.com/docs/customize/custom-domains/multiple-custom-domains/actions-integration */
  domain_metadata: Record<string, string>
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface Organization {
  /**
   * For people to read.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  display_name: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  id: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  metadata: Record<string, string>
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  name: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  [key: string]: unknown
}

/**
 * @see https://auth0.com/docs/customize/forms/render
 */
export interface Prompt {
  /**
   * What the user typed, hidden fields included: input to be checked.
   * @see https://auth0.com/docs/customize/forms/render
   */
  fields?: Record<string, unknown>
  /**
   * The id of the Form.
   * @see https://auth0.com/docs/customize/forms/render
   */
  id: string
  /**
   * Variables of the Form, kept on the server.
   * @see https://auth0.com/docs/customize/forms/render
   */
  vars?: Record<string, unknown>
}

/**
 * Auth0's test helper also shows an untyped `access` (`online` or `offline`).
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface RefreshToken {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  client_id?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  created_at: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  device?: Device
  /**
   * The end of its life, however much it is used.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  expires_at?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  id: string
  /**
   * The end of its life unless it is used before.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  idle_expires_at?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  last_exchanged_at?: string
  /**
   * Written by `api.refreshToken.setMetadata`, in this Action too.
   * @see https://auth0.com/docs/secure/tokens/refresh-tokens/refresh-token-metadata/configure-refresh-token-metadata
   */
  metadata?: Record<string, unknown>
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  resource_servers?: RefreshTokenResourceServer[]
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  rotating?: boolean
  /**
   * The session that it is bound to.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  session_id?: string
  /**
   * Only for a token that goes back to a native-to-web transfer.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  session_transfer?: RefreshTokenSessionTransfer
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  user_id?: string
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface RefreshTokenResourceServer {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  audience: string
  /**
   * One string, not a list.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  scopes: string
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface RefreshTokenSessionTransfer {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  parent_refresh_token?: RefreshTokenParent
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface RefreshTokenParent {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  id?: string
}

/**
 * Where a session or refresh token was first and last used. Enterprise customers only.
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface Device {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  initial_asn?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  initial_ip?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  initial_user_agent?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  last_asn?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  last_ip?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  last_user_agent?: string
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface Request {
  /**
   * The autonomous system that the request came from, such as `AS13335`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  asn?: string
  /**
   * Of a POST; whatever the sender put there. In a token exchange it is the token request with its
   * credentials: never log it.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  body: Record<string, unknown>
  /**
   * Guessed from the address.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  geoip: GeoIP
  /**
   * The host of this sign-in, bare, without scheme; a custom domain if the user came by one. The
   * host to return to after a redirect, and the issuer of session tokens.
   * @see https://auth0.com/docs/customize/actions/action-coding-guidelines
   */
  hostname?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  ip: string
  /**
   * As the browser asks for it. What Auth0 settled on is `transaction.locale`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  language?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  method: string
  /**
   * Whatever the sender put there. `prompt` being `none` asks for a sign-in without any page.
   * @see https://auth0.com/docs/authenticate/login/configure-silent-authentication
   */
  query: Record<string, unknown>
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  user_agent?: string
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface GeoIP {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  cityName?: string
  /**
   * Two letters, such as `NA`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  continentCode?: string
  /**
   * Two letters, such as `US`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  countryCode?: string
  /**
   * Three letters, such as `USA`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  countryCode3?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  countryName?: string
  /**
   * In degrees.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  latitude?: number
  /**
   * In degrees.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  longitude?: number
  /**
   * State or province, such as `WA`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  subdivisionCode?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  subdivisionName?: string
  /**
   * A zone name, such as `America/Los_Angeles`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  timeZone?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  [key: string]: unknown
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface ResourceServer {
  /**
   * The audience, as in the API's settings.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  identifier: string
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface SecurityContext {
  /**
   * Auth0's typings say `string`, its documentation adds that it can be null.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  ja3?: string | null
  /**
   * Auth0's typings say `string`, its documentation adds that it can be null.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  ja4?: string | null
}

/**
 * All but `id` and `actor` are for Enterprise customers only.
 * @see https://auth0.com/docs/manage-users/sessions/manage-sessions-actions
 */
export interface Session {
  /**
   * Only in a session that somebody holds on behalf of the user.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  actor?: SessionActor
  /**
   * When the user last proved who they are, which may be long before this sign-in.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  authenticated_at?: string
  /**
   * The applications that this session has signed in to.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  clients?: SessionClient[]
  /**
   * Changed at once by `api.session.setCookieMode`.
   * @see https://auth0.com/docs/manage-users/sessions/manage-sessions-actions
   */
  cookie?: SessionCookie
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  created_at?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  device?: Device
  /**
   * The end of the session, however much it is used.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  expires_at?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  id: string
  /**
   * The end of the session unless it is used before.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  idle_expires_at?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  last_interacted_at?: string
  /**
   * Written by `api.session.setMetadata`, in this Action too. Early Access.
   * @see https://auth0.com/docs/manage-users/sessions/manage-sessions-actions
   */
  metadata?: Record<string, unknown>
  /**
   * Only for a session that goes back to a native-to-web transfer. Early Access.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  session_transfer?: SessionTransfer
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  updated_at?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  user_id?: string
}

/**
 * Up to five members besides `sub`, chosen by the token-exchange Action that made the session.
 * @see https://auth0.com/docs/customize/actions/explore-triggers/custom-token-exchange
 */
export interface SessionActor {
  /**
   * Who really acts.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  sub: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  [key: string]: string | number | boolean | null
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface SessionClient {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  client_id: string
}

/**
 * @see https://auth0.com/docs/manage-users/sessions/manage-sessions-actions
 */
export interface SessionCookie {
  /**
   * `non-persistent`: gone when the browser closes, while the session itself lives on.
   * @see https://auth0.com/docs/manage-users/sessions/manage-sessions-actions
   */
  mode: 'persistent' | 'non-persistent'
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface SessionTransfer {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  parent_refresh_token?: SessionTransferParent
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface SessionTransferParent {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  id?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  metadata?: Record<string, unknown>
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface SessionTransferToken {
  /**
   * The client that asked for the token, not the one that spends it.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  client_id: string
  /**
   * The request that the token was issued for.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  request: SessionTransferTokenRequest
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  scope: string[]
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface SessionTransferTokenRequest {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  asn?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  geoip?: GeoIP
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  ip: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  user_agent?: string
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface Stats {
  /**
   * Raised before Actions run, also when the sign-in then fails, and not by single sign-on or silent
   * authentication. So 1 does not mean "first successful sign-in".
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  logins_count: number
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface Tenant {
  /**
   * The tenant's name, not a generated id.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  id: string
}

/**
 * Everything that Auth0 names as a protocol. In a browser: the three `-profile`s, `samlp`, `wsfed`
 * and `oauth2-device-code`. A refresh-token exchange, the password grants and `oauth2-webauthn` cannot
 * be redirected; for the other back-channel ones Auth0 does not say.
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export type Protocol =
  | 'oauth2-access-token'
  | 'oauth2-device-code'
  | 'oauth2-password'
  | 'oauth2-refresh-token'
  | 'oauth2-resource-owner'
  | 'oauth2-resource-owner-jwt-bearer'
  | 'oauth2-token-exchange'
  | 'oauth2-webauthn'
  | 'oidc-basic-profile'
  | 'oidc-ciba'
  | 'oidc-ciba-web-link'
  | 'oidc-hybrid-profile'
  | 'oidc-implicit-profile'
  | 'samlp'
  | 'wsfed'
  | 'wstrust-usernamemixed'

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface Transaction {
  /**
   * As in the authorization request.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  acr_values?: string[]
  /**
   * Who acts for the user in a token exchange.
   * @see https://auth0.com/docs/customize/actions/explore-triggers/custom-token-exchange
   */
  actor?: TransactionActor
  /** @see https://auth0.com/docs/customize/actions/explore-triggers/custom-token-exchange */
  actor_token_type?: string
  /**
   * Chosen by the application, to find one sign-in in its logs and Auth0's.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  correlation_id?: string
  /**
   * Present in browser-based sign-ins.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  id?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  linking_id?: string
  /**
   * The language of Auth0's pages: what the browser asks for, held against what the tenant offers.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  locale?: string
  /**
   * Typed or supplied before anyone proved anything.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  login_hint?: string
  /**
   * Written by `api.transaction.setMetadata` and readable at once, here and in later Actions, across
   * redirects and Forms; gone when the sign-in ends.
   * @see https://auth0.com/docs/customize/actions/transaction-metadata
   */
  metadata: Record<string, string | number | boolean>
  /**
   * `none` in it asks for a sign-in without any page.
   * @see https://auth0.com/docs/authenticate/login/configure-silent-authentication
   */
  prompt?: string[]
  /**
   * Optional even inside a transaction.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  protocol?: Protocol
  /**
   * Where Auth0 returns to at the very end; not `/continue`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  redirect_uri?: string
  /**
   * Of a Rich Authorization Request (RFC 9396).
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  requested_authorization_details?: AuthorizationDetail[]
  /**
   * Asked for, not granted.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  requested_scopes?: string[]
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  response_mode?: 'form_post' | 'fragment' | 'query' | 'web_message'
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  response_type?: ('code' | 'id_token' | 'token')[]
  /**
   * The application's own OAuth state. Not the `state` of `/continue`.
   * @see https://auth0.com/docs/customize/actions/redirect-with-actions
   */
  state?: string
  /** @see https://auth0.com/docs/customize/actions/explore-triggers/custom-token-exchange */
  subject_token_type?: string
  /**
   * As in the authorization request; what came of it is `locale`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  ui_locales?: string[]
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  [key: string]: unknown
}

/**
 * A chain: the outermost acts now. Auth0's typings end it at five.
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface TransactionActor {
  /**
   * For whom this actor acts.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  act?: TransactionActor
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  sub: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  [key: string]: unknown
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface AuthorizationDetail {
  /**
   * Decides which other members are allowed.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  type: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  [key: string]: unknown
}

/**
 * Only `user_id` can be relied on. Root attributes cannot be set by an Action, and those of social
 * and enterprise connections are overwritten at each sign-in unless the connection says otherwise.
 * Attributes that Auth0 does not know stand at the root under the identity provider's name, as
 * `unknown`. A key of `app_metadata` hides a root attribute of the same name.
 * @see https://auth0.com/docs/manage-users/user-accounts/user-profiles/user-profile-structure
 */
export interface User {
  /**
   * Written by Actions and the Management API, never by the user: the place for what decides access.
   * Always an object by Auth0's word, except that a custom database may store something else.
   * @see https://auth0.com/docs/manage-users/user-accounts/metadata/manage-user-metadata
   */
  app_metadata: Record<string, unknown>
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  created_at: string
  /**
   * Lower case for database users. No connection is bound to bring one.
   * @see https://auth0.com/docs/manage-users/user-accounts/user-profiles/normalized-user-profiles
   */
  email?: string
  /**
   * `false` also when the identity provider says nothing.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  email_verified: boolean
  /**
   * Empty: none enrolled. Absent: could not be found out, which is not the same.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  enrolledFactors?: EnrolledFactor[]
  /** @see https://auth0.com/docs/manage-users/user-accounts/user-profiles/normalized-user-profiles */
  family_name?: string
  /** @see https://auth0.com/docs/manage-users/user-accounts/user-profiles/normalized-user-profiles */
  given_name?: string
  /**
   * One entry per linked account, the primary one included. Tokens of the identity provider are kept
   * out of it by Auth0's word, but its own sample shows one: never log it.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  identities: Identity[]
  /**
   * Database users only, and not before the first reset.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  last_password_reset?: string
  /**
   * Names of factor providers.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  multifactor?: string[]
  /** @see https://auth0.com/docs/manage-users/user-accounts/user-profiles/normalized-user-profiles */
  name?: string
  /**
   * Where no one set it: the part of the e-mail address before the `@`.
   * @see https://auth0.com/docs/manage-users/user-accounts/user-profiles/normalized-user-profiles
   */
  nickname?: string
  /**
   * E.164.
   * @see https://auth0.com/docs/manage-users/user-accounts/user-profiles/normalized-user-profiles
   */
  phone_number?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  phone_verified?: boolean
  /**
   * Where no one set it: a Gravatar address.
   * @see https://auth0.com/docs/manage-users/user-accounts/user-profiles/normalized-user-profiles
   */
  picture?: string
  /**
   * Changes with each sign-in.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  updated_at: string
  /**
   * Of the primary account, such as `auth0|5f7c8ec7c33c6c004bbafe82`; the `sub` of tokens.
   * @see https://auth0.com/docs/customize/actions/action-coding-guidelines
   */
  user_id: string
  /**
   * The user can write this, at sign-up and with a token of their own: preferences, nothing that
   * decides access.
   * @see https://auth0.com/docs/manage-users/user-accounts/metadata/manage-user-metadata
   */
  user_metadata: Record<string, unknown>
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  username?: string
  /** @see https://auth0.com/docs/manage-users/user-accounts/user-profiles/user-profile-structure */
  [key: string]: unknown
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export interface EnrolledFactor {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  options?: Record<string, unknown>
  /**
   * An open set: `push-notification`, `phone`, `email`, `otp`, `webauthn-roaming`,
   * `webauthn-platform`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  type: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  [key: string]: unknown
}

/**
 * @see https://auth0.com/docs/manage-users/user-accounts/user-profiles/user-profile-structure
 */
export interface Identity {
  /**
   * The name of the connection.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  connection?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  isSocial?: boolean
  /**
   * What a linked, secondary account brought along. Strings by Auth0's typings, but its content is up
   * to the identity provider.
   * @see https://auth0.com/docs/manage-users/user-accounts/user-account-linking
   */
  profileData?: Record<string, string>
  /**
   * Who vouches for the user, such as `auth0` or `google-oauth2`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  provider?: string
  /**
   * Without the prefix that `user.user_id` has.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
   */
  user_id?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object */
  [key: string]: unknown
}
