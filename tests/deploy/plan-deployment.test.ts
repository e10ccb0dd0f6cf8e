import { describe, expect, test } from '@jest/globals'
import { marked } from 'marked'
import { parse } from 'node-html-parser'
import { adoptActions } from '../../deploy/deployment-record.ts'
import { hasChanges, hasDrift, planDeployment, type Plan } from '../../deploy/plan-deployment.ts'
import { renderPlan, renderPlanMarkdown } from '../../deploy/render-plan.ts'
import type { TenantAction } from '../../deploy/tenant.ts'
import {
  aRepository,
  aRepositoryAction,
  aTenant,
  aTenantAction,
  build,
} from '../../test-kit/deploy/builders.ts'

const first = aRepositoryAction('first', {
  secretNames: ['API_KEY'],
  dependencies: [{ name: 'lodash', version: '4.17.21' }],
})
const repository = aRepository([first])

/** Plans against a tenant whose `first` was deployed, recorded and then changed by `edit`. */
const planAfter = (edit: (action: TenantAction) => void, options = {}): Plan => {
  const action = aTenantAction(first, {}, 3)
  const tenant = { ...aTenant({ bound: ['first'] }), actions: [action] }
  const record = adoptActions(undefined, structuredClone(tenant), ['first'])
  edit(action)
  return planDeployment(repository, tenant, { record, ...options })
}

const live = (action: TenantAction) => {
  if (action.deployed === undefined) throw new Error('not deployed')
  return action.deployed
}

describe('an Action', () => {
  test('that is not there is created', () => {
    const { actions } = planDeployment(repository, aTenant())
    expect(actions).toMatchObject([
      {
        change: 'create',
        reasons: ['new'],
        runtime: { after: 'node22' },
        secrets: [{ name: 'API_KEY', change: 'set' }],
      },
    ])
  })

  test('that is live as it should be stays', () => {
    const plan = planAfter(() => undefined)
    expect(plan.actions).toMatchObject([
      { change: 'unchanged', reasons: [], codeDiff: '', liveVersion: 3 },
    ])
    expect([hasChanges(plan), hasDrift(plan)]).toEqual([false, false])
  })

  test.each<[string, (action: TenantAction) => void, string[]]>([
    ['was never deployed', (action) => delete action.deployed, ['never deployed']],
    ['has other code live', (action) => (live(action).code = '// x\n'), ['code']],
    ['has another runtime live', (action) => (live(action).runtime = 'node18'), ['runtime']],
    [
      'has another version of a dependency live',
      (action) => (live(action).dependencies = [{ name: 'lodash', version: '4.17.20' }]),
      ['dependencies'],
    ],
    ['lacks a secret live', (action) => (live(action).secretNames = []), ['secret names']],
    [
      'has one secret too many live',
      (action) => (live(action).secretNames = ['API_KEY', 'OLD']),
      ['secret names'],
    ],
    ['could not be built', (action) => (action.status = 'failed'), ['build failed']],
    [
      'has secrets that were set and not deployed, as a killed run leaves it',
      (action) => (action.allChangesDeployed = false),
      ['secrets set but not deployed'],
    ],
    [
      'has other code and another runtime',
      (action) => Object.assign(live(action), { code: '// x\n', runtime: 'node18' }),
      ['code', 'runtime'],
    ],
  ])('is updated when it %s', (_, edit, reasons) => {
    const plan = planAfter(edit)
    expect(plan.actions).toMatchObject([{ change: 'update', reasons }])
    expect(hasChanges(plan)).toBe(true)
  })

  test('is updated, once, when its secrets are to be rotated', () => {
    expect(planAfter(() => undefined, { rotateSecrets: true }).actions).toMatchObject([
      { change: 'update', reasons: ['rotate secrets'] },
    ])
  })

  test('without secrets is not touched by a rotation', () => {
    const plain = aRepository([aRepositoryAction('plain')])
    const tenant = aTenant({ deployed: plain, bound: ['plain'] })
    expect(hasChanges(planDeployment(plain, tenant, { rotateSecrets: true }))).toBe(false)
  })

  test('shows a unified diff, dependencies, and when each secret was last set', () => {
    const [action] = planAfter((found) => {
      live(found).code = build('first', 'before').code
      live(found).dependencies = []
      found.secretsSetAt['OLD'] = '2026-10-01T00:00:00.000Z'
    }).actions
    expect(action?.codeDiff).toContain('-exports.onExecutePostLogin = async () => {} // before\n+')
    expect(action?.dependencies).toEqual(['lodash none -> 4.17.21'])
    expect(action?.secrets).toEqual([
      { name: 'API_KEY', change: 'set', setAt: '2026-11-01T10:00:00.000Z' },
      { name: 'OLD', change: 'remove', setAt: '2026-10-01T00:00:00.000Z' },
    ])
  })
})

