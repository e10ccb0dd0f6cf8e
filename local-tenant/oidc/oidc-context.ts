import type { TenantContext } from '../context.ts'
import { createCodes, type Codes } from './codes.ts'
import { createTransactions, type Transactions } from './transactions.ts'

/** The tenant, and what unfinished sign-ins need; that part ends with the process. */
export interface OidcContext extends TenantContext {
  readonly transactions: Transactions
  readonly codes: Codes
  /** Ids (`jti`) of revoked access tokens. */
  readonly revokedTokenIds: Set<string>
}

export const createOidcContext = (context: TenantContext): OidcContext => ({
  ...context,
  transactions: createTransactions(context.now),
  codes: createCodes(context.now),
  revokedTokenIds: new Set(),
})
