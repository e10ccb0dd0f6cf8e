import type { JsonValue } from '../shared/json.ts'

/** What a value from a form or another system has to be. */
export type DeclaredValue =
  | {
      readonly type: 'string'
      /** In UTF-16 code units, after trimming. */
      readonly maxLength: number
      /** Nothing but one of these. */
      readonly allowed?: readonly string[]
    }
  | { readonly type: 'boolean' }
  | { readonly type: 'integer' | 'number'; readonly min?: number; readonly max?: number }
  /** `YYYY-MM-DD`, a day that exists; so are the limits. */
  | { readonly type: 'date'; readonly min?: string; readonly max?: string }

/**
 * The value as it is declared; `null` when nothing was given, `undefined` when it cannot be used.
 * Forms send strings only, so "true" and " 42 " are read; a value that is right already stays.
 * A box without a tick arrives as an empty string: `false`.
 */
export const parseValue = (value: unknown, declared: DeclaredValue): JsonValue | undefined => {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return undefined
  }
  const text = String(value).trim()
  switch (declared.type) {
    case 'string':
      return parseString(text, declared)
    case 'boolean':
      if (/^(?:true|yes|on|1)$/i.test(text)) return true
      return /^(?:false|no|off|0|)$/i.test(text) ? false : undefined
    case 'integer':
    case 'number': {
      if (text === '') return null
      const pattern =
        declared.type === 'integer' ? /^[+-]?\d{1,16}$/ : /^[+-]?\d{1,16}(?:\.\d{1,16})?$/
      const number = pattern.test(text) ? Number(text) : NaN
      return Math.abs(number) <= Number.MAX_SAFE_INTEGER && isWithin(number, declared)
        ? number
        : undefined
    }
    case 'date':
      if (text === '') return null
      return isDay(text) && isWithin(text, declared) ? text : undefined
  }
}

const parseString = (
  text: string,
  { maxLength, allowed }: { maxLength: number; allowed?: readonly string[] },
): JsonValue | undefined => {
  if (allowed === undefined) return text.length <= maxLength ? text : undefined
  if (allowed.includes(text)) return text
  return text === '' ? null : undefined
}

const isWithin = <Value extends number | string>(
  value: Value,
  { min, max }: { readonly min?: Value; readonly max?: Value },
): boolean => (min === undefined || value >= min) && (max === undefined || value <= max)

/** Whether a text is a day of the calendar, as `2024-02-29`. */
export const isDay = (text: unknown): text is string => {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
