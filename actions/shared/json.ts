import type { JsonValue } from '@auth0/actions-types/post-login/v3'

export type { JsonValue }

export interface JsonObject {
  [key: string]: JsonValue
}

/**
 * Whether a value is an object with keys: not null, not an array, not a Date or Map. Realms do not
 * matter, because what crosses a worker or a `vm` context has another `Object.prototype`.
 */
export const isObject = (value: unknown): value is Record<string, unknown> => {
  if (Object.prototype.toString.call(value) !== '[object Object]') return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** Reads an own property, so that `constructor` or `__proto__` in a path finds nothing. */
export const own = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined

/**
 * Own properties from the outside in. A name with dots or a URI is one element, a number is the
 * index of a list: `['http://schemas.example/claims/dept']`, `['address', 0, 'country']`.
 */
export type Path = readonly [string, ...(string | number)[]]

/**
 * Follows own properties along a path; `undefined` as soon as one is not there. A value that is no
 * list is its own first element: identity providers send either.
 */
export const readPath = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce((holder: unknown, step): unknown => {
    if (typeof step === 'string') return own(holder, step)
    return Array.isArray(holder) ? holder[step] : step === 0 ? holder : undefined
  }, value)

/** Equality of JSON values: the order of keys does not matter, the order of elements does. */
export const jsonEqual = (left: unknown, right: unknown): boolean => {
  if (left === right) return true
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((element, index) => jsonEqual(element, right[index]))
    )
  }
  if (!isObject(left) || !isObject(right)) return false
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && jsonEqual(left[key], right[key]))
  )
}

/** Bytes that a value takes as JSON in UTF-8. */
export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))
