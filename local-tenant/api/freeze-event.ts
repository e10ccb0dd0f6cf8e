import type { Event } from '@auth0/actions-types/post-login/v3'
import { isObject } from '../json.ts'

/** What setters of `api` change in the event, by member. */
const CHANGED_BY_API: Record<string, string[]> = {
  transaction: ['metadata'],
  session: ['metadata', 'cookie'],
  refresh_token: ['metadata'],
}

/**
 * Freezes an event for a test, so that an Action that writes to it throws. What setters of `api`
 * change stays open to them: metadata of transaction, session and refresh token, the cookie mode,
 * and `event.transaction` itself when there is none.
 */
export const freezeEvent = (event: Event): Event => {
  for (const [key, part] of Object.entries(event)) {
    const open = CHANGED_BY_API[key]
    if (open === undefined || !isObject(part)) deepFreeze(part)
    else lock(part, open)
  }
  lock(event, event.transaction === undefined ? ['transaction'] : [], () => undefined)
  return event
}

const deepFreeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  Object.values(value).forEach(deepFreeze)
}

/** Makes all members but the open ones read-only, and freezes the content of all. */
const lock = (value: object, open: string[], freeze = deepFreeze): void => {
  for (const [key, content] of Object.entries(value)) {
    freeze(content)
    if (!open.includes(key)) Object.defineProperty(value, key, { writable: false })
  }
  if (open.every((key) => Object.hasOwn(value, key))) Object.preventExtensions(value)
}
