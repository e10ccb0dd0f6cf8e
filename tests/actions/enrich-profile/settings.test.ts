import { describe, expect, test } from '@jest/globals'
import {
  checkSettings,
  settings,
  type EnrichProfileSettings,
} from '../../../actions/enrich-profile/settings.ts'

const problemsOf = (changed: Partial<EnrichProfileSettings>) =>
  checkSettings({ ...settings, ...changed }).map(({ path, message }) => `${path} ${message}`)

const customer = settings.lookups['customer']
if (customer === undefined) throw new Error('the example has no look-up')
const lookup = (changed: object): Partial<EnrichProfileSettings> => ({
  lookups: { customer: { ...customer, ...changed } },
})
const field = (declared: EnrichProfileSettings['signUpFields'][string]) => ({
  signUpFields: { company: declared },
})

test('the settings of this repository are good', () => {
  expect(checkSettings()).toEqual([])
})

test('a team without look-ups is told which secrets are left over', () => {
  expect(problemsOf({ lookups: {} })).toEqual([
    'lookups do not use CUSTOMER_URL; take it out of manifest.secrets and tenant.yaml',
    'lookups do not use CUSTOMER_TOKEN; take it out of manifest.secrets and tenant.yaml',
  ])
})

describe('refused, by its place:', () => {
  test.each<[string, Partial<EnrichProfileSettings>, string]>([
    [
      'a field that the manifest does not name',
      { signUpFields: { city: { type: 'string', maxLength: 5 } } },
      'signUpFields.city is not among manifest.writes',
    ],
    [
      'a text without a length',
      field({ type: 'string', maxLength: 0 }),
      'signUpFields.company.maxLength',
    ],
    [
      'a text longer than Auth0 takes',
      field({ type: 'string', maxLength: 501 }),
      'signUpFields.company.maxLength',
    ],
    [
      'a choice with spaces',
      field({ type: 'string', maxLength: 9, allowed: ['a '] }),
      'signUpFields.company.allowed',
    ],
    [
      'a choice too long',
      field({ type: 'string', maxLength: 1, allowed: ['ab'] }),
      'signUpFields.company.allowed',
    ],
    [
      'a min above its max',
      field({ type: 'integer', min: 2, max: 1 }),
      'signUpFields.company has a min',
    ],
    [
      'a limit that is no number',
      field({ type: 'number', max: NaN }),
      'signUpFields.company has a limit',
    ],
    [
      'a limit that is no day',
      field({ type: 'date', min: '2024-02-30' }),
      'signUpFields.company has a limit',
    ],
    [
      'a field that is kept and refused',
      { refusedSignUpFields: ['company'] },
      'refusedSignUpFields[0] "company" is kept as well',
    ],
    [
      'a refused field that the manifest does not name',
      { refusedSignUpFields: ['consent'] },
      'refusedSignUpFields[0] is not among manifest.writes',
    ],
    [
      'a task named twice',
      { tasks: ['assign_customer_id', 'assign_customer_id'] },
      'tasks names one twice',
    ],
    ['a look-up with an odd name', { lookups: { 'a.b': customer } }, 'lookups.a.b is not'],
    ['a look-up slower than 2 s', lookup({ timeoutMs: 2001 }), 'lookups.customer.timeoutMs'],
    [
      'a look-up that is never fresh',
      lookup({ freshForHours: 0 }),
      'lookups.customer.freshForHours',
    ],
    ['a look-up of nothing', lookup({ pick: {} }), 'lookups.customer.pick is empty'],
    ['a look-up by an empty name', lookup({ id: [''] }), 'lookups.customer.id'],
    [
      'a value with a name of ours',
      lookup({ pick: { fetched_at: { path: ['a'], type: 'boolean' } } }),
      'lookups.customer.pick.fetched_at',
    ],
    [
      'a value with a name that Auth0 refuses',
      lookup({ pick: { 'a.b': { path: ['a'], type: 'boolean' } } }),
      'lookups.customer.pick.a.b',
    ],
    ['a budget of nothing', { budgetMs: 0 }, 'budgetMs is not'],
    ['a budget beyond five seconds', { budgetMs: 5001 }, 'budgetMs is not'],
    [
      'a language that is none',
      { preferredLanguage: { key: 'preferred_language', supported: ['en', 'de_DE'] } },
      'preferredLanguage.supported',
    ],
    [
      'a language under another key',
      { preferredLanguage: { key: 'lang', supported: ['en'] } },
      'preferredLanguage.key is not among manifest.writes',
    ],
  ])('%s', (_title, changed, problem) => {
    const problems = problemsOf(changed)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.startsWith(problem)).toBe(true)
  })

  test('a secret that the manifest does not name', () => {
    expect(problemsOf(lookup({ urlSecret: 'OTHER' }))).toEqual([
      'lookups.customer.urlSecret "OTHER" is not among manifest.secrets',
      expect.stringContaining('do not use CUSTOMER_URL'),
    ])
  })
})
