import { isObject, textOf } from '../json.ts'

/** Tells whether a user matches. */
export type UserFilter = (user: Record<string, unknown>) => boolean

/**
 * Reads the part of Auth0's user search syntax (`search_engine=v3`) that names fields:
 * `field:"value"` or `field:value`, joined by `AND` and `OR` (AND binds closer), with parentheses.
 * A field is a path such as `app_metadata.terms.version`; of a list, one element has to match.
 * Answers `undefined` for anything else: wildcards, ranges and `NOT` are not read here.
 * https://auth0.com/docs/manage-users/user-search/user-search-query-syntax
 */
export const parseUserQuery = (q: string): UserFilter | undefined => {
  const tokens = tokenize(q)
  if (tokens === undefined) return undefined
  const reader: Reader = { tokens, at: 0 }
  const filter = readOr(reader)
  return reader.at === tokens.length ? filter : undefined
}

type Sign = '(' | ')' | 'AND' | 'OR'
type Token = Sign | { path: string[]; value: string }

interface Reader {
  readonly tokens: readonly Token[]
  at: number
}

const SIGN = /^(?:[()]|(?:AND|OR)(?=[\s(]))/
const TERM = /^([\w-]+(?:\.[\w-]+)*):(?:"((?:[^"\\]|\\.)*)"|([^\s()":*?~[\]{}]+))/

const tokenize = (q: string): Token[] | undefined => {
  const tokens: Token[] = []
  let rest = q.trimStart()
  while (rest !== '') {
    const sign = SIGN.exec(rest)?.[0] as Sign | undefined
    const term = TERM.exec(rest)
    if (sign !== undefined) {
      tokens.push(sign)
      rest = rest.slice(sign.length)
    } else if (term !== null) {
      const [matched, path = '', quoted, bare] = term
      tokens.push({
        path: path.split('.'),
        value: quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '',
      })
      rest = rest.slice(matched.length)
    } else {
      return undefined
    }
    rest = rest.trimStart()
  }
  return tokens
}

const readOr = (reader: Reader): UserFilter | undefined =>
  readJoined(reader, 'OR', readAnd, (filters) => (user) => filters.some((filter) => filter(user)))

const readAnd = (reader: Reader): UserFilter | undefined =>
  readJoined(reader, 'AND', readOne, (filters) => (user) => filters.every((filter) => filter(user)))

const readJoined = (
  reader: Reader,
  word: 'AND' | 'OR',
  readPart: (reader: Reader) => UserFilter | undefined,
  join: (filters: UserFilter[]) => UserFilter,
): UserFilter | undefined => {
  const filters: UserFilter[] = []
  do {
    const part = readPart(reader)
    if (part === undefined) return undefined
    filters.push(part)
  } while (reader.tokens[reader.at] === word && ++reader.at > 0)
  return join(filters)
}

const readOne = (reader: Reader): UserFilter | undefined => {
  const token = reader.tokens[reader.at]
  reader.at += 1
  if (token === '(') {
    const inner = readOr(reader)
    const closed = reader.tokens[reader.at] === ')'
    reader.at += 1
    return closed ? inner : undefined
  }
  if (typeof token !== 'object') return undefined
  const { path, value } = token
  return (user) => valuesAt(user, path).some((found) => matches(path, found, value))
}

const valuesAt = (value: unknown, path: readonly string[]): unknown[] => {
  if (Array.isArray(value)) return value.flatMap((element) => valuesAt(element, path))
  const [key, ...rest] = path
  if (key === undefined) return [value]
  return isObject(value) && Object.hasOwn(value, key) ? valuesAt(value[key], rest) : []
}

const matches = (path: readonly string[], found: unknown, value: string): boolean =>
  // Auth0 keeps e-mail addresses in lower case.
  path[0] === 'email'
    ? textOf(found)?.toLowerCase() === value.toLowerCase()
    : textOf(found) === value
