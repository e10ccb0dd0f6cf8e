/**
 * One line of a user export. Auth0's job writes a JSON object a line. Its keys are the `name`s of
 * the job's `fields`, or their `export_as`: with `name: "app_metadata"` a nested object, with a path
 * such as `app_metadata.terms` or `identities[0].connection` a flat key.
 * https://auth0.com/docs/manage-users/user-migration/bulk-user-exports
 */
import { readRecord, TERMS_KEY, type TermsRecord } from '../actions/enforce-terms/record.ts'
import { isObject, own } from '../actions/shared/json.ts'
import type { Line } from './split-lines.ts'

export interface ExportedUser {
  /**
   * Name of the connection of the primary identity, which is the first one: a user with linked
   * identities counts once, there. `undefined` where the line has none, or none that has the form
   * of a name (it could be an address that somebody exported under this key).
   */
  readonly connection: string | undefined
  readonly record: TermsRecord
  /** Whether the line has `app_metadata`, or a part of it, at all. */
  readonly hasAppMetadata: boolean
  /** Whether all that `app_metadata.terms` holds was understood. What was, is in `record`. */
  readonly isReadable: boolean
}

/** Why a line is no user. Never quotes the line: it is personal data. */
export type LineProblem =
  'longer than 1 MB' | 'not JSON' | 'JSON, but a list and not an object' | 'JSON, but not an object'

export type ParsedLine =
  | { readonly kind: 'user'; readonly user: ExportedUser }
  | { readonly kind: 'empty' }
  | { readonly kind: 'malformed'; readonly problem: LineProblem }

/** @param primary the document that a record of the older form is about */
export const parseUser = (bytes: Line['bytes'], primary: string | undefined): ParsedLine => {
  if (bytes === undefined) return { kind: 'malformed', problem: 'longer than 1 MB' }
  const text = bytes.toString('utf8')
  if (text.trim() === '') return { kind: 'empty' }
  const value = parseJson(text)
  if (value === undefined) return { kind: 'malformed', problem: 'not JSON' }
  if (Array.isArray(value)) {
    return { kind: 'malformed', problem: 'JSON, but a list and not an object' }
  }
  if (!isObject(value)) return { kind: 'malformed', problem: 'JSON, but not an object' }

  const stored = findTerms(value)
  const record = readRecord({ [TERMS_KEY]: stored.terms }, primary)
  return {
    kind: 'user',
    user: {
      connection: findConnection(value),
      record,
      hasAppMetadata: stored.isPresent,
      isReadable: stored.isReadable && isWhole(stored.terms, record, primary),
    },
  }
}

/** `undefined` stands for no JSON, which knows no such value. */
const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** As Auth0 allows them for new connections, and what older ones have. No e-mail address. */
const CONNECTION_NAME = /^[A-Za-z0-9][\w.-]{0,127}$/

/** `provider` is the `export_as` of the example in Auth0's documentation. */
const CONNECTION_KEYS = ['identities[0].connection', 'connection', 'Connection', 'provider']

const findConnection = (user: Record<string, unknown>): string | undefined => {
  const identities = own(user, 'identities')
  const nested = Array.isArray(identities) ? own(identities[0], 'connection') : undefined
  const found = [nested, ...CONNECTION_KEYS.map((key) => own(user, key))].find(isPresent)
  return typeof found === 'string' && CONNECTION_NAME.test(found) ? found : undefined
}

interface StoredTerms {
  readonly terms: unknown
  readonly isPresent: boolean
  readonly isReadable: boolean
}

const APP_METADATA = 'app_metadata'

const findTerms = (user: Record<string, unknown>): StoredTerms => {
  const nested = own(user, APP_METADATA)
  const exported = own(user, TERMS_KEY)
  const terms = [
    own(nested, TERMS_KEY),
    own(user, `${APP_METADATA}.${TERMS_KEY}`),
    unflatten(user, `${APP_METADATA}.${TERMS_KEY}.`),
    // An identity provider may have an attribute of this name, e.g. `true`.
    isObject(exported) ? exported : undefined,
  ].find(isPresent)
  return {
    terms,
    isPresent:
      isPresent(nested) ||
      terms !== undefined ||
      Object.keys(user).some((key) => key.startsWith(`${APP_METADATA}.`)),
    isReadable: !isPresent(nested) || isObject(nested),
  }
}

/** The job writes what a user does not have as `null` or not at all. */
const isPresent = (value: unknown): boolean => value !== undefined && value !== null

/** Enough for `documents.<id>.<member>`; a hostile key has no end. */
const MAX_FLAT_DEPTH = 3

/** The object that keys such as `prefix` + `documents.terms-of-service.version` come from. */
const unflatten = (user: Record<string, unknown>, prefix: string): unknown => {
  let root: Map<string, unknown> | undefined
  for (const key of Object.keys(user)) {
    if (!key.startsWith(prefix) || !isPresent(user[key])) continue
    root ??= new Map()
    const path = key.slice(prefix.length).split('.', MAX_FLAT_DEPTH)
    const last = path.pop() ?? ''
    let parent = root
    for (const name of path) {
      const child = parent.get(name)
      const next = isBranch(child) ? child : new Map<string, unknown>()
      parent.set(name, next)
      parent = next
    }
    parent.set(last, user[key])
  }
  return root === undefined ? undefined : toObject(root)
}

const isBranch = (value: unknown): value is Map<string, unknown> => value instanceof Map

const toObject = (map: Map<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Array.from(map, ([key, value]) => [key, isBranch(value) ? toObject(value) : value]),
  )

/** Whether the record has everything that was stored: `readRecord` leaves out what it cannot read. */
const isWhole = (terms: unknown, record: TermsRecord, primary: string | undefined): boolean => {
  if (terms === undefined) return true
  if (!isObject(terms)) return false
  const { documents, history } = terms
  return (
    (!isPresent(documents) || isObject(documents)) &&
    (isObject(documents) ? Object.keys(documents) : olderForm(terms, primary)).every((id) => {
      const { version, deferred_version } = record.documents.get(id) ?? {}
      return version !== undefined || deferred_version !== undefined
    }) &&
    (!isPresent(history) || (Array.isArray(history) && history.length === record.history.length))
  )
}

const olderForm = (terms: Record<string, unknown>, primary: string | undefined): string[] =>
  Object.keys(terms).length > 0 && primary !== undefined ? [primary] : []
