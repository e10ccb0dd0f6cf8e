import { allow, allowPlan, type Decision, type Note } from '../shared/decision.ts'
import { isObject, own, readPath, type JsonObject, type JsonValue } from '../shared/json.ts'
import {
  METADATA_BUDGET_BYTES,
  planMetadata,
  type MetadataKind,
  type StoredMetadata,
} from '../shared/metadata.ts'
import { IDP_KEY, type MapIdpAttributesSettings, type Mapping } from './settings.ts'

export interface IdpFacts {
  /** Nobody asked the identity provider in a refresh-token exchange: what lies there is old. */
  readonly isRefreshExchange: boolean
  readonly strategy: string
  readonly connection: string
  /** The root of `event.user`. */
  readonly profile: unknown
  readonly metadata: StoredMetadata
}

/** Longest string and longest list that are taken over; a value beyond is skipped, never cut. */
export const MAX_STRING_LENGTH = 256
export const MAX_STRINGS = 50

/** An attribute that the identity provider did not send leaves what was mapped before. */
export const decideIdpAttributes = (
  facts: IdpFacts,
  settings: MapIdpAttributesSettings,
): Decision => {
  if (facts.isRefreshExchange) return allow()

  const notes: Note[] = []
  const mapped: Record<MetadataKind, JsonObject> = { app_metadata: {}, user_metadata: {} }
  for (const mapping of settings.mappings) {
    if (!isFor(mapping, facts)) continue
    const attribute = readPath(facts.profile, mapping.source)
    if (attribute === undefined || attribute === null) continue

    const { metadata, name } = mapping.target
    const value = parseAttribute(attribute, mapping.as)
    if (value === undefined) {
      notes.push({ code: 'attribute_unusable', target: `${metadata}.${IDP_KEY}.${name}` })
    } else if (mapping.mode === 'force' || storedValue(facts, mapping) === undefined) {
      mapped[metadata][name] = value
    }
  }

  const desired = {
    app_metadata: merged(facts.metadata.app_metadata, mapped.app_metadata),
    user_metadata: merged(facts.metadata.user_metadata, mapped.user_metadata),
  }
  return allowPlan(planMetadata(facts.metadata, desired, METADATA_BUDGET_BYTES), notes)
}

const isFor = ({ when }: Mapping, { strategy, connection }: IdpFacts): boolean =>
  'strategy' in when ? when.strategy === strategy : when.connection === connection

const storedValue = ({ metadata }: IdpFacts, { target }: Mapping): unknown =>
  readPath(metadata[target.metadata], [IDP_KEY, target.name])

/** The namespace with the new values in it; a call replaces it whole, so the rest must be kept. */
const merged = (stored: unknown, values: JsonObject): JsonObject => {
  if (Object.keys(values).length === 0) return {}
  const namespace = own(stored, IDP_KEY)
  return { [IDP_KEY]: { ...(isObject(namespace) ? (namespace as JsonObject) : {}), ...values } }
}

/** The attribute as what the mapping declares, or `undefined` when it is not that. */
const parseAttribute = (attribute: unknown, as: Mapping['as']): JsonValue | undefined => {
  switch (as) {
    case 'string':
      return parseString(attribute)
    case 'strings':
      return parseStrings(attribute)
    case 'integer': {
      const number = typeof attribute === 'string' ? parseInteger(attribute) : attribute
      return Number.isSafeInteger(number) ? (number as number) : undefined
    }
    case 'boolean':
      if (attribute === 'true' || attribute === 'false') return attribute === 'true'
      return typeof attribute === 'boolean' ? attribute : undefined
  }
}

const parseString = (attribute: unknown): string | undefined => {
  const single: unknown =
    Array.isArray(attribute) && attribute.length === 1 ? attribute[0] : attribute
  const text = typeof single === 'number' ? String(single) : single
  return typeof text === 'string' && text.length <= MAX_STRING_LENGTH ? text.trim() : undefined
}

const parseStrings = (attribute: unknown): string[] | undefined => {
  const list: unknown[] = Array.isArray(attribute) ? attribute : [attribute]
  if (list.length > MAX_STRINGS) return undefined
  const strings = list.map(parseString)
  return strings.includes(undefined) ? undefined : [...new Set(strings as string[])].sort()
}

const parseInteger = (text: string): number | undefined =>
  /^\s*-?\d{1,16}\s*$/.test(text) ? Number(text) : undefined
