import { isDeepStrictEqual } from 'node:util'
import type { TenantBinding } from './tenant.ts'

/**
 * Puts our bindings into a trigger's list without touching anybody else's.
 *
 * - Foreign bindings keep their order, their number and their names.
 * - The places in the list that ours hold are filled with ours in our order, so no foreign binding
 *   moves as long as none of ours is added or removed.
 * - One of ours that is not bound yet comes directly after the one before it in our order; if there
 *   is none, directly before the next one after it; if none of ours is bound, all go to the end.
 * - Names in `removed` are taken out; they must not be among ours.
 */
export const mergeBindings = (
  current: readonly TenantBinding[],
  ours: readonly TenantBinding[],
  removed: readonly string[] = [],
): TenantBinding[] => {
  const kept = without(withoutRepeats(current, ours), removed)
  const bound = ours.filter((own) => includes(kept, own.actionName))
  const waiting = bound.values()
  const merged = kept.map((binding) =>
    includes(ours, binding.actionName) ? (waiting.next().value ?? binding) : binding,
  )
  for (const own of ours) if (!includes(merged, own.actionName)) insertBinding(merged, ours, own)
  return merged
}

/** As `mergeBindings`, but only adds those of `names` that are not bound: nothing is re-ordered. */
export const addBindings = (
  current: readonly TenantBinding[],
  ours: readonly TenantBinding[],
  names: readonly string[],
): TenantBinding[] => {
  const list = [...current]
  for (const own of ours) {
    if (names.includes(own.actionName) && !includes(list, own.actionName)) {
      insertBinding(list, ours, own)
    }
  }
  return list
}

/** What a list became, and which of our bindings were left as somebody else put them. */
export interface ChangedBindings {
  bindings: TenantBinding[]
  left: { unbound: string[]; isReordered: boolean }
}

/**
 * Makes the change from `from` to `to`, two lists of our bindings, in a list that others may have
 * changed since `from` was read.
 *
 * - What is in `to` only is bound, what is in `from` only is taken out.
 * - One in both that is no longer bound was taken out by somebody else and stays out.
 * - Ours are put in the order of `to`, unless somebody else changed their order since `from`.
 */
export const changeBindings = (
  current: readonly TenantBinding[],
  from: readonly TenantBinding[],
  to: readonly TenantBinding[],
): ChangedBindings => {
  const unbound = to.filter(
    ({ actionName }) => includes(from, actionName) && !includes(current, actionName),
  )
  const wanted = to.filter((own) => !unbound.includes(own))
  const removed = from.map(nameOf).filter((name) => !includes(to, name))
  const isReordered = !sameOrder(current, from) && !sameOrder(current, to)
  return {
    bindings: isReordered
      ? addBindings(without(current, removed), wanted, wanted.map(nameOf))
      : mergeBindings(current, wanted, removed),
    left: { unbound: unbound.map(nameOf), isReordered },
  }
}

/** Whether what is in both lists comes in one order. */
const sameOrder = (one: readonly TenantBinding[], other: readonly TenantBinding[]): boolean =>
  isDeepStrictEqual(
    one.map(nameOf).filter((name) => includes(other, name)),
    other.map(nameOf).filter((name) => includes(one, name)),
  )

const without = (list: readonly TenantBinding[], names: readonly string[]): TenantBinding[] =>
  list.filter(({ actionName }) => !names.includes(actionName))

const nameOf = ({ actionName }: TenantBinding): string => actionName

const insertBinding = (
  list: TenantBinding[],
  ours: readonly TenantBinding[],
  own: TenantBinding,
): void => {
  const index = ours.indexOf(own)
  const before = ours.slice(0, index).findLast(({ actionName }) => includes(list, actionName))
  const after = ours.slice(index + 1).find(({ actionName }) => includes(list, actionName))
  const at =
    before !== undefined
      ? positionOf(list, before) + 1
      : after !== undefined
        ? positionOf(list, after)
        : list.length
  list.splice(at, 0, own)
}

/** One of ours bound twice would run twice. */
const withoutRepeats = (
  current: readonly TenantBinding[],
  ours: readonly TenantBinding[],
): TenantBinding[] =>
  current.filter(
    (binding, index) =>
      !includes(ours, binding.actionName) || positionOf(current, binding) === index,
  )

const positionOf = (list: readonly TenantBinding[], { actionName }: TenantBinding): number =>
  list.findIndex((binding) => binding.actionName === actionName)

const includes = (list: readonly TenantBinding[], name: string): boolean =>
  list.some(({ actionName }) => actionName === name)
