import { jsonBytes, type JsonValue } from '../shared/json.ts'
import type { Limits, Mapping } from './mapping.ts'
import { sortedOnce } from './transform.ts'

/** Largest attribute that is looked at: groups before a filter, or many in one text to split. */
export const MAX_INPUT_ELEMENTS = 20_000
export const MAX_INPUT_LENGTH = 500_000

/**
 * An attribute as texts without spaces around them, whether it came as one or as a list;
 * `undefined` for anything else. Elements of a list that are null or empty say nothing and are left
 * out, unless there is nothing but an empty one.
 */
export const readTexts = (attribute: unknown): readonly string[] | undefined => {
  if (Array.isArray(attribute) && attribute.length > MAX_INPUT_ELEMENTS) return undefined
  const elements: unknown[] = (Array.isArray(attribute) ? attribute : [attribute]).filter(
    (element) => element !== undefined && element !== null,
  )
  if (!elements.every((element) => ['string', 'number', 'boolean'].includes(typeof element))) {
    return undefined
  }
  const said = elements.map(String)
  if (!isSmallEnough(said)) return undefined
  const texts = said.map((text) => text.trim())
  return texts.some(isNotEmpty) ? texts.filter(isNotEmpty) : texts.slice(0, 1)
}

/** Whether texts are no more than a transform can take. */
export const isSmallEnough = (texts: readonly string[]): boolean =>
  texts.length <= MAX_INPUT_ELEMENTS &&
  texts.reduce((sum, { length }) => sum + length, 0) <= MAX_INPUT_LENGTH

export const isNotEmpty = (text: string): boolean => text !== ''

/** Why a value cannot be used: the code that is logged. */
export type ValueProblem =
  'attribute_unusable' | 'attribute_too_long' | 'attribute_too_many' | 'attribute_too_large'

/** The value that texts make; neither value nor problem when a single value has none. */
export const parseValue = (
  texts: readonly string[],
  as: Mapping['as'],
  limits: Limits,
): { value?: JsonValue; problem?: ValueProblem } => {
  const list = sortedOnce(as === 'strings' ? texts.filter(isNotEmpty) : texts)
  if (list.some(({ length }) => length > limits.length)) return { problem: 'attribute_too_long' }
  if (list.length > limits.elements) return { problem: 'attribute_too_many' }
  if (jsonBytes(list) > limits.bytes) return { problem: 'attribute_too_large' }
  if (as === 'strings') return { value: list }
  const [text] = list
  if (text === undefined) return {}
  const value = list.length === 1 ? parseText(text, as) : undefined
  return value === undefined ? { problem: 'attribute_unusable' } : { value }
}

const parseText = (
  text: string,
  as: Exclude<Mapping['as'], 'strings'>,
): string | number | boolean | undefined => {
  if (as === 'string') return text
  if (as === 'boolean') {
    // The spellings of XML Schema (xs:boolean), in any case.
    const isTrue = /^(?:true|1)$/i.test(text)
    return isTrue || /^(?:false|0)$/i.test(text) ? isTrue : undefined
  }
  if (as === 'integer') {
    const number = /^[+-]?\d{1,16}$/.test(text) ? Number(text) : NaN
    // `+ 0` turns -0, which JSON does not know, into 0.
    return Number.isSafeInteger(number) ? number + 0 : undefined
  }
  // ISO 8601 with or without a time, and LDAP's generalized time (RFC 4517 §3.3.13).
  const [, year, , month, day] = /^(\d{4})(-?)(\d\d)\2(\d\d)(?:$|[T ]\d\d|\d{4})/.exec(text) ?? []
  const date = `${year}-${month}-${day}`
  return new Date(date).getUTCDate() === Number(day) ? date : undefined
}
