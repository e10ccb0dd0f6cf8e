import { jsonEqual } from '../shared/json.ts'
import type { SettingsProblem } from '../shared/settings-problem.ts'
import type { Condition, Defaults, Mapping, Policy } from './mapping.ts'

/**
 * What no sign-in can reach: a mapping behind one that decides first, for the same target, in each
 * sign-in that it is for; and a target that is to have two types.
 */
export const checkOrder = (mappings: readonly Mapping[], defaults: Defaults): SettingsProblem[] =>
  mappings.flatMap((mapping, index) => {
    const earlier = mappings.slice(0, index)
    const isSameTarget = ({ to }: Mapping): boolean => jsonEqual(to, mapping.to)
    const hides = earlier.findIndex(
      (other) =>
        isSameTarget(other) && alwaysDecides(other, defaults) && isForAll(other.when, mapping.when),
    )
    const other = earlier.findIndex((one) => isSameTarget(one) && one.as !== mapping.as)
    return [
      ...(hides < 0
        ? []
        : [
            {
              path: `mappings[${index}]`,
              message: `never takes effect: mappings[${hides}] decides about the same target first; put the narrower one before it, or let it keep what is missing`,
            },
          ]),
      ...(other < 0
        ? []
        : [
            {
              path: `mappings[${index}].as`,
              message: `is "${mapping.as}", and "${mappings[other]?.as ?? ''}" in mappings[${other}] for the same target; a target has one type`,
            },
          ]),
    ]
  })

/** A mapping that keeps what is missing leaves the target to the next one. */
const alwaysDecides = (
  { missing }: Mapping,
  { strategies, connections, ...all }: Defaults,
): boolean =>
  missing === undefined
    ? [all, ...Object.values(strategies ?? {}), ...Object.values(connections ?? {})].every(
        (policy: Partial<Policy>) => policy.missing !== 'keep',
      )
    : missing !== 'keep'

/** Whether each sign-in that `narrow` holds for is one that `wide` holds for. */
const isForAll = (wide: Condition, narrow: Condition): boolean =>
  (Object.keys(wide) as (keyof Condition)[]).every((name) => {
    const [asked, given] = [wide[name], narrow[name]]
    if (asked === undefined) return true
    if (given === undefined) return false
    const one = [asked].flat() as unknown[]
    return ([given].flat() as unknown[]).every((value) =>
      one.some((known) => jsonEqual(known, value)),
    )
  })
