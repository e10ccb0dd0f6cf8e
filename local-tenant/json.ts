/** A copy of `value` as JSON carries it, or `undefined` where JSON has no form for it. */
export const toJson = (value: unknown): unknown => {
  try {
    const text = JSON.stringify(value) as string | undefined
    return text === undefined ? undefined : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}

/** True for what JSON calls an object: no array, no `null`. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Sets a key from outside as an own property, even if it is `__proto__`. */
export const setOwn = (record: Record<string, unknown>, key: string, value: unknown): void => {
  Object.defineProperty(record, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  })
}

/** The first key of `value` that `known` does not list. */
export const unknownKey = (
  value: Record<string, unknown>,
  known: readonly string[],
): string | undefined => Object.keys(value).find((key) => !known.includes(key))

/** A copy without these keys. */
export const omit = (value: object, ...keys: string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))

/** What JSON calls a string, number or boolean, as a string; `undefined` for everything else. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined

/** True for a string whose length is within these bounds. */
export const isString = (value: unknown, min = 0, max = Infinity): value is string =>
  typeof value === 'string' && value.length >= min && value.length <= max

export const areStrings = (value: unknown, min = 0): value is string[] =>
  Array.isArray(value) && value.every((entry) => isString(entry, min))

/** Equality of JSON values; the order of keys does not count. */
export const isEqualJson = (left: unknown, right: unknown): boolean => {
  if (left === right) return true
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, at) => isEqualJson(item, right[at]))
  }
  if (!isObject(left) || !isObject(right)) return false
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isEqualJson(left[key], right[key]))
  )
}

/** What was thrown, as a string. */
export const messageOf = (thrown: unknown): string => {
  try {
    // An Action may throw anything, even what cannot be made a string.
    const message: unknown = thrown instanceof Error ? thrown.message : thrown
    return String(message)
  } catch {
    return 'Unknown error'
  }
}
