/**
 * Acting on a decision to send the user to a page. Apart from `applyDecision`, so that the build can
 * tell from a bundle whether its Action needs `onContinuePostLogin`.
 */
import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import type { Redirect } from './decision.ts'
import type { ActionEvent } from './event.ts'
import { SESSION_TOKEN_PARAMETER } from './session-token.ts'

/** Remembers, signs and sends. Throws without the secret that signs. */
export const applyRedirect = (
  { url, payload, signedWith, expiresInSeconds, remember }: Redirect,
  event: ActionEvent<string>,
  api: PostLoginAPI,
): void => {
  for (const [key, value] of Object.entries(remember)) api.transaction.setMetadata(key, value)
  const token = api.redirect.encodeToken({
    payload: { ...payload },
    secret: event.secrets[signedWith] ?? '',
    expiresInSeconds,
  })
  api.redirect.sendUserTo(url, { query: { [SESSION_TOKEN_PARAMETER]: token } })
}
