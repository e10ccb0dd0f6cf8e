import { isObject, omit, unknownKey } from '../json.ts'
import { invalidQuery, ok, type Answer } from './answer.ts'
import { FIELD_KEYS } from './fields.ts'

export interface Paging {
  page: number
  perPage: number
  includeTotals: boolean
}

const PAGING_KEYS = ['page', 'per_page', 'include_totals'] as const
const MAX_PER_PAGE = 100

/** Reads `page` (from 0), `per_page` (0 to 100, default 50) and `include_totals`. */
export const parsePaging = (query: Record<string, unknown>): Paging | Answer => {
  const page = parseCount(query['page'] ?? '0')
  const perPage = parseCount(query['per_page'] ?? '50')
  const includeTotals = parseFlag(query['include_totals'])
  if (page === undefined) return invalidQuery('Expected a whole number for page')
  if (perPage === undefined || perPage > MAX_PER_PAGE) {
    return invalidQuery(`Expected a whole number up to ${MAX_PER_PAGE} for per_page`)
  }
  if (includeTotals === 'neither') return invalidQuery('Expected true or false for include_totals')
  return { page, perPage, includeTotals: includeTotals ?? false }
}

/** The query of a collection that takes `fields` and these filters, and no other parameter. */
export const parseListQuery = (
  query: Record<string, unknown>,
  filters: readonly string[],
): Paging | Answer => {
  const unknown = unknownKey(query, [...PAGING_KEYS, ...FIELD_KEYS, ...filters])
  return unknown === undefined
    ? parsePaging(query)
    : invalidQuery(`Additional properties not allowed: ${unknown}`)
}

/** `undefined` when the parameter was not sent, `'neither'` when it is not a boolean. */
export const parseFlag = (value: unknown): boolean | undefined | 'neither' => {
  if (value === undefined) return undefined
  if (value === 'true') return true
  return value === 'false' ? false : 'neither'
}

export const pageOf = <T>(all: readonly T[], { page, perPage }: Paging): T[] =>
  all.slice(page * perPage, (page + 1) * perPage)

/** Older collections answer a bare array unless `include_totals` was asked for. */
export const withTotals = (name: string, all: readonly unknown[], paging: Paging): unknown => {
  const items = pageOf(all, paging)
  if (!paging.includeTotals) return items
  const { page, perPage } = paging
  return {
    start: page * perPage,
    limit: perPage,
    length: items.length,
    total: all.length,
    [name]: items,
  }
}

/**
 * A list that pages by `page` or by checkpoint: `take` entries from the place that `from` names.
 * Younger collections have no `length` among their totals (recorded).
 */
export const listAnswer = (
  name: string,
  all: readonly unknown[],
  query: Record<string, unknown>,
  filters: readonly string[] = [],
): Answer => {
  const paging = parseListQuery(query, ['take', 'from', 'sort', ...filters])
  if ('status' in paging) return paging
  if (query['take'] === undefined) {
    const page = withTotals(name, all, paging)
    return ok(isObject(page) ? omit(page, 'length') : page)
  }
  const take = parseCount(query['take'])
  const start = parseCount(query['from'] ?? '0')
  if (take === undefined || start === undefined) return invalidQuery('Expected take and from')
  const end = start + take
  return ok({ [name]: all.slice(start, end), ...(end < all.length && { next: String(end) }) })
}

/** The Actions API leaves `total` and `page` out when they are zero (recorded answers). */
export const actionsPage = (name: string, all: readonly unknown[], paging: Paging): unknown => ({
  [name]: pageOf(all, paging),
  ...(all.length > 0 && { total: all.length }),
  ...(paging.page > 0 && { page: paging.page }),
  per_page: paging.perPage,
})

const parseCount = (value: unknown): number | undefined =>
  typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : undefined
