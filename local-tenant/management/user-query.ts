import { isObject, isString, textOf } from '../json.ts'

/** Tells whether a user matches. */
export type UserFilter = (user: Record<string, unknown>) => boolean

/**
 * Reads Auth0's user search syntax (`search_engine=v3`): `field:value`, `field:"value"`,
 * `field:(one OR other)`, `_exists_:field`, wildcards, ranges, `AND`, `OR`, `NOT`, `-` and
 * parentheses. A field is a path such as `app_metadata.terms.version`; of a list, one element has to
 * match. Whatever it cannot read it refuses with the reason.
 * https://auth0.com/docs/manage-users/user-search/user-search-query-syntax
 */
export const parseUserQuery = (q: string): { filter: UserFilter } | { reason: string } => {
  const reader: Reader = { rest: q.trim() }
  try {
    const filter = readOr(reader, readTerm)
    return reader.rest === '' ? { filter } : { reason: whyNot(reader.rest) }
  } catch (error) {
    if (error instanceof QueryRefused) return { reason: error.message }
    throw error
  }
}

/** What is left to read. */
interface Reader {
  rest: string
}

/** Ends the reading; it does not leave this file. */
class QueryRefused extends Error {}

const whyNot = (rest: string): string =>
  rest === '' ? 'It ends too early.' : `It cannot be read from here: ${rest.slice(0, 40)}`

type ReadPart = (reader: Reader) => UserFilter

