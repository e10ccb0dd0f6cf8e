import { expect, test } from '@jest/globals'
import { createRequestLog } from '../../../local-tenant/management/request-log.ts'

test('the log keeps the newest requests and counts all writes', () => {
  const log = createRequestLog(2)
  for (const status of [200, 201, 204]) log.record({ method: 'POST', path: '/users', status })
  expect(log.requests().map(({ status }) => status)).toEqual([201, 204])
  expect(log.writes()).toBe(3)
})
