import { expect, test } from '@jest/globals'
import { hashTenantState } from '../../deploy/tenant-state.ts'
import type { Tenant } from '../../deploy/tenant.ts'
import { aRepository, aTenant } from '../../test-kit/deploy/builders.ts'

const repository = aRepository()
const before = aTenant({ deployed: repository, bound: ['first', 'second'] })

const hashOf = (tenant: Tenant): string => hashTenantState(repository, tenant, undefined)

const withOther = (tenant: Tenant): Tenant => ({
  ...tenant,
  actions: tenant.actions.map((action, index) =>
    index === 0 && action.deployed !== undefined
      ? { ...action, deployed: { ...action.deployed, id: 'another-version' } }
      : action,
  ),
})

test('the state is the same for the same tenant, and for what others have in it', () => {
  expect(hashOf(before)).toMatch(/^[0-9a-f]{64}$/)
  expect(hashOf(structuredClone(before))).toBe(hashOf(before))
  const bindings = Object.fromEntries(
    Object.entries(before.bindings).map(([trigger, list]) => [
      trigger,
      [{ ...list[0], actionName: 'theirs', displayName: 'theirs' }, ...list],
    ]),
  ) as Tenant['bindings']
  expect(hashOf({ ...before, bindings })).toBe(hashOf(before))
})

test.each<[string, (tenant: Tenant) => Tenant]>([
  ['the domain', (tenant) => ({ ...tenant, domain: 'other.eu.auth0.com' })],
  ['a live version', withOther],
  ['that one is gone', (tenant) => ({ ...tenant, actions: tenant.actions.slice(1) })],
  [
    'the order of the bindings',
    (tenant) => ({
      ...tenant,
      bindings: Object.fromEntries(
        Object.entries(tenant.bindings).map(([trigger, list]) => [trigger, list.toReversed()]),
      ),
    }),
  ],
  ['that nothing is bound', (tenant) => ({ ...tenant, bindings: {} })],
])('the state is another by %s', (_, change) => {
  expect(hashOf(change(before))).not.toBe(hashOf(before))
})
