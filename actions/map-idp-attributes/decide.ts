import { allow, allowPlan, type Allow, type Reason } from '../shared/decision.ts'
import { jsonBytes, jsonEqual, readPath, type JsonObject, type JsonValue } from '../shared/json.ts'
import {
  METADATA_BUDGET_BYTES,
  planSettled,
  settleRetired,
  withoutRoom,
  writeAt,
  type MetadataKind,
  type MetadataPlan,
  type RetiredKey,
  type StoredMetadata,
} from '../shared/metadata.ts'
import type { SourceProblem } from '../shared/sign-in.ts'
import { isNotEmpty, isSmallEnough, readStrings } from '../shared/strings.ts'
import { boundsOf, holds, IDENTITY_SOURCES, reasonsOf, type DecidingTest } from '../shared/when.ts'
import type { IdpFacts } from './facts.ts'
import type {
  Limits,
  MapIdpAttributesSettings,
  Mapping,
  Mode,
  Otherwise,
  Policy,
  Source,
  Target,
} from './mapping.ts'
import { readSource } from './source.ts'
import { compileTransform, type Step } from './transform.ts'
import { parseStrings, type ValueProblem } from './value.ts'

/** What became of one mapping at one sign-in. */
export interface MappingResult {
  readonly mapping: Mapping
  readonly outcome: Outcome
  /** The conditions that keep the mapping from this sign-in. */
  readonly unmet?: readonly DecidingTest[]
  /** Why the value cannot be used. */
  readonly problem?: SourceProblem | ValueProblem | typeof NO_ROOM
  /** The source that was taken and what it held. */
  readonly source?: Source
  readonly attribute?: unknown
  /** The strings that the attribute was read as, then those that each transform left. */
  readonly trail?: readonly (readonly string[])[]
  readonly mode?: Mode
  /** What the target holds, and what it should hold; `undefined` for nothing. */
  readonly before?: unknown
  readonly after?: JsonValue | undefined
}

/**
 * `target_taken`: an earlier mapping decided about the target; `edited`: the user changed the value;
 * `kept_by_mode`: it is not for this mode to change what is there; `value_invalid`: what was there
 * before is kept, because the value cannot be used.
 */
export type Outcome =
  | 'written'
  | 'deleted'
  | 'equal'
  | 'kept_by_mode'
  | 'edited'
  | 'missing'
  | 'value_invalid'
  | 'condition'
  | 'target_taken'

/** Holds, beside what `force` wrote to `user_metadata`, the same once more: it tells an edit. */
export const WRITTEN = 'written'

export const decideIdpAttributes = (facts: IdpFacts, settings: MapIdpAttributesSettings): Allow => {
  if (facts.isRefreshExchange) return allow()
  const { results, plan } = explainIdpAttributes(facts, settings)
  const notes = results.flatMap(({ mapping: { to }, problem: code }) =>
    // The plan's own refusal says that there is no room.
    code && code !== NO_ROOM ? [{ code, target: `${to.metadata}.${to.path.join('.')}` }] : [],
  )
  return allowPlan(plan, notes, results.flatMap(reasonsFor))
}

const reasonsFor = ({ outcome: code, unmet }: MappingResult, index: number): Reason[] =>
  (unmet ?? [{ path: 'when' }]).map(({ path }) => ({
    code,
    path: code === 'condition' ? `mappings[${index}].${path}` : `mappings[${index}]`,
  }))

/** What became of each mapping, for a sign-in in which the identity provider was asked. */
export const explainIdpAttributes = (
  facts: IdpFacts,
  settings: MapIdpAttributesSettings,
): Explained => explainWithout(facts, settings, settings.retiredKeys ?? [])

interface Explained {
  readonly results: readonly MappingResult[]
  readonly plan: MetadataPlan
}

const explainWithout = (
  facts: IdpFacts,
  settings: MapIdpAttributesSettings,
  retired: readonly RetiredKey[],
): Explained => {
  const metadata = settleRetired(facts.metadata, retired.flatMap(withCopy))
  const explained = explainSettled({ ...facts, metadata }, settings, facts.metadata)
  const stay = withoutRoom(explained.plan, retired)
  return stay.length === 0
    ? explained
    : explainWithout(
        facts,
        settings,
        retired.filter((key) => !stay.includes(key)),
      )
}

