import type { TenantContext } from '../context.ts'
import { createCodes, type Codes } from './codes.ts'
import { createTransactions, type Transactions } from './transactions.ts'

/** The tenant and what its sign-ins on the way need; the latter ends with the process. */
export interface OidcContext extends TenantContext {
  readonly transactions: Transactions
  readonly codes: Codes
  /** Ids (`jti`) of access tokens that hold no longer. */
  readonly revokedTokenIds: Set<string>
}

export const createOidcContext = (context: TenantContext): OidcContext => ({
  ...context,
  transactions: createTransactions(context.now),
  codes: createCodes(context.now),
  revokedTokenIds: new Set(),
})
