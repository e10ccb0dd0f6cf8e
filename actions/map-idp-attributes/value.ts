import { jsonBytes, type JsonValue } from '../shared/json.ts'
import { parseValue } from '../shared/parse-value.ts'
import { isNotEmpty } from '../shared/strings.ts'
import type { Limits, Mapping } from './mapping.ts'
import { sortedOnce } from './transform.ts'

/** Why a value cannot be used: the code that is logged. */
export type ValueProblem =
  'attribute_unusable' | 'attribute_too_long' | 'attribute_too_many' | 'attribute_too_large'

/** The value that strings make; neither value nor problem when a single value has none. */
export const parseStrings = (
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
  const value = list.length === 1 ? parseValue(text, as) : undefined
  return value === undefined ? { problem: 'attribute_unusable' } : { value }
}
