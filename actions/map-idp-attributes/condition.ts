import type { IdpFacts } from './facts.ts'
import type { Condition } from './mapping.ts'
import { readCurrent } from './source.ts'
import { readTexts } from './value.ts'

/** The conditions on the identity used now; the others are on where somebody signs in to. */
export const IDENTITY_CONDITIONS = [
  'strategy',
  'connection',
  'claim',
  'emailVerified',
  'emailDomain',
] as const satisfies readonly (keyof Condition)[]

/** The conditions that do not hold. */
export const unmetConditions = (when: Condition, facts: IdpFacts): (keyof Condition)[] =>
  (Object.keys(when) as (keyof Condition)[]).filter((name) => {
    if (name === 'claim') return !isClaimed(when.claim, facts)
    const wanted: unknown[] = [when[name]].flat()
    return ![factOf(name, facts)].flat().some((fact) => wanted.includes(fact))
  })

const factOf = (name: Exclude<keyof Condition, 'claim'>, facts: IdpFacts): unknown => {
  if (name === 'emailVerified') return isEmailVerified(facts)
  return name === 'emailDomain' ? emailDomain(facts) : facts[name]
}

/** A provider may send the text "false". */
const isEmailVerified = (facts: IdpFacts): boolean =>
  readCurrent(facts, ['email_verified']).value === true

const emailDomain = (facts: IdpFacts): string | undefined => {
  const { value: email } = readCurrent(facts, ['email'])
  return typeof email === 'string' && isEmailVerified(facts)
    ? email.toLowerCase().split('@').at(-1)
    : undefined
}

const isClaimed = (claim: Condition['claim'], facts: IdpFacts): boolean => {
  const value = claim && readCurrent(facts, claim.path).value
  return claim?.equals === undefined
    ? value !== undefined && value !== null
    : readTexts(value)?.includes(String(claim.equals)) === true
}
