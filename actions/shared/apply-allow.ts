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
 * for each Action. The message of an error stays out, and a user_id that may hold a name, a phone
 * number or an address; Auth0 keeps the user_id beside the line. It takes any event, because it is
 * also called for the one that an Action failed on.
 */
export const log = ({ code, target }: Note, event: unknown): void => {
  const userId = memberOf(memberOf(event, 'user'), 'user_id')
  const words = [
    code,
    target === undefined ? undefined : quoted(target),
    labelled('client', memberOf(memberOf(event, 'client'), 'client_id')),
    labelled('transaction', memberOf(memberOf(event, 'transaction'), 'id')),
    isRandomId(userId) ? labelled('user', userId) : undefined,
  ]
  console.log(
    words
      .filter((word) => word !== undefined)
      .join(' ')
      .slice(0, LINE_CHARACTERS),
  )
}

/**
 * Made by a machine at random: 24 hexadecimal digits of Auth0, a UUID, more digits than a phone
 * number has. Hexadecimal digits that are readable as ASCII may be an encoded address.
 */
const isRandomId = (userId: unknown): boolean => {
  const id =
    typeof userId === 'string' && userId.length <= LINE_CHARACTERS
      ? /^[\w-]+(?:\|[\w-]+)*\|([\w-]+)$/.exec(userId)?.[1]
      : undefined
  return (
    id !== undefined &&
    /^(?:[0-9a-f]{24}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{18,})$/.test(id) &&
    !/^(?:[2-7][0-9a-f]){12}$/.test(id)
  )
}

const labelled = (label: string, id: unknown): string | undefined =>
  typeof id === 'string' && !id.includes('@') ? `${label}=${quoted(id)}` : undefined

/** No more of a value fits into a line, and a megabyte of it would take a tenth of a second to quote. */
const LINE_CHARACTERS = 255

/** As it is, or as a JSON string in ASCII, so that no value can be read as another word or line. */
const quoted = (value: string): string => {
  const start = value.slice(0, LINE_CHARACTERS)
  return /^[\w.,:;|/+@()[\]*-]+$/.test(start)
    ? start
    : JSON.stringify(start).replace(
        /[^ -~]/g,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
}

export const errorName = (error: unknown): string =>
  error instanceof Error ? error.name : typeof error
