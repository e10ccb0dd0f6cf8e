/** Links that a mail carries: each works once and for five days. */
import type { TenantContext } from './context.ts'
import { findOwn, findUser } from './lookup.ts'
import { emailOf } from './oidc/identities.ts'
import { randomToken, sha256 } from './secrets.ts'
import type { Ticket, User } from './store.ts'

const TICKET_MS = 5 * 86_400_000
const MAX_MAILS = 50

const PAGES = { verify: 'u/email-verification', reset: 'u/reset-password' } as const

const SUBJECTS = { verify: 'Verify your email', reset: 'Reset your password' } as const

/** Makes a ticket and answers its link. */
export const makeTicket = (
  { store, issuer, now }: TenantContext,
  ticket: Omit<Ticket, 'expires_at'>,
  livesMs = TICKET_MS,
): string => {
  const { tickets } = store.state
  for (const [hash, { expires_at }] of Object.entries(tickets)) {
    if (expires_at <= now()) delete tickets[hash]
  }
  const token = randomToken()
  tickets[sha256(token)] = { ...ticket, expires_at: now() + livesMs }
  store.touch()
  return `${issuer}${PAGES[ticket.kind]}?ticket=${token}`
}

/** Makes a ticket and puts the mail with its link into the mailbox. */
export const mailTicket = (context: TenantContext, ticket: Omit<Ticket, 'expires_at'>): void => {
  const { state } = context.store
  const mail = {
    to: ticket.email,
    at: new Date(context.now()).toISOString(),
    subject: SUBJECTS[ticket.kind],
    link: makeTicket(context, ticket),
  }
  state.mails = [...state.mails, mail].slice(-MAX_MAILS)
  context.store.touch()
}

/** The user and the ticket, while it is good; a changed address makes it void. */
export const findTicket = (
  { store, now }: TenantContext,
  kind: Ticket['kind'],
  token: string,
): { ticket: Ticket; user: User } | undefined => {
  const ticket = findOwn(store.state.tickets, sha256(token))
  const user = findUser(store.state, ticket?.user_id)
  const isGood = ticket?.kind === kind && ticket.expires_at > now()
  if (!isGood || user === undefined) return undefined
  const hasAddress = user.identities.some(
    (identity) => emailOf({ user, identity })?.toLowerCase() === ticket.email.toLowerCase(),
  )
  return hasAddress ? { ticket, user } : undefined
}

export const useTicket = ({ store }: TenantContext, token: string): void => {
  delete store.state.tickets[sha256(token)]
  store.touch()
}
