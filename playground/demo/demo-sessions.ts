/** What the demo application remembers of a browser; gone with the process. */
import { randomBytes } from 'node:crypto'
import type { FlowTrace } from '../../local-tenant/trace.ts'

/** A sign-in on its way, named by its `state`. */
export interface PendingSignIn {
  clientId: string
  email: string
  codeVerifier: string
  nonce: string
  startedAt: number
}

/** How the last sign-in of a browser ended. */
export interface SignInResult {
  clientId: string
  email: string
  outcome: { kind: 'signed_in' } | { kind: 'refused'; error: string; description: string }
  idToken?: string
  accessToken?: string
  flow: FlowTrace | undefined
  metadata?: { app_metadata: unknown; user_metadata: unknown }
}

export interface DemoSession {
  pending: Map<string, PendingSignIn>
  result?: SignInResult
}

export interface DemoSessions {
  find(id: string | undefined): DemoSession | undefined
  begin(): { id: string; session: DemoSession }
}

const MAX_SESSIONS = 100

const MAX_PENDING = 20

/** The oldest goes first, so that sign-ins begun and never finished cannot fill the memory. */
export const rememberPending = (
  { pending }: DemoSession,
  state: string,
  signIn: PendingSignIn,
): void => {
  pending.set(state, signIn)
  const [oldest] = pending.keys()
  if (pending.size > MAX_PENDING && oldest !== undefined) pending.delete(oldest)
}

export const createDemoSessions = (): DemoSessions => {
  const sessions = new Map<string, DemoSession>()
  return {
    find: (id) => sessions.get(id ?? ''),
    begin() {
      const id = randomBytes(32).toString('base64url')
      const session: DemoSession = { pending: new Map() }
      sessions.set(id, session)
      const [oldest] = sessions.keys()
      if (sessions.size > MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest)
      return { id, session }
    },
  }
}