describe('what needs a person', () => {
  const edited = `${first.code}// changed in the dashboard\n`

  test('a new Action shows how many lines it has, and none of them', () => {
    const plan = planDeployment(aRepository(), aTenant())
    const text = renderPlan(plan)
    expect(text).toContain('code: 2 lines, all new')
    expect(text).not.toContain('onExecutePostLogin')
  })

  test('code that was edited in the dashboard since our build is drift', () => {
    const plan = planAfter((action) => (live(action).code = edited))
    expect(plan.notes).toEqual([
      { kind: 'drift', action: 'first', text: expect.stringContaining(first.hash.slice(0, 12)) },
    ])
    expect(renderPlan(plan)).toContain('-// changed in the dashboard')
  })

  test('an earlier build of ours is an update and no drift', () => {
    const plan = planAfter((action) => (live(action).code = build('first', 'earlier').code))
    expect(plan.notes).toEqual([])
  })

  test('code of nobody known is taken over, and that is said', () => {
    const plan = planAfter((action) => (live(action).code = 'exports.onExecutePostLogin = 1'))
    expect(plan.notes).toMatchObject([{ kind: 'taken_over', action: 'first' }])
  })

  test('a draft that is not live is left alone, and is drift', () => {
    const plan = planAfter((action) => {
      action.draft.code = edited
      action.allChangesDeployed = false
    })
    expect(plan.notes).toMatchObject([{ kind: 'draft', action: 'first' }])
    expect([hasChanges(plan), hasDrift(plan)]).toEqual([false, true])
  })

  test('a draft that a deploy overwrites is named', () => {
    const plan = planAfter((action) => {
      action.draft.code = edited
      live(action).runtime = 'node18'
      action.allChangesDeployed = false
    })
    expect(plan.notes).toMatchObject([{ text: expect.stringContaining('overwrites') }])
  })

  test('an Action that a build like ours made and tenant.yaml lacks is left over, never deleted', () => {
    const tenant = aTenant({ deployed: repository, bound: ['first', 'old'] })
    tenant.actions.push(aTenantAction(aRepositoryAction('old')))
    const plan = planDeployment(repository, tenant)
    expect(plan.notes).toMatchObject([{ kind: 'left_over', action: 'old' }])
    expect(plan.deletions).toEqual([])
    expect(hasChanges(plan)).toBe(false)
  })
})

describe('a plan that is refused', () => {
  test('when a marketplace Action has the name', () => {
    expect(planAfter((action) => (action.isInstalled = true)).problems).toMatchObject([
      { path: 'first', message: expect.stringContaining('marketplace'), code: 'name_taken' },
    ])
  })

  test('when the name is taken for another trigger', () => {
    const plan = planAfter(
      (action) => (action.triggers = [{ id: 'pre-user-registration', version: 'v2' }]),
    )
    expect(plan.problems).toMatchObject([
      { message: expect.stringContaining('pre-user-registration'), code: 'name_taken' },
    ])
  })

  test('when others leave no room in the trigger, and names them', () => {
    const others = Array.from({ length: 20 }, (_, index) => `other-${index}`)
    expect(planDeployment(repository, aTenant({ bound: others })).problems).toMatchObject([
      {
        path: 'post-login',
        message: expect.stringMatching(/21 bindings; Auth0 takes 20.*other-0, other-1/),
        code: 'too_many_bindings',
      },
    ])
  })

  test.each([
    ['--prune of what tenant.yaml lists', { prune: ['first'] }, '--prune first', /in tenant.yaml/],
    [
      '--prune of what no build of ours made',
      { prune: ['theirs'] },
      '--prune theirs',
      /not ours to delete/,
    ],
  ])('%s', (_, options, path, problem) => {
    const tenant = aTenant({ deployed: repository, bound: ['first', 'theirs'] })
    const theirs = aTenantAction(aRepositoryAction('theirs', { code: '// theirs\n' }))
    tenant.actions.push(theirs)
    expect(planDeployment(repository, tenant, options).problems).toMatchObject([
      { path, message: expect.stringMatching(problem), code: 'prune_refused' },
    ])
  })
})

