import { isDeepStrictEqual } from 'node:util'

export interface MetadataDifference {
  /** `app_metadata.terms`: metadata and top-level key, or the metadata alone if it is no object. */
  path: string
  change: 'added' | 'changed' | 'removed'
  before?: unknown
  after?: unknown
}

/** The top-level keys of both metadata objects that differ, because a write replaces those whole. */
export const diffMetadata = (
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): MetadataDifference[] =>
  (['app_metadata', 'user_metadata'] as const).flatMap((metadata) => {
    const old = entriesOf(metadata, before[metadata])
    const young = entriesOf(metadata, after[metadata])
    return [...new Set([...old.keys(), ...young.keys()])]
      .sort()
      .flatMap((path): MetadataDifference[] => {
        const values = { before: old.get(path), after: young.get(path) }
        if (isDeepStrictEqual(values.before, values.after)) return []
        if (!old.has(path)) return [{ path, change: 'added', after: values.after }]
        if (!young.has(path)) return [{ path, change: 'removed', before: values.before }]
        return [{ path, change: 'changed', ...values }]
      })
  })

const entriesOf = (metadata: string, value: unknown): Map<string, unknown> => {
  if (value === undefined || value === null) return new Map()
  if (typeof value !== 'object' || Array.isArray(value)) return new Map([[metadata, value]])
  return new Map(Object.entries(value).map(([key, member]) => [`${metadata}.${key}`, member]))
}
