import { expect, test } from '@jest/globals'
import { problemAt } from '../../../actions/shared/problem.ts'

test('a problem has a place, a message and a code, and no message is no problem', () => {
  expect(problemAt('claims[0]', 'is wrong')).toEqual([
    { path: 'claims[0]', message: 'is wrong', code: 'setting_invalid' },
  ])
  expect(problemAt('tenant.yaml', 'is missing', 'file_missing')).toEqual([
    { path: 'tenant.yaml', message: 'is missing', code: 'file_missing' },
  ])
  expect(problemAt('claims[0]', undefined)).toEqual([])
})
