import type { IdpFacts } from './facts.ts'
import type { Condition } from './mapping.ts'
import { readAttribute } from './source.ts'
import { readTexts } from './value.ts'

/** The first condition that does not hold, or `undefined` when all of them do. */
export const unmetCondition = (when: Condition, facts: IdpFacts): keyof Condition | undefined =>
  (Object.keys(when) as (keyof Condition)[]).find((name) => {
    if (name === 'claim') return !isClaimed(when.claim, facts.profile)
    const wanted: unknown[] = [when[name]].flat()
    return ![facts[name]].flat().some((fact) => wanted.includes(fact))
  })

const isClaimed = (claim: Condition['claim'], profile: unknown): boolean => {
  const value = claim && readAttribute(profile, claim.path)
  return claim?.equals === undefined
    ? value !== undefined && value !== null
    : readTexts(value)?.includes(String(claim.equals)) === true
}
