/** True for what JSON calls an object: no array, no `null`. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The first key of `value` that `known` does not list. */
export const unknownKey = (
  value: Record<string, unknown>,
  known: readonly string[],
): string | undefined => Object.keys(value).find((key) => !known.includes(key))

/** A copy without these keys. */
export const omit = (value: object, ...keys: string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))

/** Text of what JSON calls a string, number or boolean; `undefined` for everything else. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined
