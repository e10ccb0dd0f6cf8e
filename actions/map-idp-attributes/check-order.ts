import { jsonEqual, own } from '../shared/json.ts'
import { problemAt, type Problem } from '../shared/problem.ts'
import { boundsOf, type When } from '../shared/when.ts'
import type { Defaults, Mapping, Policy } from './mapping.ts'

/**
 * What no sign-in can reach: a mapping behind one that decides first, for the same target, in each
 * sign-in that it is for; and a target that is to have two types.
 */
export const checkOrder = (mappings: readonly Mapping[], defaults: Defaults): Problem[] =>
  mappings.flatMap((mapping, index) => {
    const earlier = mappings.slice(0, index)
    const isSameTarget = ({ to }: Mapping): boolean => jsonEqual(to, mapping.to)
    const hides = earlier.findIndex(
      (other) =>
        isSameTarget(other) &&
        (alwaysDecides(other, defaults) || findsTheSame(other, mapping)) &&
        isForAll(other.when, mapping.when),
    )
    const other = earlier.findIndex((one) => isSameTarget(one) && one.as !== mapping.as)
    return [
      ...problemAt(
        `mappings[${index}]`,
        hides < 0
          ? undefined
          : `is never used: mappings[${hides}] comes first, holds for the same sign-ins and decides about the same target; remove one, or put the one that holds for fewer sign-ins first`,
      ),
      ...problemAt(
        `mappings[${index}].as`,
        other < 0
          ? undefined
          : `is "${mapping.as}", and "${mappings[other]?.as ?? ''}" in mappings[${other}] for the same target; a target has one type`,
      ),
    ]
  })

/** The second has no more to say where the first finds nothing: it looks there too, and ends alike. */
const findsTheSame = (one: Mapping, other: Mapping): boolean => {
  const [first, second] = [one, other].map(({ from, transforms = [], missing, limits = {} }) => [
    from,
    transforms,
    missing ?? 'the default',
    limits,
  ])
  return jsonEqual(first, second)
}

/** A mapping that keeps what is missing leaves the target to the next one. */
const alwaysDecides = (mapping: Mapping, defaults: Defaults): boolean => {
  const { missing, from, transforms = [] } = mapping
  if ('constant' in (from.at(-1) ?? {}) && transforms.length === 0) return true
  if (missing !== undefined) return missing !== 'keep'
  const { strategies = {}, connections = {} } = defaults
  const policies: Partial<Policy>[] = [
    defaults,
    ...Object.values(strategies),
    ...Object.values(connections),
  ]
  return policies.every((policy) => policy.missing !== 'keep')
}

/** Whether each sign-in that `narrow` holds for is one that `wide` holds for, as far as that shows. */
const isForAll = (wide: When, narrow: When): boolean =>
  (Object.keys(wide) as (keyof When)[]).every((name) => {
    if (jsonEqual(wide[name], narrow[name])) return true
    if (name === 'all') return wide.all?.every((one) => isForAll(one, narrow)) === true
    if (name === 'any') return wide.any?.some((one) => isForAll(one, narrow)) === true
    if (name === 'not') return false
    const known = boundsOf({ [name]: wide[name] }, name)
    const asked = boundsOf(narrow, name)
    const isSamePath = jsonEqual(own(wide[name], 'path'), own(narrow[name], 'path'))
    return isSamePath && known !== undefined && asked?.every((one) => known.includes(one)) === true
  })
