import type { Event } from './event.js'

/**
 * What can be stored as metadata: what JSON can say. `undefined` is not in it, because Auth0 answers
 * it with a failed sign-in; nor are dates, maps, functions or big integers. An `interface` does not
 * fit an object here, a `type` does (a rule of TypeScript).
 * @see https://auth0.com/docs/manage-users/user-accounts/metadata/metadata-fields-data
 */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/**
 * A handler: what `onExecutePostLogin` and `onContinuePostLogin` must be.
 *
 * Auth0 takes a *native* async function only and rejects a plain function that returns a promise,
 * which no type can say. An error that leaves the handler ends the sign-in, and its text reaches the
 * application. All Actions of the flow together have 20 seconds, counted anew after a redirect.
 * @see https://auth0.com/docs/customize/actions/explore-triggers/post-login
 */
export interface PostLoginAction {
  /** @see https://auth0.com/docs/customize/actions/explore-triggers/post-login */
  (event: Event, api: PostLoginAPI): Promise<void>
}

/**
 * The second argument of a post-login handler: all that an Action can do to a sign-in.
 *
 * Call methods on their object, `api.user.setAppMetadata(…)`: Auth0's classes keep their state in
 * private fields, so a method taken off (`const { setAppMetadata } = api.user`) throws a `TypeError`.
 * Keeping the object, `const { user } = api`, is fine. Nothing here may be called once the handler
 * has resolved.
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface PostLoginAPI {
  /**
   * Refuse the sign-in.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  readonly access: AccessAPI
  /**
   * Claims and scopes of the access token.
   * @see https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
   */
  readonly accessToken: AccessTokenAPI
  /**
   * Ask for further factors; change whose sign-in it is.
   * @see https://auth0.com/docs/secure/multi-factor-authentication/customize-mfa/customize-mfa-selection-universal-login
   */
  readonly authentication: AuthenticationAPI
  /**
   * A small store that may forget at any time.
   * @see https://auth0.com/docs/customize/actions/limitations
   */
  readonly cache: CacheAPI
  /**
   * The user's groups.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  readonly groups: GroupsAPI
  /**
   * Claims of the ID token, which are set apart from those of the access token.
   * @see https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
   */
  readonly idToken: IdTokenAPI
  /**
   * Ask for a second factor at the end of the flow.
   * @see https://auth0.com/docs/secure/multi-factor-authentication/customize-mfa
   */
  readonly multifactor: MultifactorAPI
  /**
   * Show a Form of Auth0's.
   * @see https://auth0.com/docs/customize/forms/render
   */
  readonly prompt: PromptAPI
  /**
   * Send the user to a page of ours and take their answer.
   * @see https://auth0.com/docs/customize/actions/redirect-with-actions
   */
  readonly redirect: RedirectAPI
  /**
   * The refresh token of this sign-in.
   * @see https://auth0.com/docs/secure/tokens/refresh-tokens/refresh-token-metadata/configure-refresh-token-metadata
   */
  readonly refreshToken: RefreshTokenAPI
  /**
   * The user's roles, those that come through groups included. Only in the newest typings.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  readonly roles: RolesAPI
  /**
   * Which Rules ran before.
   * @deprecated Rules, the predecessor of Actions, reached their end of life on 18 November 2026.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  readonly rules: RulesAPI
  /**
   * What a SAML application is told.
   * @see https://auth0.com/docs/customize/actions/limitations
   */
  readonly samlResponse: SAMLResponseAPI
  /**
   * The session of this sign-in. Enterprise customers only.
   * @see https://auth0.com/docs/manage-users/sessions/manage-sessions-actions
   */
  readonly session: SessionAPI
  /**
   * Notes that last as long as this sign-in.
   * @see https://auth0.com/docs/customize/actions/transaction-metadata
   */
  readonly transaction: TransactionAPI
  /**
   * `app_metadata` and `user_metadata`.
   * @see https://auth0.com/docs/manage-users/user-accounts/metadata/manage-user-metadata
   */
  readonly user: UserAPI
  /**
   * Refuse what the user typed.
   * @see https://auth0.com/docs/customize/login-pages/universal-login/customize-signup-and-login-prompts
   */
  readonly validation: ValidationAPI
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface AccessAPI {
  /**
   * Ends the flow after this Action: no further Action runs, no token is issued, and the client gets
   * `access_denied` with the reason. The code after the call still runs, so return. Metadata changes
   * already asked for are kept, and so is the session.
   * @param reason Users may read it: no internals, no personal data. One argument only; the form with
   * two belongs to the pre-user-registration trigger.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  deny(reason: string): PostLoginAPI
}

/**
 * @see https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
 */
export interface AccessTokenAPI {
  /**
   * Adds a scope that the client need not have asked for. Spaces around it are cut off.
   * @throws TypeError if it is not a string; Error if it is empty, longer than 280 characters or has
   * white space in it. At most 1000 are added per sign-in.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  addScope(scope: string): void
  /**
   * Takes a scope away that would have been granted.
   * @throws As `addScope`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  removeScope(scope: string): void
  /**
   * Use a namespaced name (`https://…`). A restricted name, `roles` and `permissions` among them, is
   * dropped without a word. Tokens for Auth0's own APIs never get custom claims. At most 100 kB per
   * token, else the sign-in fails.
   * @throws Error for the name `scope`: use `addScope`.
   * @see https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
   */
  setCustomClaim(key: string, value: unknown): PostLoginAPI
}

/**
 * A flow may hold at most four challenge and enrol commands. Never redirect in the same Action, or
 * the factor can be skipped.
 * @see https://auth0.com/docs/secure/multi-factor-authentication/customize-mfa/customize-mfa-selection-universal-login
 */
export interface AuthenticationAPI {
  /**
   * Holds later Actions back until the user has answered this factor or one of the additional ones.
   * Factors that are already answered, not enabled or not enrolled are passed over; if none is left
   * for the last two reasons, the sign-in fails. Fails in a token exchange.
   * @see https://auth0.com/docs/secure/multi-factor-authentication/customize-mfa/customize-mfa-selection-universal-login
   */
  challengeWith(factor: FactorSelector, options?: ChallengeWithOptions): void
  /**
   * As `challengeWith`, but the user picks first; with only one factor to pick there is no such page.
   * @see https://auth0.com/docs/secure/multi-factor-authentication/customize-mfa/customize-mfa-selection-universal-login
   */
  challengeWithAny(factors: FactorSelector[]): void
  /**
   * Holds later Actions back until the user has enrolled this factor or one of the additional ones.
   * Factors that are not enabled or already enrolled are passed over; if none is left, the sign-in
   * fails. Fails in a token exchange.
   * @see https://auth0.com/docs/secure/multi-factor-authentication/customize-mfa/customize-mfa-enrollments-universal-login
   */
  enrollWith(factor: EnrollmentFactorSelector, options?: EnrollWithOptions): void
  /**
   * As `enrollWith`, but the user picks first; with only one factor to pick there is no such page.
   * @see https://auth0.com/docs/secure/multi-factor-authentication/customize-mfa/customize-mfa-enrollments-universal-login
   */
  enrollWithAny(factors: EnrollmentFactorSelector[]): void
  /**
   * Writes into the session that a method of our own was completed; later sign-ins find the URL as a
   * name in `event.authentication.methods`. Only in `onContinuePostLogin`.
   * @param providerUrl An `http:` or `https:` URL that stands for the method.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  recordMethod(providerUrl: string): PostLoginAPI
  /**
   * Makes another user the subject of the tokens, after accounts were linked. The identity just used
   * must already be a secondary one of that user, else the sign-in fails. User metadata set in this
   * same Action is lost.
   * @param primaryUserId At most 128 characters.
   * @throws Error on a second call in one sign-in, and if it is not a string, empty or too long.
   * @see https://auth0.com/docs/manage-users/user-accounts/user-account-linking/link-user-accounts
   */
  setPrimaryUser(primaryUserId: string): void
}

/**
 * A factor to ask for.
 * @see https://auth0.com/docs/secure/multi-factor-authentication/customize-mfa/customize-mfa-selection-universal-login
 */
export type FactorSelector =
  | {
      type: 'email' | 'otp' | 'recovery-code' | 'webauthn-platform' | 'webauthn-roaming'
      options?: Record<string, unknown>
    }
  | PhoneFactorSelector
  | {
      type: 'push' | 'push-notification'
      options?: PushFactorOptions
    }

/**
 * A factor to enrol. E-mail is not among them.
 * @see https://auth0.com/docs/secure/multi-factor-authentication/customize-mfa/customize-mfa-enrollments-universal-login
 */
export type EnrollmentFactorSelector =
  | {
      type:
        | 'otp'
        | 'push'
        | 'push-notification'
        | 'recovery-code'
        | 'webauthn-platform'
        | 'webauthn-roaming'
      options?: Record<string, unknown>
    }
  | PhoneFactorSelector

/**
 * @see https://auth0.com/docs/secure/multi-factor-authentication/customize-mfa/customize-mfa-selection-universal-login
 */
export interface PhoneFactorSelector {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  type: 'phone'
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  options?: PhoneFactorOptions
}

/**
 * @see https://auth0.com/docs/secure/multi-factor-authentication/customize-mfa/customize-mfa-selection-universal-login
 */
export interface PhoneFactorOptions {
  /**
   * A wish: taken where it is available.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  preferredMethod?: 'both' | 'sms' | 'voice'
}

/**
 * @see https://auth0.com/docs/secure/multi-factor-authentication/customize-mfa/customize-mfa-selection-universal-login
 */
export interface PushFactorOptions {
  /**
   * `false` takes away the way out by one-time password.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  otpFallback?: boolean
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface ChallengeWithOptions {
  /**
   * The user may switch to one of these. Options of a factor go into the factor, not here.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  additionalFactors?: FactorSelector[]
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface EnrollWithOptions {
  /**
   * The user may switch to one of these.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  additionalFactors?: EnrollmentFactorSelector[]
}

/**
 * Shared by the Actions of the trigger; certain only within one execution, and not across a redirect.
 * Never for one user's data. At most 20 entries, 64 bytes per key, 4096 bytes per value, 24 hours,
 * and 8 kB in all (Auth0's code allows 16 KiB and 256 bytes).
 * @see https://auth0.com/docs/customize/actions/limitations
 */
export interface CacheAPI {
  /**
   * Never throws; a key that is not there gives the error `CacheKeyDoesNotExist`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  delete(key: string): CacheDeleteResult
  /**
   * `undefined` for a key that is not there or has expired.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  get(key: string): CacheRecord | undefined
  /**
   * Never throws: look at the result. Without options an entry lives up to 15 minutes.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  set(key: string, value: string, options?: CacheSetOptions): CacheWriteResult
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface CacheRecord {
  /**
   * Milliseconds since 1970.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  expires_at: number
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  value: string
}

/**
 * Give one of the two; of both, the earlier end counts. Both are upper bounds.
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface CacheSetOptions {
  /**
   * Milliseconds since 1970, not seconds.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  expires_at?: number
  /**
   * Milliseconds from now, not seconds: an `expires_in` of OAuth must be multiplied by 1000.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  ttl?: number
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export type CacheWriteResult = CacheWriteSuccess | CacheWriteError

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export type CacheDeleteResult = CacheDeleteSuccess | CacheWriteError

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface CacheWriteSuccess {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  record: CacheRecord
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  type: 'success'
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface CacheDeleteSuccess {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  type: 'success'
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface CacheWriteError {
  /** @see https://auth0.com/docs/customize/actions/limitations */
  code: CacheWriteErrorCode
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  type: 'error'
}

/**
 * @see https://auth0.com/docs/customize/actions/limitations
 */
export type CacheWriteErrorCode =
  | 'CacheKeyDoesNotExist'
  | 'CacheKeySizeExceeded'
  | 'CacheSizeExceeded'
  | 'CacheValueSizeExceeded'
  | 'FailedToDeleteCacheRecord'
  | 'FailedToSetCacheRecord'
  | 'InvalidExpiry'
  | 'ItemAlreadyExpired'
  | 'MaxSideEffectsExceeded'

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface GroupsAPI {
  /**
   * One page at a time. What `take` is when not given is not documented.
   * @throws Error (as a rejection) unless `take` is a positive whole number and `from` a string.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  getUserGroups(params?: PageParams): Promise<UserGroupsPage>
  /**
   * Answers per id or name asked for; those that could not be checked are under `errors`, which is
   * not a "no".
   * @throws Error (as a rejection) unless it is a list with at least one entry.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  hasGroupMembership(groups: string[]): Promise<GroupMemberships>
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface PageParams {
  /**
   * The `next` of the page before.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  from?: string
  /**
   * Entries per page; for roles at most 100.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  take?: number
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface UserGroupsPage {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  groups: UserGroup[]
  /**
   * Absent on the last page.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  next?: string
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface UserGroup {
  /**
   * How the user came into the group.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  assignment: string
  /**
   * Only for a group of a connection.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  connection_id?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  created_at: string
  /**
   * The group's id where it came from, as with SCIM.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  external_id?: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  id: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  membership_created_at: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  name: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  tenant_name: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  updated_at: string
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface GroupMemberships {
  /**
   * An error code per group that could not be checked.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  errors?: Record<string, string>
  /**
   * Keyed by what was asked for, id or name.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  memberships: Record<string, GroupMembership>
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface GroupMembership {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  is_member: boolean
  /**
   * Only for a member. A name can fit more than one group.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  matches?: GroupMatch[]
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface GroupMatch {
  /**
   * `connection`, `organization` or `tenant`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  group_type: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  id: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  name: string
}

/**
 * @see https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
 */
export interface IdTokenAPI {
  /**
   * As for the access token: namespaced names, restricted ones are dropped without a word, at most
   * 100 kB per token.
   * @throws Error for the name `scope`.
   * @see https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
   */
  setCustomClaim(key: string, value: unknown): PostLoginAPI
}

/**
 * @see https://auth0.com/docs/secure/multi-factor-authentication/customize-mfa
 */
export interface MultifactorAPI {
  /**
   * The challenge comes at the end of the flow, so after a redirect. Must not stand in the same
   * Action as a redirect.
   * @param provider `any` takes whatever the tenant has enabled.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  enable<Provider extends MultifactorProvider>(
    provider: Provider,
    options?: EnableMultifactorOptions<Provider>,
  ): PostLoginAPI
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export type MultifactorProvider = 'any' | 'duo' | 'google-authenticator' | 'guardian' | 'none'

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface EnableMultifactorOptions<Provider extends MultifactorProvider> {
  /**
   * Default `false`. With `google-authenticator` and `duo` the user is then asked once in 30 days;
   * with `guardian` a box to tick decides.
   * @see https://auth0.com/docs/secure/multi-factor-authentication/customize-mfa
   */
  allowRememberBrowser?: boolean
  /**
   * Of `duo` alone.
   * @see https://auth0.com/docs/secure/multi-factor-authentication/configure-cisco-duo-for-mfa
   */
  providerOptions?: Provider extends 'duo' ? DuoProviderOptions : never
}

/**
 * From the Duo account. Keep the keys in secrets.
 * @see https://auth0.com/docs/secure/multi-factor-authentication/configure-cisco-duo-for-mfa
 */
export interface DuoProviderOptions {
  /**
   * The API host name.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  host: string
  /**
   * The client id; once "integration key".
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  ikey: string
  /**
   * The client secret.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  skey: string
  /**
   * What the user is called at Duo.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  username?: string
}

/**
 * @see https://auth0.com/docs/customize/forms/render
 */
export interface PromptAPI {
  /**
   * Shows the Form after this Action; the answer is `event.prompt` in `onContinuePostLogin`. A second
   * Form, or a redirect, in the same Action aborts the sign-in.
   * @param promptId The id of the Form, at most 48 characters.
   * @throws Error if the options are larger than 24 KiB or not of the form described there.
   * @see https://auth0.com/docs/customize/forms/render
   */
  render(promptId: string, promptOptions?: PromptOptions): void
}

/**
 * @see https://auth0.com/docs/customize/forms/render
 */
export interface PromptOptions {
  /**
   * Fill the Form's fields; the browser sees them. At most 24, named by letters, digits and `_`, no
   * digit first, up to 50 characters.
   * @see https://auth0.com/docs/customize/forms/render
   */
  fields?: Record<string, unknown>
  /**
   * Stay on the server. At most 24.
   * @see https://auth0.com/docs/customize/forms/render
   */
  vars?: Record<string, unknown>
}

/**
 * @see https://auth0.com/docs/customize/actions/redirect-with-actions
 */
export interface RedirectAPI {
  /**
   * Whether Auth0 believes that this sign-in can be redirected. It says yes to token exchange, CIBA
   * and other flows without a browser.
   * @deprecated Returning when it says no lets users around the redirect: `prompt=none` then hands out
   * tokens on the session that already exists. Call `sendUserTo`, or deny.
   * @see https://auth0.com/docs/customize/actions/redirect-with-actions
   */
  canRedirect(): boolean
  /**
   * A session token (JWT, HS256) that the page can check with the same secret. Signed, not encrypted,
   * and it travels in a URL: nothing private in it. Claims: `iat`, `iss` (`event.request.hostname`,
   * without scheme), `sub` (`event.user.user_id`), `exp`, `ip`, then the payload.
   * @see https://auth0.com/docs/customize/actions/redirect-with-actions
   */
  encodeToken(options: TokenCreationOptions): string
  /**
   * Suspends the flow after this Action, then sends the browser to `url` with Auth0's `state` added.
   * Not an exit: return after it. Pending metadata is written first. The user comes back through
   * `https://<event.request.hostname>/continue?state=…` within one hour, and only this Action's
   * `onContinuePostLogin` runs for it; it must be exported. With `prompt=none` the client gets
   * `interaction_required`; in a refresh-token exchange and the password grants the request fails.
   * Together with `api.prompt.render` in one Action the sign-in is aborted.
   * @param url Absolute.
   * @throws TypeError (`ERR_INVALID_URL`) if it is not absolute.
   * @see https://auth0.com/docs/customize/actions/redirect-with-actions
   */
  sendUserTo(url: string, options?: SendUserToOptions): PostLoginAPI
  /**
   * The payload of the session token that the page sent to `/continue`, checked for signature, expiry,
   * `iss`, `sub` and `state` (how strictly `iss` is compared is not documented: send back the one that
   * came). The body wins over the query string. One token can be sent twice: hold a nonce of your own
   * against it. `unknown`, because what the page said still needs parsing.
   * @throws Error if the parameter is missing or the token does not pass; the text says which.
   * @see https://auth0.com/docs/customize/actions/redirect-with-actions
   */
  validateToken(options: ValidateSessionTokenOptions): unknown
}

/**
 * @see https://auth0.com/docs/customize/actions/redirect-with-actions
 */
export interface TokenCreationOptions {
  /**
   * Default 900, a quarter of an hour.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  expiresInSeconds?: number
  /**
   * Wins over the standard claims: a stray `sub` or `exp` in it replaces Auth0's.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  payload: { readonly [claim: string]: unknown }
  /**
   * From `event.secrets`. HS256 wants at least 32 random bytes; Auth0 does not check.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  secret: string
}

/**
 * @see https://auth0.com/docs/customize/actions/redirect-with-actions
 */
export interface SendUserToOptions {
  /**
   * Set on the URL, replacing parameters of the same name. Not `state`, which is Auth0's.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  query?: Record<string, string>
}

/**
 * @see https://auth0.com/docs/customize/actions/redirect-with-actions
 */
export interface ValidateSessionTokenOptions {
  /**
   * One at a time: during a rotation try the new one, then the old.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  secret: string
  /**
   * Default `session_token`, also for an empty string.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  tokenParameterName?: string
}

/**
 * Metadata: at most 25 keys of letters, digits, `_` and `-`, keys and values up to 255 characters.
 * All but `revoke` throw on an online refresh token.
 * @see https://auth0.com/docs/secure/tokens/refresh-tokens/refresh-token-metadata/configure-refresh-token-metadata
 */
export interface RefreshTokenAPI {
  /** @see https://auth0.com/docs/secure/tokens/refresh-tokens/refresh-token-metadata/configure-refresh-token-metadata */
  deleteMetadata(key: string): void
  /**
   * Deletes all keys.
   * @see https://auth0.com/docs/secure/tokens/refresh-tokens/refresh-token-metadata/configure-refresh-token-metadata
   */
  evictMetadata(): void
  /**
   * Denies this exchange and revokes the token that was sent. Only when the protocol is
   * `oauth2-refresh-token`. Enterprise customers only.
   * @param reason Users may read it; at most 1024 characters.
   * @throws Error if the reason is too long.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  revoke(reason: string): void
  /**
   * The end of its life, within what the tenant allows; of several calls the earliest counts.
   * Enterprise customers only.
   * @param absolute Milliseconds since 1970.
   * @throws Error if it is 0 or not a finite number.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setExpiresAt(absolute: number): void
  /**
   * The end of its life unless it is used before; otherwise as `setExpiresAt`.
   * @param inactivity Milliseconds since 1970: a moment, not a duration.
   * @throws Error if it is 0 or not a finite number.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setIdleExpiresAt(inactivity: number): void
  /**
   * Readable at once in `event.refresh_token.metadata` if there is a refresh token already; if not, it
   * is kept for the one that will be issued.
   * @param value `null` deletes the key.
   * @throws Error `Failed to set refresh token metadata: …` if the result breaks a limit.
   * @see https://auth0.com/docs/secure/tokens/refresh-tokens/refresh-token-metadata/configure-refresh-token-metadata
   */
  setMetadata(key: string, value: string | null): void
}

/**
 * Roles of the user within `event.organization`, or without one if there is none.
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface RolesAPI {
  /**
   * One page at a time.
   * @throws Error (as a rejection) unless `take` is a positive whole number and `from` a string.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  getUserEffectiveRoles(params?: PageParams): Promise<RolesPage>
  /**
   * Those of the named ids that the user has.
   * @param ids 1 to 100.
   * @throws Error (as a rejection) if the list is empty.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  getUserEffectiveRolesByIds(ids: string[]): Promise<Roles>
  /**
   * Those of the given names that the user has.
   * @param names 1 to 50.
   * @throws Error (as a rejection) if the list is empty.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  getUserEffectiveRolesByNames(names: string[]): Promise<Roles>
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface Roles {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  roles: Role[]
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface RolesPage extends Roles {
  /**
   * Absent on the last page.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  next?: string
}

/**
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface Role {
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  id: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  name: string
  /** @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object */
  type: string
}

/**
 * @deprecated Rules reached their end of life on 18 November 2026.
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export interface RulesAPI {
  /**
   * `false` for an id that does not exist, too.
   * @deprecated Rules reached their end of life on 18 November 2026.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  wasExecuted(ruleId: string): boolean
}

/**
 * What a SAML attribute can hold; a list has no `null` inside.
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export type SAMLAttributeValue = string | number | boolean | (string | number | boolean)[] | null

/**
 * For sign-ins to SAML applications. A value that breaks a limit throws and fails the sign-in.
 * Auth0's typings have these methods return nothing, its classes return the api: do not chain.
 * Certificates and keys are PEM text of at most 4096 characters.
 * @see https://auth0.com/docs/customize/actions/limitations
 */
export interface SAMLResponseAPI {
  /**
   * `null` removes it. At most 100 changes; a name up to 1024, a value up to 2048 characters; in all
   * 10 kB by the documentation, 100 KiB by Auth0's code.
   * @throws Error if a limit is broken.
   * @see https://auth0.com/docs/customize/actions/limitations
   */
  setAttribute(attribute: string, value: SAMLAttributeValue): void
  /**
   * Default: the issuer of the request. Up to 2048 characters.
   * @throws Error if it is too long.
   * @see https://auth0.com/docs/customize/actions/limitations
   */
  setAudience(audience: string): void
  /**
   * Default `urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified`. Up to 512 characters.
   * @throws Error if it is too long.
   * @see https://auth0.com/docs/customize/actions/limitations
   */
  setAuthnContextClassRef(authnContextClassRef: string): void
  /**
   * Signs instead of the tenant's certificate; only together with `setKey`.
   * @throws Error if it is too long.
   * @see https://auth0.com/docs/customize/actions/limitations
   */
  setCert(cert: string): void
  /**
   * Default `true`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setCreateUpnClaim(createUpnClaim: boolean): void
  /**
   * Default: the address the request named, else the callback URL. Up to 2048 characters.
   * @throws Error if it is too long.
   * @see https://auth0.com/docs/customize/actions/limitations
   */
  setDestination(destination: string): void
  /**
   * Default `sha256`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setDigestAlgorithm(digestAlgorithm: 'sha256'): void
  /**
   * @deprecated SHA-1 is broken; use `sha256`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setDigestAlgorithm(digestAlgorithm: 'sha1'): void
  /**
   * Default `aes256-cbc`, so call it whenever assertions are encrypted.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setEncryptionAlgorithm(encryptionAlgorithm: 'aes256-gcm'): void
  /**
   * @deprecated Auth0 calls it insecure; use `aes256-gcm`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setEncryptionAlgorithm(encryptionAlgorithm: 'aes256-cbc'): void
  /**
   * The service provider's; only together with `setEncryptionPublicKey`.
   * @throws Error if it is too long.
   * @see https://auth0.com/docs/customize/actions/limitations
   */
  setEncryptionCert(encryptionCert: string): void
  /**
   * The service provider's; only together with `setEncryptionCert`.
   * @throws Error if it is too long.
   * @see https://auth0.com/docs/customize/actions/limitations
   */
  setEncryptionPublicKey(encryptionPublicKey: string): void
  /**
   * Default `true`: the format of an attribute's name is worked out from the name. `false` leaves it
   * away.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setIncludeAttributeNameFormat(includeAttributeNameFormat: boolean): void
  /**
   * Default `urn:auth0:` and the tenant. Up to 512 characters.
   * @throws Error if it is too long.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setIssuer(issuer: string): void
  /**
   * A private key: keep it in a secret. Only together with `setCert`.
   * @throws Error if it is too long.
   * @see https://auth0.com/docs/customize/actions/limitations
   */
  setKey(key: string): void
  /**
   * Default 3600, one hour.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setLifetimeInSeconds(lifetimeInSeconds: number): void
  /**
   * Default `true`, which tells the application about the identity provider and may hand it the
   * provider's access token.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setMapIdentities(mapIdentities: boolean): void
  /**
   * Default `false`: unmapped claims that are passed on get the prefix `http://schema.auth0.com`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setMapUnknownClaimsAsIs(mapUnknownClaimsAsIs: boolean): void
  /**
   * Default `urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified`. Up to 512 characters.
   * @throws Error if it is too long.
   * @see https://auth0.com/docs/customize/actions/limitations
   */
  setNameIdentifierFormat(nameIdentifierFormat: string): void
  /**
   * Attributes to take the subject from, the first that has a value wins. Default: the name
   * identifier (from `user_id`), the e-mail address, the name. At most ten, up to 512 characters each.
   * @throws Error if a limit is broken.
   * @see https://auth0.com/docs/customize/actions/limitations
   */
  setNameIdentifierProbes(nameIdentifierProbes: string[]): void
  /**
   * Default `true`: claims outside the common profile are passed on.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setPassthroughClaimsWithNoMapping(passthroughClaimsWithNoMapping: boolean): void
  /**
   * Default: the address the request named, else the callback URL. Up to 2048 characters.
   * @throws Error if it is too long.
   * @see https://auth0.com/docs/customize/actions/limitations
   */
  setRecipient(recipient: string): void
  /**
   * Up to 512 characters.
   * @throws Error if it is too long.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setRelayState(relayState: string): void
  /**
   * Default `rsa-sha256`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setSignatureAlgorithm(signatureAlgorithm: 'rsa-sha256'): void
  /**
   * @deprecated SHA-1 is broken; use `rsa-sha256`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setSignatureAlgorithm(signatureAlgorithm: 'rsa-sha1'): void
  /**
   * To check requests with; once set, unsigned requests are refused.
   * @throws Error if it is too long.
   * @see https://auth0.com/docs/customize/actions/limitations
   */
  setSigningCert(signingCert: string): void
  /**
   * Default `false`: the assertion is signed. `true` signs the response *instead*.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setSignResponse(signResponse: boolean): void
  /**
   * Default `true`: an attribute's XML type is worked out from its value. `false`: all are
   * `xs:anyType`.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  setTypedAttributes(typedAttributes: boolean): void
}

/**
 * Enterprise customers only; the cookie mode and metadata are Early Access besides. Metadata: at most
 * 25 keys of letters, digits, `_` and `-`, keys and values up to 255 characters.
 * @see https://auth0.com/docs/manage-users/sessions/manage-sessions-actions
 */
export interface SessionAPI {
  /**
   * Does nothing without a session. Early Access.
   * @see https://auth0.com/docs/manage-users/sessions/manage-sessions-actions
   */
  deleteMetadata(key: string): void
  /**
   * Deletes all keys; does nothing without a session. Early Access.
   * @see https://auth0.com/docs/manage-users/sessions/manage-sessions-actions
   */
  evictMetadata(): void
  /**
   * Denies this sign-in and ends the session, and by default its refresh tokens.
   * @param reason Users may read it.
   * @see https://auth0.com/docs/manage-users/sessions/manage-sessions-actions
   */
  revoke(reason: string, options?: SessionRevocationOptions): void
  /**
   * The last call counts, and shows at once in `event.session.cookie`. `non-persistent` forgets the
   * cookie with the browser and leaves the session alive. Early Access.
   * @throws Error for any other mode.
   * @see https://auth0.com/docs/manage-users/sessions/manage-sessions-actions
   */
  setCookieMode(mode: 'persistent' | 'non-persistent'): void
  /**
   * The end of the session, within what the tenant allows; of several calls the earliest counts.
   * @param absolute Milliseconds since 1970.
   * @throws Error if it is 0 or not a finite number.
   * @see https://auth0.com/docs/manage-users/sessions/manage-sessions-actions
   */
  setExpiresAt(absolute: number): void
  /**
   * The end of the session unless it is used before; otherwise as `setExpiresAt`.
   * @param inactivity Milliseconds since 1970: a moment, not a duration.
   * @throws Error if it is 0 or not a finite number.
   * @see https://auth0.com/docs/manage-users/sessions/manage-sessions-actions
   */
  setIdleExpiresAt(inactivity: number): void
  /**
   * Readable at once in `event.session.metadata`. Early Access.
   * @param value `null` deletes the key.
   * @throws Error `Failed to set session metadata: …` without a session, or if the result breaks a
   * limit.
   * @see https://auth0.com/docs/manage-users/sessions/manage-sessions-actions
   */
  setMetadata(key: string, value: string | null): void
}

/**
 * @see https://auth0.com/docs/manage-users/sessions/manage-sessions-actions
 */
export interface SessionRevocationOptions {
  /**
   * Default `false`. `true` lets the application go on getting access tokens for as long as its
   * refresh token lives.
   * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
   */
  preserveRefreshTokens?: boolean
}

/**
 * @see https://auth0.com/docs/customize/actions/transaction-metadata
 */
export interface TransactionAPI {
  /**
   * Readable at once in `event.transaction.metadata`, which is created if absent; lasts across
   * redirects and Forms and ends with the sign-in. Keys up to 64 characters, a value up to 8 KB, 16 KB
   * in all; what happens beyond that is not documented.
   * @param value `null` deletes the key. Of numbers, whole ones must be safe integers.
   * @see https://auth0.com/docs/customize/actions/transaction-metadata
   */
  setMetadata(key: string, value: string | number | boolean | null): void
}

/**
 * Both setters only ask: the changes of all Actions become one update of the profile when the flow
 * ends, or just before a redirect. Until then later Actions see them in `event.user`, this Action
 * does not. They are kept on `api.access.deny`; after an error that leaves the handler count on losing
 * them.
 *
 * A value replaces its whole top-level key, so two sign-ins at once can overwrite each other. The
 * platform leaves out a value equal to the stored one, but how it compares objects is not documented.
 * Keys: no `.`, no `$`. A whole profile has room for 10 KB.
 * @see https://auth0.com/docs/manage-users/user-accounts/metadata/manage-user-metadata
 */
export interface UserAPI {
  /**
   * What decides access. Names of root attributes (`email`, `user_id`, …) and some others are refused
   * when the profile is written, not here.
   * @param value `null` deletes the key, and costs a write even if there is no such key.
   * @throws Error if the stored `app_metadata` is not an object, as a custom database may have it.
   * @see https://auth0.com/docs/manage-users/user-accounts/metadata/metadata-fields-data
   */
  setAppMetadata(key: string, value: JsonValue): PostLoginAPI
  /**
   * Preferences: the user can change them without us.
   * @param value `null` deletes the key, and costs a write even if there is no such key.
   * @throws Error if the stored `user_metadata` is not an object, as a custom database may have it.
   * @see https://auth0.com/docs/manage-users/user-accounts/metadata/metadata-fields-data
   */
  setUserMetadata(key: string, value: JsonValue): PostLoginAPI
}

/**
 * @see https://auth0.com/docs/customize/login-pages/universal-login/customize-signup-and-login-prompts
 */
export interface ValidationAPI {
  /**
   * Ends the sign-in on Auth0's error page, with this message. It does not throw for that.
   * @param errorCode Ours to choose; at most 100 characters.
   * @param errorMessage Users read it; at most 100 characters.
   * @throws Error if one of them is too long.
   * @see https://auth0.com/docs/customize/login-pages/universal-login/customize-signup-and-login-prompts
   */
  error(errorCode: string, errorMessage: string): PostLoginAPI
}
