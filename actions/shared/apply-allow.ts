/**
 * Acting on a decision that lets the sign-in go on. Apart from `applyDecision`, so that the bundle
 * of an Action that never denies holds no sentences for denials.
 */
import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import type { Allow, Note } from './decision.ts'
import { memberOf, type ActionEvent } from './event.ts'
import type { MetadataChange } from './metadata.ts'

/** `applyDecision` for an Action that can only allow. */
export const applyAllow = (
  decision: Allow,
  event: ActionEvent<string>,
  api: PostLoginAPI,
): void => {
  changeMetadata(decision.changes, api)
  for (const { token, name, value } of decision.claims) {
    if (token === 'id_token') api.idToken.setCustomClaim(name, value)
    else if (token === 'access_token') api.accessToken.setCustomClaim(name, value)
    else api.samlResponse.setAttribute(name, value as SamlValue)
  }
  for (const key of decision.forget) api.transaction.setMetadata(key, null)
  for (const note of decision.notes) log(note, event)
}

type SamlValue = Parameters<PostLoginAPI['samlResponse']['setAttribute']>[1]

export const changeMetadata = (changes: readonly MetadataChange[], api: PostLoginAPI): void => {
  for (const { metadata, key, value } of changes) {
    if (metadata === 'app_metadata') api.user.setAppMetadata(key, value)
    else api.user.setUserMetadata(key, value)
  }
}

/** How an Action that does not decide access ends when it fails: the sign-in goes on unchanged. */
export const failOpen = (error: unknown, event: ActionEvent<string>): void => {
  log({ code: 'action_failed', target: errorName(error) }, event)
}

/**
 * One line: the code, what it is about, and the ids that find the case. Auth0 keeps 256 characters
 * for each Action. The message of an error and a user_id with an e-mail address in it stay out. It
 * takes any event, because it is also called for the one that an Action failed on.
 */
export const log = ({ code, target }: Note, event: unknown): void => {
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

export const errorName = (error: unknown): string =>
  error instanceof Error ? error.name : typeof error
