import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import * as client from 'openid-client'
import { PEOPLE_PASSWORD } from '../../../local-tenant/seed/people.ts'
import {
  action,
  bindActions,
  CALLBACK,
  CARA,
  CARA_ID,
  openAuthorize,
  redeem,
  signIn,
  startTestTenant,
  type TestTenant,
} from './oidc-harness.ts'

let test_: TestTenant
let application: client.Configuration

beforeAll(async () => {
  test_ = await startTestTenant()
  application = await test_.application()
})

afterAll(() => test_.close())

beforeEach(() => {
  bindActions(test_.state, [])
})

describe('the code flow', () => {
  test('signs a user in', async () => {
    const login = await signIn(test_.browser(), application, CARA)
    const tokens = await redeem(application, login)
    expect(tokens.claims()).toMatchObject({ sub: CARA_ID, email: CARA })
  })
})
