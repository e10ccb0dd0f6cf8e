import { describe, expect, test } from '@jest/globals'
import { manifestOf } from '../../../actions/enrich-profile/manifest.ts'
import {
  checkSettings,
  type EnrichProfileSettings,
} from '../../../actions/enrich-profile/schema.ts'
import { settings } from '../../../test-kit/fixture/actions/enrich-profile/settings.ts'

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

test('the settings of the fixture are good', () => {
  expect(checkSettings(settings)).toEqual([])
})

test('the manifest names the keys and secrets that the settings ask for, and no other', () => {
  const { writes, reads, secrets } = manifestOf({
    ...settings,
    signUpFields: { city: { type: 'string', maxLength: 5 } },
    refusedSignUpFields: ['consent'],
    preferredLanguage: { key: 'lang', supported: ['en'] },
    tasks: ['assign_customer_id'],
    lookups: {
      crm: {
        ...customer,
        urlSecret: 'CRM_URL',
        tokenSecret: 'CRM_TOKEN',
        id: ['crm', 'id'],
        pick: { tier: { path: ['t'], type: 'boolean' } },
      },
    },
  })
  expect([...writes].sort()).toEqual([
    'app_metadata.activity',
    'app_metadata.customer_id',
    'app_metadata.lookups.crm.fetched_at',
    'app_metadata.lookups.crm.retry_at',
    'app_metadata.lookups.crm.tier',
    'app_metadata.tasks.assign_customer_id',
    'user_metadata.city',
    'user_metadata.consent',
    'user_metadata.lang',
  ])
  expect(reads).toEqual([
    { path: 'lookups.crm.id', metadata: 'app_metadata', names: ['crm', 'id'] },
  ])
  expect(secrets).toEqual(['CRM_URL', 'CRM_TOKEN'])
  expect(manifestOf({ ...settings, tasks: [], lookups: {} })).toMatchObject({
    reads: [],
    secrets: [],
  })
})

describe('refused, by its place:', () => {
  test.each<[string, Partial<EnrichProfileSettings>, string]>([
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
      'signUpFields.company.max is NaN',
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
      'a task named twice',
      { tasks: ['assign_customer_id', 'assign_customer_id'] },
      'tasks names one twice',
    ],
    ['a look-up with an odd name', { lookups: { 'a.b': customer } }, 'lookups["a.b"] is not'],
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
      'lookups.customer.pick["a.b"]',
    ],
    ['a budget of nothing', { budgetMs: 0 }, 'budgetMs is not'],
    ['a budget beyond five seconds', { budgetMs: 5001 }, 'budgetMs is not'],
    [
      'a language that is none',
      { preferredLanguage: { key: 'preferred_language', supported: ['en', 'de_DE'] } },
      'preferredLanguage.supported',
    ],
  ])('%s', (_title, changed, problem) => {
    const problems = problemsOf(changed)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.startsWith(problem)).toBe(true)
  })
})
