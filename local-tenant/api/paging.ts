import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'

export type PageParams = NonNullable<Parameters<PostLoginAPI['roles']['getUserEffectiveRoles']>[0]>

const DEFAULT_TAKE = 50

/** One page of a list, `next` being the place where the following one begins. */
export const pageOf = <Item>(
  items: Item[],
  { from, take }: PageParams,
): { items: Item[]; next?: string } => {
  const begin = from === undefined ? 0 : Number(from)
  const end = begin + (take ?? DEFAULT_TAKE)
  const page = items.slice(begin, end)
  return end < items.length ? { items: page, next: String(end) } : { items: page }
}

/** @throws When one of them is of the wrong kind. */
export const assertPageParams = ({ from, take }: { from?: unknown; take?: unknown }): void => {
  if (from !== undefined && typeof from !== 'string') {
    throw new Error('The "from" parameter must be a string if provided.')
  }
  if (take !== undefined && !(Number.isInteger(take) && Number(take) > 0)) {
    throw new Error('The "take" parameter must be a positive integer if provided.')
  }
}

/** @throws When it is not a list with something in it. */
export const assertNames = (parameter: string, names: unknown): void => {
  if (!Array.isArray(names) || names.length === 0) {
    throw new Error(`The "${parameter}" parameter must be a non-empty array of strings.`)
  }
}
