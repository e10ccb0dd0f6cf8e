import type { Request, Response } from 'express'
import type { TenantContext } from '../context.ts'
import type { Connection, Session, User } from '../store.ts'
import { clearCookie, readCookie, readSignedValue, SESSION_COOKIE, setCookie } from './cookies.ts'
import { signValue } from './cookies.ts'
import { findOwn, findUser } from '../lookup.ts'
import { randomToken, sha256 } from '../secrets.ts'

/** Auth0's default for the longest life of a session: 7 days. */
const SESSION_MS = 7 * 86_400_000

/** The session of this browser, if it still holds and its user may still sign in. */
export const readSession = (context: TenantContext, request: Request): Session | undefined => {
  const { state } = context.store
  const id = readSignedValue(readCookie(request, SESSION_COOKIE), cookieKey(context))
  const session = findOwn(state.sessions, id)
  if (session === undefined || session.expires_at <= context.now()) return undefined
  const user = findUser(state, session.user_id)
  return user === undefined || user.blocked === true ? undefined : session
}

/**
 * Begins a session under a new id and ends the one this browser had, so that an id which was known
 * before the sign-in is worth nothing after it.
 */
export const beginSession = (
  context: TenantContext,
  request: Request,
  response: Response,
  who: { user: User; connection: Connection; clientId: string },
): Session => {
  const { state } = context.store
  const now = context.now()
  endSession(context, request, response)
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
  setCookie(response, SESSION_COOKIE, signValue(session.id, cookieKey(context)))
  context.store.touch()
  return session
}

export const endSession = (context: TenantContext, request: Request, response: Response): void => {
  const { sessions } = context.store.state
  const id = readSignedValue(readCookie(request, SESSION_COOKIE), cookieKey(context))
  clearCookie(response, SESSION_COOKIE)
  if (id === undefined || !Object.hasOwn(sessions, id)) return
  delete sessions[id]
  context.store.touch()
}

const cookieKey = (context: TenantContext): string =>
  sha256(`session cookie ${String(context.store.state.signing_key.d)}`)
