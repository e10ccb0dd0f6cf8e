/** Query parameters that `selectFields` reads. */
export const FIELD_KEYS = ['fields', 'include_fields'] as const

/**
 * Keeps (`include_fields` not `false`) or leaves out the top-level keys that the comma separated
 * `fields` names. Without `fields` everything stays.
 */
export const selectFields = (
  value: Record<string, unknown>,
  query: Record<string, unknown>,
): Record<string, unknown> => {
  const { fields, include_fields } = query
  if (typeof fields !== 'string' || fields === '') return value
  const named = new Set(fields.split(',').map((field) => field.trim()))
  const include = include_fields !== 'false'
  return Object.fromEntries(Object.entries(value).filter(([key]) => named.has(key) === include))
}
