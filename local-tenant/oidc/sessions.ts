import type { TenantContext } from '../context.ts'
import type { Connection, Session, User } from '../store.ts'
import type { OidcAnswer, OidcRequest } from './answer.ts'
import { readCookie, readSignedValue, SESSION_COOKIE, signValue } from './cookies.ts'
import { findOwn, findUser } from '../lookup.ts'
import { randomToken, sha256 } from '../secrets.ts'

/** Auth0's default for the longest life of a session: 7 days. */
const SESSION_MS = 7 * 86_400_000

/** The session of this browser, if it has not ended and its user may still sign in. */
export const readSession = (request: OidcRequest): Session | undefined => {
  const { context } = request
  const { state } = context.store
  const session = findOwn(state.sessions, readSessionId(request))
  if (session === undefined || session.expires_at <= context.now()) return undefined
  const user = findUser(state, session.user_id)
  return user === undefined || user.blocked === true ? undefined : session
}

/**
 * Begins a session under a new id and ends the one this browser had. Whoever knew the old id can do
 * nothing with it after the sign-in.
 */
export const beginSession = (
  request: OidcRequest,
  who: { user: User; connection: Connection; clientId: string },
): { session: Session; cookies: Cookies } => {
  const { context } = request
  const { state } = context.store
  const now = context.now()
  endSession(request)
  for (const old of Object.values(state.sessions)) {
    if (old.expires_at <= now) delete state.sessions[old.id]
  }
  const session: Session = {
    id: randomToken(),
    user_id: who.user.user_id,
    connection: who.connection.name,
    authenticated_at: now,
    expires_at: now + SESSION_MS,
    methods: [
      {
        name: who.connection.strategy === 'auth0' ? 'pwd' : 'federated',
        timestamp: new Date(now).toISOString(),
      },
    ],
    client_ids: [who.clientId],
  }
  state.sessions[session.id] = session
  context.store.touch()
  return { session, cookies: { [SESSION_COOKIE]: signValue(session.id, cookieKey(context)) } }
}

/** Ends the session of this browser, if there is one, and answers what its cookie becomes. */
export const endSession = (request: OidcRequest): Cookies => {
  const { store } = request.context
  const id = readSessionId(request)
  if (id !== undefined && Object.hasOwn(store.state.sessions, id)) {
    delete store.state.sessions[id]
    store.touch()
  }
  return { [SESSION_COOKIE]: null }
}

type Cookies = NonNullable<OidcAnswer['cookies']>

const readSessionId = (request: OidcRequest): string | undefined =>
  readSignedValue(readCookie(request, SESSION_COOKIE), cookieKey(request.context))

const cookieKey = (context: TenantContext): string =>
  sha256(`session cookie ${String(context.store.state.signing_key.d)}`)