const readOr = (reader: Reader, readPart: ReadPart): UserFilter => {
  const filters = [readAnd(reader, readPart)]
  while (take(reader, /^OR(?=[\s(])/) !== undefined) filters.push(readAnd(reader, readPart))
  return (user) => filters.some((filter) => filter(user))
}

const readAnd = (reader: Reader, readPart: ReadPart): UserFilter => {
  const filters = [readNot(reader, readPart)]
  while (take(reader, /^AND(?=[\s(])/) !== undefined) filters.push(readNot(reader, readPart))
  return (user) => filters.every((filter) => filter(user))
}

const readNot = (reader: Reader, readPart: ReadPart): UserFilter => {
  if (take(reader, /^(?:NOT(?=[\s(])|-)/) !== undefined) {
    const refused = readNot(reader, readPart)
    return (user) => !refused(user)
  }
  return take(reader, /^\(/) === undefined ? readPart(reader) : readGroup(reader, readPart)
}

const readGroup = (reader: Reader, readPart: ReadPart): UserFilter => {
  const filter = readOr(reader, readPart)
  if (take(reader, /^\)/) === undefined) throw new QueryRefused(whyNot(reader.rest))
  return filter
}

const readTerm = (reader: Reader): UserFilter => {
  const field = take(reader, /^([\w-]+(?:\.[\w-]+)*):/)?.[1]
  if (field === undefined) {
    const bare = /^[^\s()"]+/.exec(reader.rest)?.[0]
    throw new QueryRefused(
      bare === undefined ? whyNot(reader.rest) : `"${bare}" names no field: write field:${bare}.`,
    )
  }
  if (field === '_exists_') {
    const path = take(reader, /^"?([\w-]+(?:\.[\w-]+)*)"?/)?.[1]
    if (path === undefined) throw new QueryRefused('_exists_ needs a field.')
    return (user) => fieldValues(user, path).some((value) => !isEmpty(value))
  }
  const readValue: ReadPart = (inner) => readMatch(inner, field)
  return take(reader, /^\(/) === undefined ? readValue(reader) : readGroup(reader, readValue)
}

const readMatch = (reader: Reader, field: string): UserFilter => {
  const quoted = take(reader, /^"((?:[^"\\]|\\.)*)"/)?.[1]
  if (quoted !== undefined) return matching(field, equalTo(field, unescaped(quoted)))
  const range = take(reader, /^([[{])\s*(\S+)\s+TO\s+([^\s\]}]+)\s*([\]}])/)
  if (range !== undefined) {
    refuseInUserMetadata(field, 'ranges')
    const [, open, from = '*', to = '*', close] = range
    return matching(field, within(from, open === '[', to, close === ']'))
  }
  const bare = take(reader, /^(?:[^\s()"\\:?~[\]{}^]|\\.)+(?![^\s)])/)?.[0]
  if (bare === undefined) throw new QueryRefused(whyNot(`${field}:${reader.rest}`))
  return bare.includes('*')
    ? matching(field, like(field, bare))
    : matching(field, equalTo(field, unescaped(bare)))
}

/** Takes what matches at the beginning, and the spaces after it. */
const take = (reader: Reader, pattern: RegExp): RegExpExecArray | undefined => {
  const found = pattern.exec(reader.rest) ?? undefined
  if (found !== undefined) reader.rest = reader.rest.slice(found[0].length).trimStart()
  return found
}

const unescaped = (value: string): string => value.replaceAll(/\\(.)/g, '$1')

/** Auth0 ignores the case of these fields and of no others. */
const CASELESS = new Set(['email', 'email.domain', 'name', 'given_name', 'family_name', 'nickname'])

const folded = (field: string, value: string): string =>
  CASELESS.has(field) ? value.toLowerCase() : value

type ValueTest = (value: unknown) => boolean

const matching =
  (field: string, test: ValueTest): UserFilter =>
  (user) =>
    fieldValues(user, field).some(test)

const equalTo =
  (field: string, wanted: string): ValueTest =>
  (value) => {
    const text = textOf(value)
    return text !== undefined && folded(field, text) === folded(field, wanted)
  }

const like = (field: string, pattern: string): ValueTest => {
  refuseInUserMetadata(field, 'wildcards')
  const parts = pattern.split('*').map(unescaped)
  if (parts.every((part) => part === '')) throw new QueryRefused(`Write _exists_:${field}.`)
  if (parts[0] === '' && parts.some((part) => part !== '' && part.length < 3)) {
    throw new QueryRefused('After a wildcard at the beginning come at least 3 characters.')
  }
  const source = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')
  const regex = new RegExp(`^${source}$`, CASELESS.has(field) ? 'is' : 's')
  return (value) => regex.test(textOf(value) ?? '')
}

/** Numbers are compared as numbers; anything else as a string, which is right for dates. */
const within =
  (from: string, fromToo: boolean, to: string, toToo: boolean): ValueTest =>
  (value) => {
    const isAfter = (bound: string, orEqual: boolean): boolean => {
      const order = compare(value, bound)
      return order !== undefined && (order > 0 || (orEqual && order === 0))
    }
    const isBefore = (bound: string, orEqual: boolean): boolean => {
      const order = compare(value, bound)
      return order !== undefined && (order < 0 || (orEqual && order === 0))
    }
    return (
      textOf(value) !== undefined &&
      (from === '*' || isAfter(from, fromToo)) &&
      (to === '*' || isBefore(to, toToo))
    )
  }

/** A date without a time is the whole day. */
const compare = (value: unknown, bound: string): number | undefined => {
  if (typeof value === 'number') {
    const limit = Number(bound)
    return Number.isNaN(limit) ? undefined : value - limit
  }
  if (!isString(value)) return undefined
  const start = value.slice(0, bound.length)
  return start === bound ? 0 : start < bound ? -1 : 1
}

const refuseInUserMetadata = (field: string, what: string): void => {
  if (field.startsWith('user_metadata')) {
    throw new QueryRefused(`Auth0 has no ${what} for user_metadata.`)
  }
}

/** Auth0 does not index these, so no query finds them. */
const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0)

const fieldValues = (user: Record<string, unknown>, field: string): unknown[] => {
  if (field !== 'email.domain') return valuesAt(user, field.split('.'))
  const { email } = user
  return isString(email) ? [email.split('@').at(-1)] : []
}

const valuesAt = (value: unknown, path: readonly string[]): unknown[] => {
  if (Array.isArray(value)) return value.flatMap((element) => valuesAt(element, path))
  const [key, ...rest] = path
  if (key === undefined) return [value]
  return isObject(value) && Object.hasOwn(value, key) ? valuesAt(value[key], rest) : []
}
