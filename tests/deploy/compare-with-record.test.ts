/** What a plan says of Actions that are live with the right code and are still not what we deployed. */
import { describe, expect, test } from '@jest/globals'
import { adoptActions } from '../../deploy/deployment-record.ts'
import { hasChanges, hasDrift, planDeployment, type Plan } from '../../deploy/plan-deployment.ts'
import { renderPlan, renderPlanMarkdown } from '../../deploy/render-plan.ts'
import type { DeployedVersion, TenantAction } from '../../deploy/tenant.ts'
import {
  aRepository,
  aRepositoryAction,
  aTenant,
  aTenantAction,
} from '../../test-kit/deploy/builders.ts'

const wanted = aRepositoryAction('first', { secretNames: ['KEY', 'OLD_KEY', 'PAGE_URL'] })
const repository = aRepository([wanted])
const DAY = '2026-11-01T10:00:00.000Z'
const LATER = '2026-11-09T04:30:00.123456789Z'

const plan = (
  edit: (live: DeployedVersion, action: TenantAction) => void,
  isRecorded = true,
): Plan => {
  const action = aTenantAction(wanted, {}, 3)
  const tenant = { ...aTenant({ bound: ['first'] }), actions: [action] }
  const record = isRecorded
    ? adoptActions(undefined, structuredClone(tenant), ['first'])
    : undefined
  if (action.deployed !== undefined) edit(action.deployed, action)
  return planDeployment(repository, tenant, { record })
}

/** As a reader of the Markdown sees it. */
const unescaped = (markdown: string): string => markdown.replaceAll('&#95;', '_')

const setSecrets = (live: DeployedVersion, names: string[], at = LATER): void => {
  for (const name of names) live.secretsSetAt = { ...live.secretsSetAt, [name]: at }
}

const anotherVersion = (live: DeployedVersion): void => {
  Object.assign(live, { id: 'version-4', number: 4, createdAt: LATER })
}

describe('with a record', () => {
  test('every secret replaced at one moment by another version is named, and ours is sent again', () => {
    const found = plan((live) => {
      anotherVersion(live)
      setSecrets(live, ['KEY', 'OLD_KEY', 'PAGE_URL'])
    })
    expect(found.actions).toMatchObject([
      { change: 'update', reasons: ['not our version', 'secret dates'] },
    ])
    expect([hasChanges(found), hasDrift(found)]).toEqual([true, true])
    for (const text of [renderPlan(found), unescaped(renderPlanMarkdown(found))]) {
      expect(text).toContain('runs version 4 of 2026-11-09T04:30:00Z; the record says version 3')
      for (const name of ['KEY', 'OLD_KEY', 'PAGE_URL']) {
        expect(text).toContain(
          `a secret ${name} that was set 2026-11-09T04:30:00Z; the record says 2026-11-01T10:00:00Z`,
        )
      }
    }
  })

  test('a version that we did not make is an update, even with equal code and secrets', () => {
    const found = plan((live) => anotherVersion(live))
    expect(found.actions).toMatchObject([{ change: 'update', reasons: ['not our version'] }])
  })

  test('an Action deleted and made again under its name is not ours', () => {
    const found = plan((_, action) => (action.id = 'id-of-another'))
    expect(found.actions).toMatchObject([{ reasons: ['not our version'] }])
  })

  test('an older secret is told from a newer one', () => {
    const found = plan((live) => setSecrets(live, ['KEY'], '2026-10-01T00:00:00Z'))
    expect(found.notes).toMatchObject([
      { text: expect.stringContaining('the record has a newer one of 2026-11-01T10:00:00Z') },
    ])
  })

  test('what is live as recorded is nothing to do', () => {
    const found = plan(() => undefined)
    expect([hasChanges(found), hasDrift(found), found.unrecorded]).toEqual([false, false, []])
  })
})

describe('without a record', () => {
  test('what cannot be told is said for each Action, counts as drift and is no change', () => {
    const found = plan(() => undefined, false)
    expect([hasChanges(found), hasDrift(found)]).toEqual([false, true])
    expect(renderPlan(found)).toContain('On record: no deploy')
    for (const text of [renderPlan(found), unescaped(renderPlanMarkdown(found))]) {
      expect(text).toContain('In no record')
      expect(text).toContain(
        'KEY 2026-11-01T10:00:00Z, OLD_KEY 2026-11-01T10:00:00Z, PAGE_URL 2026-11-01T10:00:00Z; a deploy records it as it is',
      )
    }
  })

  test('a secret that was set apart from the others is an update', () => {
    const found = plan((live) => setSecrets(live, ['PAGE_URL'], DAY.replace('.000', '.001')), false)
    expect(found.actions).toMatchObject([{ change: 'update', reasons: ['secret dates'] }])
    expect(renderPlan(found)).toContain('not set together')
  })

  test('an Action that is only a draft has nothing to be judged', () => {
    const found = plan((_, action) => delete action.deployed, false)
    expect(found.unrecorded).toEqual([])
  })
})

test('modules that the live version runs are shown and an update', () => {
  const found = plan((live) => (live.modules = ['helpers 3']))
  expect(found.actions).toMatchObject([{ change: 'update', reasons: ['modules'] }])
  expect(renderPlan(found)).toContain('modules of the tenant (helpers 3)')
})

test('a trigger of another version is shown and an update', () => {
  const found = plan((_, action) => (action.triggers = [{ id: 'post-login', version: 'v2' }]))
  expect(found.actions).toMatchObject([{ change: 'update', reasons: ['trigger version'] }])
  expect(renderPlan(found)).toContain('is for post-login v2, not post-login v3')
})
