import type { Decision } from '../../actions/shared/decision.ts'

/** The decision for tests of what it does; why it does it has tests of its own. */
export const withoutReasons = <Decided extends Decision>(decision: Decided): Decided => ({
  ...decision,
  reasons: [],
})
