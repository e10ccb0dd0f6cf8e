import type { JsonValue } from '../shared/json.ts'
import { parseValue } from '../shared/parse-value.ts'

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
 * Forms send strings only; a value that is right already stays. A box without a tick arrives as an
 * empty string: `false`.
 */
export const parseDeclared = (value: unknown, declared: DeclaredValue): JsonValue | undefined => {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return undefined
  }
  const text = String(value).trim()
  const allowed = 'allowed' in declared ? declared.allowed : undefined
  if (text === '' && (declared.type !== 'string' || allowed?.includes('') === false)) {
    return declared.type === 'boolean' ? false : null
  }
  const parsed = parseValue(text, declared.type)
  return parsed !== undefined && isWithin(parsed, declared) ? parsed : undefined
}

const isWithin = (value: string | number | boolean, declared: DeclaredValue): boolean => {
  if (declared.type === 'boolean') return true
  if (declared.type === 'string') {
    const { allowed, maxLength } = declared
    return allowed?.includes(value as string) ?? String(value).length <= maxLength
  }
  const { min = value, max = value } = declared
  return value >= min && value <= max
}
