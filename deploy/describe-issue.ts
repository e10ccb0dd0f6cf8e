import type { BaseIssue } from 'valibot'
import { memberPath } from '../actions/shared/problem.ts'

/** Where a value is not as a schema of valibot wants it, and how; never the value itself. */
export const describeIssue = (issue: BaseIssue<unknown>): { path: string; message: string } => ({
  path: (issue.path ?? []).reduce((before, { key }) => memberPath(before, key), ''),
  message:
    issue.input === undefined
      ? 'is missing'
      : `is ${kindOf(issue.input)}, not ${expectedBy(issue)}`,
})

const expectedBy = ({ type, expected }: BaseIssue<unknown>): string =>
  ({
    array: 'a list',
    boolean: 'true or false',
    integer: 'a whole number',
    literal: expected ?? '',
    loose_object: 'an object',
    min_value: `a number ${expected ?? ''}`,
    non_empty: 'a filled string',
    number: 'a number',
    object: 'an object',
    picklist: `one of ${expected ?? ''}`,
    record: 'an object',
    string: 'a string',
  })[type] ?? type

const kindOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (value === '') return 'an empty string'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