/** In `user_metadata`, the copy that tells an edit goes the same way. */
const withCopy = (key: RetiredKey): RetiredKey[] =>
  key.metadata === 'app_metadata'
    ? [key]
    : [
        key,
        {
          ...key,
          path: writtenPath(key.path),
          ...(key.movedTo && { movedTo: writtenPath(key.movedTo) }),
        },
      ]

/** `facts.metadata` is settled; `stored` is what the profile holds. */
const explainSettled = (
  facts: IdpFacts,
  settings: MapIdpAttributesSettings,
  stored: StoredMetadata,
): Explained => {
  const { defaults, limits } = settings
  const policy = policyOf(defaults, facts.strategy, facts.connection)
  const [held, taken] = [new Set<string>(), new Set<string>()]
  const results = settings.mappings.map((mapping): MappingResult => {
    const { mode = policy.mode, missing = policy.missing, unusable = policy.unusable } = mapping
    if (!holds(mapping.when, facts)) {
      return { mapping, outcome: 'condition', unmet: reasonsOf(mapping.when, facts) }
    }
    const target = targetOf(mapping)
    held.add(target)
    if (taken.has(target)) return { mapping, outcome: 'target_taken' }

    const { value, ...found } = findValue(mapping, facts, { ...limits, ...mapping.limits })
    const otherwise = found.problem ? unusable : missing
    if (value === undefined && !found.problem && otherwise === 'keep') {
      return { mapping, outcome: 'missing', ...found }
    }
    taken.add(target)
    if (value === undefined && otherwise === 'keep')
      return { mapping, outcome: 'value_invalid', ...found }
    const after = value ?? defaultOf(otherwise)
    return judged({ mapping, mode, after, ...found }, facts.metadata)
  })
  const lapsed = results.map((result) => {
    const target = targetOf(result.mapping)
    const change = held.has(target) ? undefined : lapsedChange(result, defaults, facts)
    if (change === undefined) return result
    held.add(target)
    const end = judged(change, facts.metadata)
    return end.outcome === 'written' || end.outcome === 'deleted' ? end : result
  })
  return fitted(lapsed, facts.metadata, policy, stored)
}

/** A top-level key is written whole: what does not fit must not keep the rest from being written. */
const fitted = (
  results: readonly MappingResult[],
  settled: StoredMetadata,
  policy: Policy,
  stored: StoredMetadata,
): Explained => {
  const plan = planResults(settled, results, stored)
  const full = plan.refused.filter(({ code }) => code === NO_ROOM)
  const isTooMuch = (result: MappingResult) => {
    const { metadata, path } = result.mapping.to
    return full.some(({ target }) => target === `${metadata}.${path[0]}`) && isGrowing(result)
  }
  if (!results.some(isTooMuch)) return { results, plan }
  const fitting = results.map((result) =>
    isTooMuch(result)
      ? judgedWithoutRoom(result, result.mapping.unusable ?? policy.unusable, settled)
      : result,
  )
  const next = fitted(fitting, settled, policy, stored)
  const others = next.plan.refused.filter(
    ({ code, target }) => !plan.refused.some((one) => one.code === code && one.target === target),
  )
  return { ...next, plan: { ...next.plan, refused: [...plan.refused, ...others] } }
}

const NO_ROOM = 'metadata_budget_exceeded'

const isGrowing = ({ outcome, before, after }: MappingResult): boolean =>
  outcome === 'written' && (before === undefined || jsonBytes(after) > jsonBytes(before))

const judgedWithoutRoom = (
  result: MappingResult,
  unusable: Otherwise,
  stored: StoredMetadata,
): MappingResult => {
  const { problem, ...rest } = result
  // The default for what does not fit does not fit either.
  if (problem === NO_ROOM) return judged({ ...rest, problem, after: undefined }, stored)
  return unusable === 'keep'
    ? { ...result, problem: NO_ROOM, outcome: 'value_invalid' }
    : judged({ ...rest, problem: NO_ROOM, after: defaultOf(unusable) }, stored)
}

const policyOf = (
  { strategies, connections, ...defaults }: MapIdpAttributesSettings['defaults'],
  strategy: string,
  connection: string,
): Policy => ({ ...defaults, ...strategies?.[strategy], ...connections?.[connection] })

const targetOf = ({ to }: Mapping): string => [to.metadata, ...to.path].join('/')

const defaultOf = (otherwise: Otherwise): JsonValue | undefined =>
  typeof otherwise === 'object' ? otherwise.default : undefined

