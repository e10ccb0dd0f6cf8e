import { describe, expect, test } from '@jest/globals'
import { planDeployment } from '../../deploy/plan-deployment.ts'
import { planRestore } from '../../deploy/restore-tenant.ts'
import { verifyDeployment } from '../../deploy/verify-deployment.ts'
import type { Tenant } from '../../deploy/tenant.ts'
import { aRepository, aRepositoryAction, aTenant, aTenantAction, build } from './builders.ts'

const old = aRepository([aRepositoryAction('first', build('first', 'old'))])
const repository = aRepository()
const before = (): Tenant => aTenant({ deployed: old, bound: ['x', 'first', 'y'] })
const plan = planDeployment(repository, before())

const after = (): Tenant => {
  const tenant = aTenant({ deployed: repository, bound: ['x', 'first', 'second', 'y'] })
  for (const action of tenant.actions) {
    if (action.name === 'first' && action.deployed) {
      Object.assign(action.deployed, { id: 'version-first-2', number: 2 })
    }
  }
  return tenant
}

describe('reading back', () => {
  const problemsAfter = (edit: (tenant: Tenant) => void): string[] => {
    const tenant = after()
    edit(tenant)
    return verifyDeployment(plan, repository, tenant).problems
  }
  const rebind =
    (...names: string[]) =>
    (tenant: Tenant) => {
      tenant.bindings['post-login'] = names.map((name) => ({ actionName: name, displayName: name }))
    }

  test.each<[string, (tenant: Tenant) => void]>([
    ['is content when all is as planned', () => undefined],
    ['is content when others bound another Action since', rebind('x', 'first', 'z', 'second', 'y')],
  ])('%s', (_, edit) => {
    expect(problemsAfter(edit)).toEqual([])
  })

  test.each<[string, (tenant: Tenant) => void, string]>([
    [
      'other code is live',
      (tenant) => Object.assign(tenant.actions[0]?.deployed ?? {}, { code: '' }),
      'first: what is live',
    ],
    [
      'the version is the one from before',
      (tenant) => Object.assign(tenant.actions[0]?.deployed ?? {}, { number: 1 }),
      'first: version 1 is live as before',
    ],
    ['an Action is missing', (tenant) => tenant.actions.pop(), 'second does not exist'],
    [
      'an Action is not deployed',
      (tenant) => delete tenant.actions[1]?.deployed,
      'second is not deployed',
    ],
    [
      'a draft is left',
      (tenant) => Object.assign(tenant.actions[0] ?? {}, { allChangesDeployed: false }),
      'first: its draft',
    ],
    [
      'it is still being built',
      (tenant) => Object.assign(tenant.actions[0] ?? {}, { status: 'building' }),
      'first is still being built',
    ],
    [
      'its build failed, with the reasons',
      (tenant) =>
        Object.assign(tenant.actions[0] ?? {}, {
          status: 'failed',
          buildErrors: ['no such package'],
        }),
      'first: its build failed: no such package',
    ],
    ['the order is another', rebind('x', 'second', 'first', 'y'), 'another order'],
    ['one of ours is not bound', rebind('x', 'first', 'y'), 'post-login lacks second'],
    ["somebody else's is gone", rebind('first', 'second', 'y'), 'post-login lacks x'],
    ['one of ours runs twice', rebind('x', 'first', 'second', 'y', 'first'), 'runs first twice'],
  ])('complains when %s', (_, edit, problem) => {
    expect(problemsAfter(edit)).toEqual([expect.stringContaining(problem)])
  })
})

describe('bringing a tenant back', () => {
  const stepsFrom = (now: Tenant, found = before()): unknown[] =>
    planRestore(plan, found, now).map((step) =>
      step.kind === 'bindings'
        ? [step.kind, ...step.bindings.map(({ actionName }) => actionName)]
        : step.kind === 'version'
          ? [step.kind, step.action, step.number]
          : [step.kind, step.action],
    )

  test('unbinds, deploys the old version again, then deletes what was created', () => {
    expect(stepsFrom(after())).toEqual([
      ['bindings', 'x', 'first', 'y'],
      ['version', 'first', 1],
      ['delete', 'second'],
    ])
  })

  test('does nothing when nothing was written', () => {
    expect(stepsFrom(before())).toEqual([])
  })

  test('keeps what others bound since', () => {
    const now = after()
    now.bindings['post-login']?.push({ actionName: 'z', displayName: 'z' })
    expect(stepsFrom(now)[0]).toEqual(['bindings', 'x', 'first', 'y', 'z'])
  })

  test('puts back a draft that was only patched, without making a version', () => {
    const now = before()
    Object.assign(now.actions[0]?.draft ?? {}, { code: 'ours' })
    expect(stepsFrom(now)).toEqual([['draft', 'first']])
  })

  test('puts back a draft of others that the deploy overwrote', () => {
    const found = before()
    Object.assign(found.actions[0]?.draft ?? {}, { code: 'theirs' })
    expect(stepsFrom(after(), found)).toContainEqual(['draft', 'first'])
  })

  test('an Action that existed without a version keeps its draft and is not deleted', () => {
    const found = before()
    const bare = aTenantAction(aRepositoryAction('second', { code: 'bare' }))
    delete bare.deployed
    found.actions.push(bare)
    const steps = planRestore(planDeployment(repository, found), found, after())
    expect(steps.map(({ kind }) => kind)).toEqual(['bindings', 'version', 'draft'])
  })
})
