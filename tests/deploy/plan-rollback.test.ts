import { expect, test } from '@jest/globals'
import { planRollback, type RollbackOptions } from '../../deploy/plan-rollback.ts'
import type { DeployedVersion, TenantAction } from '../../deploy/tenant.ts'
import { aRepositoryAction, aTenant, aTenantAction } from './builders.ts'

const version = (number: number, code: string, createdAt: string): DeployedVersion => ({
  id: `version-${number}`,
  number,
  code,
  runtime: 'node22',
  dependencies: [],
  secretNames: [],
  createdAt,
  secretsSetAt: {},
  status: 'built',
})

const history = {
  first: [
    version(3, 'new', '2026-11-20T10:00:00Z'),
    version(2, 'old', '2026-11-10T10:00:00Z'),
    version(1, 'oldest', '2026-11-01T10:00:00Z'),
  ],
  second: [version(2, 'b', '2026-11-20T10:00:40Z'), version(1, 'a', '2026-11-01T10:00:00Z')],
  third: [version(5, 'y', '2026-11-15T10:00:00Z'), version(4, 'x', '2026-11-01T10:00:00Z')],
  fourth: [version(1, 'only', '2026-11-20T10:00:00Z')],
  fifth: [version(2, 'same', '2026-11-20T10:00:00Z'), version(1, 'same', '2026-11-01T10:00:00Z')],
}

const names = Object.keys(history)
const tenant = {
  ...aTenant(),
  actions: Object.entries(history).map(([name, [deployed]]): TenantAction =>
    aTenantAction(aRepositoryAction(name), deployed === undefined ? {} : { deployed }),
  ),
}

const plan = (options: RollbackOptions = {}) => {
  const { steps, left, problems } = planRollback(names, tenant, history, options)
  return {
    steps: steps.map(({ action, from, to }) => [action, from, to.number]),
    left: left.map(({ action }) => action),
    problems,
  }
}

test('what the last deploy put live goes back one version; older and only versions stay', () => {
  expect(plan()).toEqual({
    steps: [
      ['first', 3, 2],
      ['second', 2, 1],
    ],
    left: ['third', 'fourth', 'fifth'],
    problems: [],
  })
})

test('--only goes back further', () => {
  expect(plan({ only: ['third'] }).steps).toEqual([['third', 5, 4]])
})

test('--to names the version', () => {
  expect(plan({ only: ['first'], to: 1 }).steps).toEqual([['first', 3, 1]])
})

test('--to what is live already is nothing to do', () => {
  expect(plan({ only: ['first'], to: 3 })).toMatchObject({ steps: [], left: ['first'] })
})

test.each([
  ['--to without --only', { to: 1 }, /goes with one --only/],
  ['a version that is not kept', { only: ['first'], to: 9 }, /has no version 9; it has 3, 2, 1/],
  ['an Action that is not ours', { only: ['theirs'] }, /--only theirs/],
])('refuses %s', (_, options, problem) => {
  expect(plan(options)).toMatchObject({ steps: [], problems: [expect.stringMatching(problem)] })
})
