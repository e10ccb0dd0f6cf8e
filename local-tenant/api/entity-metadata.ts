/** The limits that sessions and refresh tokens share for their metadata. */
import { isObject, messageOf, setOwn } from '../json.ts'

const MAX_KEYS = 25
const MAX_VALUE_LENGTH = 255
const KEY = /^[a-zA-Z0-9_-]{1,255}$/

/** The stored metadata without what has not the right form. */
export const readEntityMetadata = (stored: unknown): Record<string, string> => {
  const metadata: Record<string, string> = {}
  for (const [key, value] of Object.entries(isObject(stored) ? stored : {})) {
    if (typeof value === 'string') setOwn(metadata, key, value)
  }
  return metadata
}

/**
 * The metadata with one key set, or deleted for `null`; `undefined` when there is nothing to delete.
 * @throws When a limit would be broken.
 */
export const changeEntityMetadata = (
  metadata: Record<string, string>,
  key: unknown,
  value: unknown,
): Record<string, string> | undefined => {
  if (typeof key !== 'string') throw new Error('Invalid metadata: Metadata key must be a string')
  if (value === null) {
    if (!Object.hasOwn(metadata, key)) return undefined
    return Object.fromEntries(Object.entries(metadata).filter(([other]) => other !== key))
  }
  if (typeof value !== 'string') {
    throw new Error('Invalid metadata: Metadata value must be a string')
  }
  const changed = { ...metadata }
  setOwn(changed, key, value)
  const problem = problemOf(changed, key, value)
  if (problem !== undefined) throw new Error(`Invalid metadata: ${problem}`)
  return changed
}

const problemOf = (
  metadata: Record<string, string>,
  key: string,
  value: string,
): string | undefined => {
  if (Object.keys(metadata).length > MAX_KEYS) {
    return `Metadata must not contain more than ${MAX_KEYS} entries`
  }
  if (!KEY.test(key)) {
    return 'Metadata keys may only include up to 255 letters, numbers, underscores, or hyphens'
  }
  if (value.length > MAX_VALUE_LENGTH) {
    return `All metadata values must be at most ${MAX_VALUE_LENGTH} characters long`
  }
  return value.includes('\0') ? 'Metadata values must not contain null bytes' : undefined
}

/** Runs a change. Its error names the metadata that could not be set. */
export const namingFailure = <Result>(what: string, change: () => Result): Result => {
  try {
    return change()
  } catch (error) {
    throw new Error(`Failed to set ${what} metadata: ${messageOf(error)}`)
  }
}

/** @throws When it is not a moment in milliseconds since 1970. */
export const assertMoment = (moment: unknown): void => {
  if (moment === undefined || moment === null || moment === 0) {
    throw new Error('Either inactivity or absolute expiration time must be provided')
  }
  if (typeof moment !== 'number' || !Number.isFinite(moment)) {
    throw new Error('The expiration time must be a number')
  }
}
