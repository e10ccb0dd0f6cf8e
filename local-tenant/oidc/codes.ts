import { randomToken, sha256 } from '../secrets.ts'
import type { SignedIn } from './token-set.ts'

/** What an authorization code stands for. */
export interface CodeGrant {
  clientId: string
  redirectUri: string
  codeChallenge?: string
  nonce?: string
  signedIn: SignedIn
}

export type RedeemedCode =
  | { kind: 'unknown' }
  /** The code was used before: the tokens made from it must be revoked (RFC 6749 §4.1.2). */
  | { kind: 'replayed'; issued: IssuedTokens }
  | { kind: 'found'; grant: CodeGrant; issued: IssuedTokens }

/** Filled by whoever makes tokens from a code, so that a replay can find them. */
export interface IssuedTokens {
  accessTokenId?: string
  refreshTokenId?: string
}

export interface Codes {
  issue(grant: CodeGrant): string
  redeem(code: string): RedeemedCode
}

const CODE_MS = 60_000
/** Longer than a code is valid, so that a second use is recognised. */
const REMEMBERED_MS = 3_600_000

interface KeptCode {
  grant: CodeGrant
  issued: IssuedTokens
  used: boolean
  issuedAt: number
}

export const createCodes = (now: () => number): Codes => {
  const kept = new Map<string, KeptCode>()
  return {
    issue(grant) {
      for (const [hash, { issuedAt }] of kept) {
        if (now() - issuedAt < REMEMBERED_MS) break
        kept.delete(hash)
      }
      const code = randomToken()
      kept.set(sha256(code), { grant, issued: {}, used: false, issuedAt: now() })
      return code
    },
    redeem(code) {
      const found = kept.get(sha256(code))
      if (found === undefined) return { kind: 'unknown' }
      if (found.used) return { kind: 'replayed', issued: found.issued }
      // Before any check, so that a try with a wrong verifier uses the code up.
      found.used = true
      return now() - found.issuedAt < CODE_MS
        ? { kind: 'found', grant: found.grant, issued: found.issued }
        : { kind: 'unknown' }
    },
  }
}
