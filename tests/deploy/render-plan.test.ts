import { expect, test } from '@jest/globals'
import { nothingDone } from '../../deploy/done.ts'
import { planDeployment } from '../../deploy/plan-deployment.ts'
import { renderOutcome } from '../../deploy/render-outcome.ts'
import { renderPlan, renderPlanMarkdown } from '../../deploy/render-plan.ts'
import { aRepository, aRepositoryAction, aTenant } from '../../test-kit/deploy/builders.ts'

const plan = planDeployment(
  aRepository([
    aRepositoryAction('first', { secretNames: ['API_KEY'], code: 'new\n', runtime: 'node24' }),
    aRepositoryAction('third'),
  ]),
  aTenant({ deployed: aRepository(), bound: ['first', 'second'] }),
)

test('a plan says what is changed and why, what is not on record, and the sum', () => {
  const text = renderPlan(plan)
  expect(text.slice(0, text.indexOf('    --- live')).split('\n')).toEqual([
    expect.stringMatching(/^Plan for example\.eu\.auth0\.com, bundles sha256:[0-9a-f]{12}$/),
    'On record: no deploy',
    '',
    '~ first: update, version 1 -> 2 (code, runtime)',
    '    runtime node22 -> node24',
    '    secret API_KEY: will be set (last set 2026-11-01T10:00:00Z)',
    '',
  ])
  expect(text.slice(text.indexOf('+ third')).split('\n')).toEqual([
    '+ third: create',
    '    runtime node22',
    '    code: 2 lines, all new',
    '~ bindings of post-login:',
    '        before             after',
    '     1  first              first',
    '     2  second (not ours)  third',
    '     3                     second (not ours)',
    '',
    'In no record (who made it, and whether a secret was replaced, cannot be told):',
    '  - first runs version 1 of 2026-11-01T10:00:00Z, secrets API_KEY 2026-11-01T10:00:00Z; a deploy replaces it',
    '',
    'To know:',
    '  - second was built by a repository like this one and is not in tenant.yaml. If it is yours: npm run deploy -- --prune second',
    '',
    '1 to create, 1 to update, 0 unchanged, bindings of post-login to change.',
  ])
})

test('a plan for a pull request is a table with every reason', () => {
  const text = renderPlanMarkdown(plan)
  expect(text).toContain(
    '| update | `first` | 1 → 2 | code, runtime | `API_KEY` set (2026-11-01) |\n| create | `third` | 1 | new |  |\n',
  )
  expect(text).toContain('- before: **first** → second\n- after: **first** → **third** → second\n')
})

test('a deploy says each change that it made, and what the Deploy CLI complained about in lines', () => {
  const lines = renderOutcome({
    kind: 'deployed',
    plan,
    done: { ...nothingDone(), deleted: ['second'] },
    left: [],
    seconds: 3,
    warning: 'one\ntwo',
  }).split('\n')
  expect(lines).toEqual([
    expect.stringMatching(
      /^Deployed to example\.eu\.auth0\.com and read back in 3 s: first updated \([0-9a-f]{12}\), third created \([0-9a-f]{12}\), second deleted\.$/,
    ),
    expect.stringMatching(/^Live bundles: sha256:[0-9a-f]{64}$/),
    'The Deploy CLI wrote all of it, and complained:',
    'one',
    'two',
  ])
})
