import { expect, test } from '@jest/globals'
import { nothingDone } from '../../deploy/done.ts'
import { planDeployment } from '../../deploy/plan-deployment.ts'
import { renderOutcome, renderOutcomeMarkdown } from '../../deploy/render-outcome.ts'
import { aRepository, aTenant } from '../../test-kit/deploy/builders.ts'

test.each([
  ['was undone', ['first: version 1 deployed again'], [], []],
  ['wrote nothing', [], [], []],
  ['was undone in part', ['first: deleted'], ['second: stays'], []],
  ['could not be undone', ['first: deleted'], [], ['second: failed']],
])('the summary of a failed deploy says that it %s only when it did', (end, done, left, failed) => {
  const text = renderOutcomeMarkdown({
    kind: 'restored',
    plan: planDeployment(aRepository(), aTenant()),
    code: 'build_failed',
    reason: [],
    done: nothingDone(),
    restored: { done, left, failed },
  })
  expect(text.split('\n')[0]).toMatch(new RegExp(`: failed, and ${end}$`))
})

test('a failed deploy that could not look at the tenant does not say that nothing was written', () => {
  const text = renderOutcome({
    kind: 'restored',
    plan: planDeployment(aRepository(), aTenant()),
    code: 'tenant_failed',
    reason: [],
    done: nothingDone(),
    restored: { done: [], left: [], failed: ['example.eu.auth0.com: it did not answer'] },
  })
  expect(text).not.toContain('Nothing was written')
  expect(text).toContain('Nobody knows whether something was written')
  expect(text).toContain('it did not answer')
})
