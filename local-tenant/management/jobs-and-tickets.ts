import { isObject, isString } from '../json.ts'
import { findOwn, findUser } from '../lookup.ts'
import { passwordKey } from '../oidc/identities.ts'
import type { Job, Ticket } from '../store.ts'
import { mailTicket, makeTicket } from '../tickets.ts'
import {
  created,
  finding,
  invalidBody,
  newId,
  ok,
  problem,
  type Endpoints,
  type Handler,
} from './answer.ts'
import { NO_SUCH_USER } from './users.ts'

const withJob = finding(
  (state, id) => findOwn(state.jobs, id),
  problem(404, 'The job does not exist.', 'inexistent_job'),
)

/** The mail is in the mailbox at once; the job says `pending` first, as Auth0's does. */
const mailVerification: Handler = ({ context, body }) => {
  const { store, now } = context
  const userId = isObject(body) ? body['user_id'] : undefined
  if (!isString(userId, 1)) return invalidBody('Missing required property: user_id')
  const user = findUser(store.state, userId)
  if (user === undefined) return NO_SUCH_USER
  const { email } = user
  const created_at = new Date(now()).toISOString()
  const job: Job = { type: 'verification_email', status: 'completed', created_at, id: newId('job') }
  if (email === undefined) job.status = 'failed'
  else mailTicket(context, { kind: 'verify', user_id: userId, email })
  store.state.jobs[job.id] = job
  store.touch()
  return created({ ...job, status: 'pending' })
}

const createTicket =
  (kind: Ticket['kind']): Handler =>
  ({ context, body }) => {
    if (!isObject(body)) return invalidBody('Expected type object')
    const { user_id: userId, ttl_sec: seconds } = body
    if (!isString(userId, 1)) return invalidBody('Missing required property: user_id')
    const user = findUser(context.store.state, userId)
    if (user === undefined) return NO_SUCH_USER
    const [identity] = user.identities
    const { email } = user
    if (email === undefined || identity === undefined) return invalidBody('The user has no email')
    const ticket = { kind, user_id: userId, email, password_key: passwordKey(identity) }
    const livesMs = typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : undefined
    return created({ ticket: makeTicket(context, ticket, livesMs) })
  }

/** https://auth0.com/docs/api/management/v2/tickets/post-email-verification and beside it. */
export const jobEndpoints: Endpoints = {
  'POST /jobs/verification-email': [['update:users'], mailVerification],
  'GET /jobs/:id': [['create:users', 'read:users'], withJob(ok)],
  'POST /tickets/email-verification': [['create:user_tickets'], createTicket('verify')],
  'POST /tickets/password-change': [['create:user_tickets'], createTicket('reset')],
}
