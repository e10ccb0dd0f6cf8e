import type { Event } from '@auth0/actions-types/post-login/v3'
import type { TenantContext } from '../context.ts'
import type { FlowCompleted } from '../runtime/flow.ts'
import type { Client, Connection, User } from '../store.ts'
import { buildEvent } from './event.ts'
import { readTokenUserId, startPostLogin } from './post-login.ts'
import { changeScopes } from './scopes.ts'
import { refusal, type OidcAnswer } from './answer.ts'
import type { SignedIn } from './token-set.ts'

interface BackChannelSources {
  user: User
  client: Client
  connection: Connection
  methods?: { name: string; timestamp: string }[]
  request: Event['request']
  transaction: NonNullable<Event['transaction']>
  audience: string | undefined
  organization?: string | undefined
}

/** Runs the Actions without a browser: a redirect is refused, because nobody could follow it. */
export const runBackChannel = async (
  context: TenantContext,
  sources: BackChannelSources,
): Promise<
  { kind: 'completed'; result: FlowCompleted } | { kind: 'refused'; answer: OidcAnswer }
> => {
  const result = await startPostLogin(context, buildEvent(context, sources))
  switch (result.kind) {
    case 'completed':
      return { kind: 'completed', result }
    case 'denied':
      return { kind: 'refused', answer: refusal('access_denied', result.reason) }
    case 'redirected':
      return {
        kind: 'refused',
        answer: refusal('interaction_required', 'An Action wants to send the user to another page'),
      }
  }
}

/** Without `id`, `prompt` and `redirect_uri`, because there is no browser. */
export const describeTransaction = (
  protocol: 'oauth2-refresh-token' | 'oauth2-password',
  scopes: string[],
): NonNullable<Event['transaction']> => ({ protocol, requested_scopes: scopes, metadata: {} })

/** The requested sign-in with the changes that the Actions made. */
export const completeSignIn = (
  result: FlowCompleted,
  {
    audience,
    organization,
    ...rest
  }: Pick<SignedIn, 'userId' | 'clientId' | 'connection' | 'scopes' | 'gty'> & {
    audience: string | undefined
    organization?: string | undefined
  },
): SignedIn => ({
  ...rest,
  userId: readTokenUserId(rest.userId, result),
  scopes: changeScopes(rest.scopes, result),
  ...(audience === undefined ? {} : { audience }),
  ...(organization === undefined ? {} : { organization }),
  idTokenClaims: result.idTokenClaims,
  accessTokenClaims: result.accessTokenClaims,
})
