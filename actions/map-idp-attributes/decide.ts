import { allow, allowPlan, type Allow } from '../shared/decision.ts'
import {
  isObject,
  jsonEqual,
  own,
  readPath,
  type JsonObject,
  type JsonValue,
} from '../shared/json.ts'
import {
  METADATA_BUDGET_BYTES,
  planMetadata,
  type MetadataKind,
  type MetadataPlan,
  type StoredMetadata,
} from '../shared/metadata.ts'
import { unmetCondition } from './condition.ts'
import type { IdpFacts } from './facts.ts'
import type {
  Condition,
  Limits,
  MapIdpAttributesSettings,
  Mapping,
  Mode,
  Source,
} from './mapping.ts'
import { readSource } from './source.ts'
import { compileTransform, type Step } from './transform.ts'
import { parseValue, readTexts, type ValueProblem } from './value.ts'

/** What became of one mapping at one sign-in. */
export interface MappingResult {
  readonly mapping: Mapping
  readonly outcome: Outcome
  /** The condition that did not hold. */
  readonly unmet?: keyof Condition
  readonly problem?: ValueProblem
  /** The source that was taken and what it held. */
  readonly source?: Source
  readonly attribute?: unknown
  /** The texts that the attribute was read as, then those that each transform left. */
  readonly trail?: readonly (readonly string[])[]
  readonly mode?: Mode
  /** What the target holds, and what it should hold; `undefined` for nothing. */
  readonly before?: unknown
  readonly after?: JsonValue | undefined
}

/**
 * `taken`: an earlier mapping decided about the target; `edited`: the user changed the value;
 * `mode`: it is not for this mode to change what is there.
 */
export type Outcome =
  'written' | 'deleted' | 'equal' | 'mode' | 'edited' | 'missing' | 'guard' | 'condition' | 'taken'

/** Holds, beside what `force` wrote to `user_metadata`, the same once more: it tells an edit. */
export const WRITTEN = 'written'

export const decideIdpAttributes = (facts: IdpFacts, settings: MapIdpAttributesSettings): Allow => {
  if (facts.isRefreshExchange) return allow()
  const { results, plan } = explainIdpAttributes(facts, settings)
  const notes = results.flatMap(({ mapping: { to }, problem: code }) =>
    code ? [{ code, target: `${to.metadata}.${to.path.join('.')}` }] : [],
  )
  return allowPlan(plan, notes)
}

/** The decision with its reasons, for a sign-in in which the identity provider was asked. */
export const explainIdpAttributes = (
  facts: IdpFacts,
  settings: MapIdpAttributesSettings,
): { readonly results: readonly MappingResult[]; readonly plan: MetadataPlan } => {
  const { defaults, limits } = settings
  const policy = {
    ...defaults,
    ...defaults.strategies?.[facts.strategy],
    ...defaults.connections?.[facts.connection],
  }
  const taken = new Set<string>()
  const results = settings.mappings.map((mapping): MappingResult => {
    const { to, mode = policy.mode, missing = policy.missing } = mapping
    const unmet = unmetCondition(mapping.when, facts)
    if (unmet) return { mapping, outcome: 'condition', unmet }
    const target = [to.metadata, ...to.path].join('/')
    if (taken.has(target)) return { mapping, outcome: 'taken' }

    const { value, ...found } = findValue(mapping, facts, { ...limits, ...mapping.limits })
    const isMissing = value === undefined && !found.problem
    if (isMissing && missing === 'keep') return { mapping, outcome: 'missing', ...found }
    taken.add(target)
    if (found.problem) return { mapping, outcome: 'guard', ...found }

    const after = isMissing && typeof missing === 'object' ? (missing.default as JsonValue) : value
    const before = readPath(facts.metadata[to.metadata], to.path)
    const change = { mapping, mode, before, after }
    return { ...change, ...found, outcome: judgeChange(change, facts.metadata) }
  })
  return { results, plan: planResults(facts.metadata, results) }
}

/** Constants of the settings, compiled at the first sign-in that an instance sees. */
const compiled = new WeakMap<Mapping, readonly Step[]>()

const findValue = (
  mapping: Mapping,
  facts: IdpFacts,
  limits: Limits,
): Pick<MappingResult, 'source' | 'attribute' | 'trail' | 'problem'> & { value?: JsonValue } => {
  const steps = compiled.get(mapping) ?? mapping.transforms?.map(compileTransform) ?? []
  compiled.set(mapping, steps)
  for (const source of mapping.from) {
    const attribute = readSource(source, facts)
    if (attribute === undefined || attribute === null) continue
    let texts = readTexts(attribute)
    if (!texts) return { source, attribute, problem: 'attribute_unusable' }
    const trail = [texts]
    for (const step of steps) trail.push((texts = step(texts)))
    return { source, attribute, trail, ...parseValue(texts, mapping.as, limits) }
  }
  return {}
}

type Change = Omit<MappingResult, 'outcome'>

const EMPTY: ReadonlySet<string> = new Set(['null', '""', '[]', '{}'])

const judgeChange = (change: Change, stored: StoredMetadata): Outcome => {
  const { mapping, mode, before, after } = change
  if (jsonEqual(before, after)) return 'equal'
  const isOpen = before === undefined || (mode === 'fill' && EMPTY.has(JSON.stringify(before)))
  if (mode !== 'force' && (!isOpen || after === undefined)) return 'mode'
  if (isProtected(change)) {
    const written = readPath(stored.user_metadata, writtenPath(mapping))
    if (!jsonEqual(written, before)) return 'edited'
  }
  return after === undefined ? 'deleted' : 'written'
}

const isProtected = ({ mapping: { to, overwriteUserEdits }, mode }: Change): boolean =>
  mode === 'force' && to.metadata === 'user_metadata' && !overwriteUserEdits

const writtenPath = ({ to: { path } }: Mapping): readonly string[] => [
  path[0],
  WRITTEN,
  path.slice(1).join('/'),
]

const planResults = (stored: StoredMetadata, results: readonly MappingResult[]): MetadataPlan => {
  const desired: Record<MetadataKind, JsonObject> = { app_metadata: {}, user_metadata: {} }
  const write = (
    metadata: MetadataKind,
    [key = '', ...names]: readonly string[],
    value?: JsonValue,
  ) => {
    const keys = desired[metadata]
    // A change replaces its top-level key whole, so what else lies there must come along.
    const whole = Object.hasOwn(keys, key) ? keys[key] : copy(own(stored[metadata], key) ?? null)
    keys[key] = setAt(whole, names, value) ?? null
  }
  for (const result of results) {
    const { mapping, outcome, after } = result
    if (outcome !== 'written' && outcome !== 'deleted') continue
    write(mapping.to.metadata, mapping.to.path, after)
    if (isProtected(result)) write('user_metadata', writtenPath(mapping), after)
  }
  return planMetadata(stored, desired, METADATA_BUDGET_BYTES)
}

const copy = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value)) as JsonValue

/** The holder with a value set or taken away; `undefined` when that leaves it empty. */
const setAt = (
  holder: unknown,
  [name, ...names]: readonly string[],
  value: JsonValue | undefined,
): JsonValue | undefined => {
  if (name === undefined) return value
  const object = (isObject(holder) ? holder : {}) as JsonObject
  const inner = setAt(own(object, name), names, value)
  if (inner === undefined) {
    delete object[name]
    return Object.keys(object).length > 0 ? object : undefined
  }
  object[name] = inner
  return object
}
