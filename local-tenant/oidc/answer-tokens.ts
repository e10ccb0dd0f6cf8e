import type { TenantContext } from '../context.ts'
import type { User } from '../store.ts'
import { findUser } from '../lookup.ts'
import { randomToken } from '../secrets.ts'
import { refusal, type OidcAnswer } from './answer.ts'
import { makeAccessToken, signIdToken, type SignedIn } from './token-set.ts'

/** The tokens of a grant without a browser. An Action may have made another user primary. */
export const answerForUser = async (
  context: TenantContext,
  signedIn: SignedIn,
  refreshToken: string | undefined,
): Promise<OidcAnswer> => {
  const user = findUser(context.store.state, signedIn.userId)
  if (user === undefined) return refusal('access_denied', 'the user does not exist')
  return answerTokens(context, user, signedIn, {
    refreshToken,
    nonce: undefined,
    accessTokenId: randomToken(),
  })
}

/** RFC 6749 §5.1, with `id_token` where `openid` was granted. */
export const answerTokens = async (
  context: TenantContext,
  user: User,
  signedIn: SignedIn,
  extra: {
    refreshToken: string | undefined
    nonce: string | undefined
    accessTokenId: string
  },
): Promise<OidcAnswer> => {
  const { token, expiresInSeconds } = await makeAccessToken(context, signedIn, extra.accessTokenId)
  return {
    status: 200,
    body: {
      access_token: token,
      ...(extra.refreshToken === undefined ? {} : { refresh_token: extra.refreshToken }),
      ...(signedIn.scopes.includes('openid')
        ? { id_token: await signIdToken(context, user, signedIn, extra.nonce) }
        : {}),
      scope: signedIn.scopes.join(' '),
      expires_in: expiresInSeconds,
      token_type: 'Bearer',
    },
  }
}
