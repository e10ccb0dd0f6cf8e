import { compilePattern, MAX_MATCHED_LENGTH } from '../shared/when.ts'
import type { Transform } from './mapping.ts'

/** `undefined` when a string is longer than the transform takes. */
export type Step = (texts: readonly string[]) => readonly string[] | undefined

/**
 * Prepares a transform once: patterns compiled, tables indexed. Only `split` takes a longer string:
 * what passed a filter unseen could be cut small afterwards.
 */
export const compileTransform = (transform: Transform): Step => {
  const change = compileChange(transform)
  if (typeof transform === 'object' && transform.split) return change
  return (texts) =>
    texts.some(({ length }) => length > MAX_MATCHED_LENGTH) ? undefined : change(texts)
}

type Change = (texts: readonly string[]) => readonly string[]

const compileChange = (transform: Transform): Change => {
  if (typeof transform === 'string') return each((text) => text[METHODS[transform]]())
  const { join, limit, split, stripPrefix, stripSuffix, capture, replace, lookUp, filter, roles } =
    transform
  if (limit) return (texts) => sortedOnce(texts).slice(0, limit)
  if (join !== undefined) {
    return (texts) => (texts.length > 0 ? [sortedOnce(texts).join(join)] : texts)
  }
  if (split) return (texts) => texts.flatMap((text) => text.split(split))
  if (stripPrefix) {
    return each((text) => (text.startsWith(stripPrefix) ? text.slice(stripPrefix.length) : text))
  }
  if (stripSuffix) {
    return each((text) => (text.endsWith(stripSuffix) ? text.slice(0, -stripSuffix.length) : text))
  }
  if (capture) {
    const pattern = compilePattern(capture)
    return each((text) => {
      const match = pattern.exec(text)
      return match ? (match[1] ?? match[0]) : []
    })
  }
  if (replace) {
    const pattern = compilePattern(replace, 'g')
    return each((text) => text.replace(pattern, replace.with))
  }
  if (lookUp) {
    const table = new Map(Object.entries(lookUp.table))
    return each((text) => table.get(text) ?? lookUp.otherwise ?? [])
  }
  if (filter) {
    const { prefix = '', suffix = '', contains = '', matches = { pattern: '' } } = filter
    const pattern = compilePattern(matches)
    const stays = (text: string) =>
      text.startsWith(prefix) &&
      text.endsWith(suffix) &&
      text.includes(contains) &&
      pattern.test(text)
    return each((text) => (stays(text) ? text : []))
  }
  return compileRoles(roles ?? {})
}

const METHODS = { trim: 'trim', lower: 'toLowerCase', upper: 'toUpperCase' } as const

const each =
  (change: (text: string) => string | readonly string[]): Change =>
  (texts) =>
    texts.flatMap(change)

/** Sorted by UTF-16 units, each once: one order, whatever the provider's. */
export const sortedOnce = (texts: readonly string[]): string[] => [...new Set(texts)].sort()

/**
 * Groups with their `*` at the same place share a look-up, so that a string costs as many as there
 * are places, however many groups there are.
 */
const compileRoles = (roles: Readonly<Record<string, string | readonly string[]>>): Change => {
  const table = new Map(Object.entries(roles))
  const places = wildcardPlaces(Object.keys(roles))
  return each((text) =>
    [text, ...places.map((place) => withWildcard(text, place))].flatMap(
      (group) => table.get(group) ?? [],
    ),
  )
}

const withWildcard = (text: string, [before = 0, after = 0]: readonly number[]): string =>
  text.length < before + after ? '' : `${text.slice(0, before)}*${text.slice(text.length - after)}`

/** How many characters stand before and after a `*`, each pair once. */
export const wildcardPlaces = (groups: readonly string[]): readonly number[][] => {
  const places = groups
    .filter((group) => group.includes('*'))
    .map((group) => group.split('*').map(({ length }) => length))
  return [...new Map(places.map((place) => [String(place), place])).values()]
}
