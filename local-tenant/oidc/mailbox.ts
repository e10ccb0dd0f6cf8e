/** The mails that the tenant would have sent, and the pages that their links lead to. */
import { findConnection, findOwn } from '../lookup.ts'
import { hashPassword } from '../secrets.ts'
import { findTicket, mailTicket, useTicket } from '../tickets.ts'
import { sentBy, type OidcHandler } from './answer.ts'
import { findByEmail, passwordKey } from './identities.ts'
import { page, problemPage } from './pages.ts'
import { parseParameters } from './parameters.ts'

/** `GET /local/mailbox`, the newest mail first. */
export const showMailbox: OidcHandler = ({ context }) =>
  page('mailbox', { title: 'Mailbox', mails: context.store.state.mails.toReversed() })

const VOID = problemPage(
  400,
  'invalid_ticket',
  'This link was used, has expired, or is for another address.',
)

/** `GET /u/email-verification` */
export const verifyEmail: OidcHandler = ({ context, query }) => {
  const { ticket: token = '' } = parseParameters(query).values
  const found = findTicket(context, 'verify', token)
  if (found === undefined) return VOID
  if (found.user.email === found.ticket.email) found.user.email_verified = true
  found.user.updated_at = new Date(context.now()).toISOString()
  useTicket(context, token)
  return page('done', { title: 'Your address is verified' })
}

/**
 * `POST /dbconnections/change_password`. The answer is the same for an address that nobody has.
 * https://auth0.com/docs/authenticate/database-connections/password-change
 */
export const askForPassword: OidcHandler = ({ context, body }) => {
  const { state } = context.store
  const { email = '', connection: name = '' } = parseParameters(body).values
  if (email === '' || findConnection(state, name)?.strategy !== 'auth0') {
    return { status: 400, body: { error: 'email and connection are required' } }
  }
  const found = findByEmail(state.users, name, email)
  if (found !== undefined) {
    const { user, identity } = found
    const ticket = { kind: 'reset' as const, user_id: user.user_id, email: email.toLowerCase() }
    mailTicket(context, { ...ticket, password_key: passwordKey(identity) })
  }
  return { status: 200, body: "We've just sent you an email to reset your password." }
}

/** `GET /u/reset-password` */
export const showReset: OidcHandler = (request) => {
  const { ticket = '' } = parseParameters(sentBy(request)).values
  return findTicket(request.context, 'reset', ticket) === undefined
    ? VOID
    : page('reset-password', { title: 'Choose a new password', ticket })
}

/** `POST /u/reset-password` */
export const acceptReset: OidcHandler = (request) => {
  const { context, body } = request
  const { ticket: token = '', password } = parseParameters(body).values
  const found = findTicket(context, 'reset', token)
  if (found === undefined) return VOID
  if (password === undefined) return showReset(request)
  const { state } = context.store
  const { ticket, user } = found
  const key = ticket.password_key ?? user.user_id
  const at = new Date(context.now()).toISOString()
  if (findOwn(state.passwords, key) !== undefined) state.passwords[key] = hashPassword(password)
  // Whoever has the mail has the address.
  if (user.email === ticket.email) user.email_verified = true
  Object.assign(user, { last_password_reset: at, updated_at: at })
  useTicket(context, token)
  return page('done', { title: 'Your password is changed' })
}
