/** The types that one value of a form, a provider or another system can have. */
export type ValueType = 'string' | 'boolean' | 'integer' | 'number' | 'date'

const TRUE = /^(?:true|yes|on|1)$/i
const FALSE = /^(?:false|no|off|0)$/i
const INTEGER = /^[+-]?\d{1,16}$/
const NUMBER = /^[+-]?\d{1,16}(?:\.\d{1,16})?$/

/** ISO 8601 with or without a time, and LDAP's generalized time (RFC 4517 §3.3.13). */
const DATE = /^(\d{4})(-?)(\d\d)\2(\d\d)(?:$|[T ]\d\d|\d{4})/

/**
 * What a string says: forms and most identity providers send nothing else. A date is the day as it
 * is written, `YYYY-MM-DD`; a number is no larger than JavaScript holds exactly. `undefined` for a
 * string that is none of its type.
 */
export const parseValue = (
  text: string,
  type: ValueType,
): string | number | boolean | undefined => {
  if (type === 'string') return text
  if (type === 'boolean') return TRUE.test(text) ? true : FALSE.test(text) ? false : undefined
  if (type !== 'date') {
    const number = (type === 'integer' ? INTEGER : NUMBER).test(text) ? Number(text) : NaN
    // `+ 0` turns -0, which JSON does not know, into 0.
    return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number + 0 : undefined
  }
  const [, year, , month, day] = DATE.exec(text) ?? []
  const date = `${year}-${month}-${day}`
  return isDay(date) ? date : undefined
}

/** Whether a value is a day of the calendar, as `2024-02-29`. */
export const isDay = (value: unknown): value is string => {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false
  const time = Date.parse(`${value}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value)
}