describe('a part of it', () => {
  const both = aRepository()

  test('--only plans that Action and leaves the order of the others', () => {
    const tenant = aTenant({ deployed: both, bound: ['second', 'theirs', 'first'] })
    const plan = planDeployment(both, tenant, { only: ['second'] })
    expect(plan.actions.map(({ name }) => name)).toEqual(['second'])
    expect(hasChanges(plan)).toBe(false)
  })

  test('--only binds that Action when it is not bound', () => {
    const tenant = aTenant({ deployed: both, bound: ['theirs', 'first'] })
    const [bindings] = planDeployment(both, tenant, { only: ['second'] }).bindings
    expect(bindings?.after.map(({ actionName }) => actionName)).toEqual([
      'theirs',
      'first',
      'second',
    ])
  })

  test('--prune shows what it unbinds, and a pruned Action that is gone is nothing to do', () => {
    const tenant = aTenant({ deployed: both, bound: ['old', 'first', 'second'] })
    tenant.actions.push(aTenantAction(aRepositoryAction('old')))
    const plan = planDeployment(both, tenant, { prune: ['old', 'gone'] })
    expect(plan.deletions).toEqual([{ name: 'old', id: 'id-old', unbinds: ['post-login'] }])
    expect(plan.notes).toEqual([])
    expect(renderPlan(plan)).toContain('- old: is taken from post-login\n- old: is deleted')
  })
})

describe('the rendered plan', () => {
  const tenant = aTenant({ bound: ['theirs'] })

  test('lists bindings before and after, in order, and says which are not ours', () => {
    expect(renderPlan(planDeployment(aRepository(), tenant))).toContain(
      [
        '~ bindings of post-login:',
        '        before             after',
        '     1  theirs (not ours)  theirs (not ours)',
        '     2                     first',
        '     3                     second',
      ].join('\n'),
    )
  })

  test('lets no name steer the terminal or the Markdown', () => {
    const evil = '\u001b[2J`<img src=x>|'
    const plan = planDeployment(aRepository(), aTenant({ bound: [evil] }))
    expect(renderPlan(plan)).not.toContain('\u001b')
    expect(renderPlanMarkdown(plan)).toContain('&#96;&#60;img src=x&#62;&#124;')
  })

  test('is a table of Actions in Markdown, with a row for each', () => {
    const markdown = renderPlanMarkdown(planDeployment(aRepository(), tenant))
    const rows = parse(marked.parse(markdown, { async: false })).querySelectorAll('table tr')
    expect(rows.map((row) => row.querySelectorAll('th, td')[1]?.text)).toEqual([
      'Action',
      'first',
      'second',
    ])
  })

  test('keeps Markdown within what a comment takes', () => {
    const long = build('first', 'x'.repeat(70_000))
    const plan = planDeployment(
      aRepository([aRepositoryAction('first', long)]),
      aTenant({ deployed: aRepository([aRepositoryAction('first')]), bound: ['first'] }),
    )
    const text = renderPlanMarkdown(plan)
    expect(text.length).toBeLessThan(60_000)
    expect(text).toContain('too long for a comment')
  })

  test('folds each diff behind a fence that the code cannot close', () => {
    const plan = planAfter((action) => (live(action).code = 'x\n```\n````\n'))
    expect(renderPlanMarkdown(plan)).toContain('`````diff\n')
  })
})
