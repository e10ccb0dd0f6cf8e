import type { TenantContext } from '../context.ts'
import { isSameString } from '../same-string.ts'
import type { RefreshToken } from '../store.ts'
import { findOwn } from '../lookup.ts'
import { randomToken, sha256 } from '../secrets.ts'
import type { SignedIn } from './token-set.ts'

/** Auth0's default for rotating refresh tokens: 30 days from the first. */
const REFRESH_TOKEN_MS = 30 * 86_400_000
/** A token rotated earlier is refused too, but does not end the family. */
const MAX_USED_HASHES = 100

/** A refresh token is `v1.<family>.<secret>`; only its hash is kept. */
export const issueRefreshToken = (
  context: TenantContext,
  signedIn: SignedIn,
): { token: string; id: string } => {
  const { refresh_tokens: families } = context.store.state
  for (const family of Object.values(families)) {
    if (family.revoked || hasExpired(context, family)) delete families[family.id]
  }
  const id = randomToken()
  const token = makeToken(id)
  families[id] = {
    id,
    token_hash: sha256(token),
    used_hashes: [],
    client_id: signedIn.clientId,
    user_id: signedIn.userId,
    connection: signedIn.connection,
    scope: signedIn.scopes.join(' '),
    ...(signedIn.audience === undefined ? {} : { audience: signedIn.audience }),
    ...(signedIn.organization === undefined ? {} : { organization: signedIn.organization }),
    created_at: context.now(),
    revoked: false,
  }
  context.store.touch()
  return { token, id }
}

/**
 * The family of a refresh token that may be used now. A token that was rotated before counts as
 * stolen, and its whole family ends (RFC 9700 §4.14.2).
 * https://auth0.com/docs/secure/tokens/refresh-tokens/refresh-token-rotation
 */
export const findRefreshToken = (
  context: TenantContext,
  token: string,
  clientId: string,
): RefreshToken | undefined => {
  const family = findOwn(context.store.state.refresh_tokens, token.split('.')[1])
  if (family === undefined || family.revoked || family.client_id !== clientId) return undefined
  if (hasExpired(context, family)) return undefined
  const hash = sha256(token)
  if (family.used_hashes.includes(hash)) {
    revokeRefreshToken(context, family)
    return undefined
  }
  return isSameString(hash, family.token_hash) ? family : undefined
}

/** Replaces the token and answers the new one. */
export const rotateRefreshToken = (context: TenantContext, family: RefreshToken): string => {
  const token = makeToken(family.id)
  family.used_hashes = [...family.used_hashes, family.token_hash].slice(-MAX_USED_HASHES)
  family.token_hash = sha256(token)
  family.last_exchanged_at = context.now()
  context.store.touch()
  return token
}

export const revokeRefreshToken = (context: TenantContext, family: RefreshToken): void => {
  family.revoked = true
  context.store.touch()
}

const hasExpired = ({ now }: TenantContext, family: RefreshToken): boolean =>
  family.created_at + REFRESH_TOKEN_MS <= now()

const makeToken = (id: string): string => `v1.${id}.${randomToken()}`
