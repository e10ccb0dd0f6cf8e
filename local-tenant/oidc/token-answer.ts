/** What a back-channel endpoint answers: RFC 6749 §5.1 and §5.2. */
export interface TokenAnswer {
  status: number
  body: Record<string, unknown>
  headers?: Record<string, string>
}

/** An error of RFC 6749 §5.2, which are all told with status 400 but `invalid_client`. */
export const oauthError = (error: string, description: string): TokenAnswer => ({
  status: 400,
  body: { error, error_description: description },
})

/**
 * A refusal that RFC 6749 has no word for, as Auth0 tells it: an Action denied, the user is
 * blocked, the API is unknown. Auth0 documents no body for a redirect in a back channel; ours is
 * `interaction_required`.
 */
export const refusal = (error: string, description: string): TokenAnswer => ({
  status: 403,
  body: { error, error_description: description },
})

/** Told before any Action runs. */
export const USER_BLOCKED = refusal('unauthorized', 'user is blocked')

export const serviceNotFound = (audience: string): TokenAnswer =>
  refusal('access_denied', `Service not found: ${audience}`)
