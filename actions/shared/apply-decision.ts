import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { DENY_SENTENCES, deny, type Decision, type Note } from './decision.ts'
import type { ActionEvent } from './event.ts'
import { SESSION_TOKEN_PARAMETER } from './session-token.ts'

/** Acts on a decision. The only code that calls `api` to change anything. */
export const applyDecision = (
  decision: Decision,
  event: ActionEvent<string>,
  api: PostLoginAPI,
): void => {
  switch (decision.kind) {
    case 'allow':
      for (const { metadata, key, value } of decision.changes) {
        if (metadata === 'app_metadata') api.user.setAppMetadata(key, value)
        else api.user.setUserMetadata(key, value)
      }
      for (const { token, name, value } of decision.claims) {
        if (token === 'id_token') api.idToken.setCustomClaim(name, value)
        else api.accessToken.setCustomClaim(name, value)
      }
      for (const note of decision.notes) log(note, event)
      return
    case 'redirect': {
      for (const [key, value] of Object.entries(decision.remember)) {
        api.transaction.setMetadata(key, value)
      }
      const token = api.redirect.encodeToken({
        payload: { ...decision.payload },
        secret: event.secrets[decision.signedWith] ?? '',
        expiresInSeconds: decision.expiresInSeconds,
      })
      api.redirect.sendUserTo(decision.url, { query: { [SESSION_TOKEN_PARAMETER]: token } })
      return
    }
    case 'deny':
      api.access.deny(`${decision.code}: ${DENY_SENTENCES[decision.code]}`)
      log(decision, event)
  }
}

/** How an Action that decides access ends when it cannot decide: nobody gets in. */
export const failClosed = (error: unknown, event: ActionEvent, api: PostLoginAPI): void => {
  log({ code: 'error', target: errorName(error) }, event)
  applyDecision(deny('action_failed'), event, api)
}

/** How every other Action ends when it cannot decide: nothing changes and the sign-in goes on. */
export const failOpen = (error: unknown, event: ActionEvent): void => {
  log({ code: 'action_failed', target: errorName(error) }, event)
}

/**
 * One line: the code, what it is about, and the ids that find the case. Auth0 keeps 256 characters
 * for each Action. The message of an error and a user_id with an e-mail address in it stay out. It
 * takes any event, because it is also called for the one that an Action failed on.
 */
const log = ({ code, target }: Note, event: unknown): void => {
  const words = [
    code,
    target,
    labelled('client', memberOf(memberOf(event, 'client'), 'client_id')),
    labelled('transaction', memberOf(memberOf(event, 'transaction'), 'id')),
    labelled('user', memberOf(memberOf(event, 'user'), 'user_id')),
  ]
  console.log(
    words
      .filter((word) => word !== undefined)
      .join(' ')
      .replace(LINE_BREAKING, ' ')
      .slice(0, 255),
  )
}

const LINE_BREAKING = /[\p{Cc}\p{Zl}\p{Zp}]/gu

const labelled = (label: string, id: unknown): string | undefined =>
  typeof id === 'string' && !id.includes('@') ? `${label}=${id}` : undefined

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined

const errorName = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
