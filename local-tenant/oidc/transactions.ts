import type { SuspendedFlow } from '../runtime/flow.ts'
import { isSameString } from '../same-string.ts'
import type { Session } from '../store.ts'
import type { AuthorizationRequest } from './authorization-request.ts'
import { randomToken } from '../secrets.ts'

/** One sign-in, from `/authorize` until the application has its answer. */
export interface Transaction {
  /** `event.transaction.id`. */
  readonly id: string
  readonly request: AuthorizationRequest
  /** The value of the browser cookie: only this browser may go on. */
  readonly browser: string
  readonly expiresAt: number
}

/** A transaction whose user was sent away by an Action. */
export interface SuspendedTransaction {
  transaction: Transaction
  flow: SuspendedFlow
  userId: string
  session: Session
}

export interface Transactions {
  begin(request: AuthorizationRequest, browser: string): Transaction
  /** Makes the `state` under which the login pages name the transaction. */
  openLogin(transaction: Transaction): string
  findLogin(state: string | undefined, browser: string | undefined): Transaction | undefined
  closeLogin(state: string): void
  /** Makes the `state` that goes with the redirect and must come to `/continue`. */
  suspend(suspended: SuspendedTransaction): string
  /** Gives a suspended transaction out once, and only to its own browser. */
  takeSuspended(
    state: string | undefined,
    browser: string | undefined,
  ): SuspendedTransaction | undefined
}

/** https://auth0.com/docs/troubleshoot/product-lifecycle/past-migrations/migrate-to-1-hour-expiration */
const TRANSACTION_MS = 3_600_000
const MAX_TRANSACTIONS = 1000

/** Kept in memory: a restart ends unfinished sign-ins, but no session. */
export const createTransactions = (now: () => number): Transactions => {
  const logins = new Map<string, Transaction>()
  const suspensions = new Map<string, SuspendedTransaction>()
  const isFor = (transaction: Transaction, browser: string | undefined): boolean =>
    browser !== undefined &&
    isSameString(transaction.browser, browser) &&
    now() < transaction.expiresAt
  return {
    begin: (request, browser) => ({
      id: randomToken(),
      request,
      browser,
      expiresAt: now() + TRANSACTION_MS,
    }),
    openLogin(transaction) {
      const state = randomToken()
      remember(logins, state, transaction)
      return state
    },
    findLogin(state, browser) {
      const transaction = logins.get(state ?? '')
      return transaction !== undefined && isFor(transaction, browser) ? transaction : undefined
    },
    closeLogin(state) {
      logins.delete(state)
    },
    suspend(suspended) {
      const state = randomToken()
      remember(suspensions, state, suspended)
      return state
    },
    takeSuspended(state, browser) {
      const suspended = suspensions.get(state ?? '')
      if (suspended === undefined || !isFor(suspended.transaction, browser)) return undefined
      suspensions.delete(state ?? '')
      return suspended
    },
  }
}

/** Drops the oldest entry, so that sign-ins that nobody finishes cannot fill the memory. */
const remember = <Value>(map: Map<string, Value>, key: string, value: Value): void => {
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > MAX_TRANSACTIONS && oldest !== undefined) map.delete(oldest)
}