/**
 * What a mapping says when the identity used now is not one that it is for: nobody says the value,
 * so what an identity said earlier goes where the mapping does not keep what is missing. A client or
 * organization that is another too changes nothing about that; alone it says nothing about it.
 */
const lapsedChange = (
  { mapping, unmet }: MappingResult,
  defaults: MapIdpAttributesSettings['defaults'],
  facts: IdpFacts,
): Change | undefined => {
  const { to, when } = mapping
  const isOther = unmet?.some(({ source }) => IDENTITY_SOURCES.includes(source))
  if (!unmet || !isOther || readPath(facts.metadata[to.metadata], to.path) === undefined) {
    return undefined
  }
  // The defaults that count are those of the connection that the mapping is for.
  const [strategies, connections] = [boundsOf(when, 'strategy'), boundsOf(when, 'connection')]
  const isNamed = (strategies ?? connections) !== undefined
  return (strategies ?? [isNamed ? '' : facts.strategy]).flatMap((strategy) =>
    (connections ?? [isNamed ? '' : facts.connection]).flatMap((connection) => {
      const policy = policyOf(defaults, String(strategy), String(connection))
      const { mode = policy.mode, missing = policy.missing } = mapping
      const isKept = mode !== 'force' || missing === 'keep'
      return isKept ? [] : [{ mapping, unmet, mode, after: defaultOf(missing) }]
    }),
  )[0]
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
    const { value: attribute, problem } = readSource(source, facts)
    if (problem) return { source, problem }
    if (attribute === undefined || attribute === null) continue
    let texts = readStrings(attribute)
    if (!texts) return { source, attribute, problem: 'attribute_unusable' }
    if (mapping.as === 'strings') texts = texts.filter(isNotEmpty)
    const trail = [texts]
    for (const step of steps) {
      // What a transform made of it may be larger than the attribute was.
      if (!isSmallEnough(texts)) return { source, attribute, trail, problem: 'attribute_too_large' }
      texts = step(texts)
      if (!texts) return { source, attribute, trail, problem: 'attribute_too_long' }
      trail.push(texts)
    }
    return { source, attribute, trail, ...parseStrings(texts, mapping.as, limits) }
  }
  return {}
}

type Change = Omit<MappingResult, 'outcome'>

const judged = (wanted: Omit<Change, 'before'>, stored: StoredMetadata): MappingResult => {
  const { metadata, path } = wanted.mapping.to
  const change: Change = { ...wanted, before: readPath(stored[metadata], path) }
  return { ...change, outcome: judgeChange(change, stored) }
}

const EMPTY: ReadonlySet<string> = new Set(['null', '""', '[]', '{}'])

const judgeChange = (change: Change, stored: StoredMetadata): Outcome => {
  const { mapping, mode, before, after } = change
  if (jsonEqual(before, after)) return 'equal'
  const isOpen = before === undefined || (mode === 'fill' && EMPTY.has(JSON.stringify(before)))
  if (mode !== 'force' && (!isOpen || after === undefined)) return 'kept_by_mode'
  if (isProtected(change)) {
    const written = readPath(stored.user_metadata, writtenPath(mapping.to.path))
    if (!jsonEqual(written, before)) return 'edited'
  }
  return after === undefined ? 'deleted' : 'written'
}

const isProtected = ({ mapping: { to, overwriteUserEdits }, mode }: Change): boolean =>
  mode === 'force' && to.metadata === 'user_metadata' && !overwriteUserEdits

const writtenPath = ([key, ...names]: Target['path']): Target['path'] => [
  key,
  WRITTEN,
  names.join('/'),
]

const planResults = (
  settled: StoredMetadata,
  results: readonly MappingResult[],
  stored: StoredMetadata,
): MetadataPlan => {
  const desired: Record<MetadataKind, JsonObject> = { app_metadata: {}, user_metadata: {} }
  for (const result of results) {
    const { mapping, outcome, after } = result
    if (outcome !== 'written' && outcome !== 'deleted') continue
    const { metadata, path } = mapping.to
    writeAt(desired[metadata], settled[metadata], path, after)
    if (isProtected(result)) {
      writeAt(desired[metadata], settled[metadata], writtenPath(path), after)
    }
  }
  return planSettled(stored, settled, desired, METADATA_BUDGET_BYTES)
}
