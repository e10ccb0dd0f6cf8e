import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseUserQuery } from '../../../local-tenant/management/user-query.ts'

const ADA = {
  user_id: 'auth0|1',
  email: 'ada@example.com',
  email_verified: true,
  logins_count: 3,
  app_metadata: { plan: 'gold', terms: { version: '2' }, groups: ['staff', 'admins'] },
  identities: [{ connection: 'Users' }, { connection: 'google-oauth2' }],
}

const finds = (q: string): boolean | undefined => parseUserQuery(q)?.(ADA)

describe('a query finds the user', () => {
  test.each([
    'user_id:"auth0|1"',
    'email:"ada@example.com"',
    'email:"ADA@example.com"',
    'email_verified:true',
    'logins_count:3',
    'app_metadata.plan:gold',
    'app_metadata.terms.version:"2"',
    'app_metadata.groups:"admins"',
    'identities.connection:"google-oauth2"',
    'email:"x" OR app_metadata.plan:"gold"',
    'app_metadata.plan:"gold" AND email_verified:true',
    '(email:"x" OR user_id:"auth0|1") AND app_metadata.plan:"gold"',
    'app_metadata.plan:"gold" OR email:"x" AND email:"y"',
  ])('%s', (q) => {
    expect(finds(q)).toBe(true)
  })
})

describe('a query does not find the user', () => {
  test.each([
    'user_id:"auth0|2"',
    'app_metadata.plan:"Gold"',
    'app_metadata.plan:"gol"',
    'app_metadata:"[object Object]"',
    'app_metadata.none:"gold"',
    'constructor.name:"Object"',
    'email:"ada@example.com" AND app_metadata.plan:"silver"',
    '(app_metadata.plan:"gold" OR email:"x") AND email:"y"',
  ])('%s', (q) => {
    expect(finds(q)).toBe(false)
  })
})

describe('what is not read is refused, never taken for "everyone"', () => {
  test.each([
    '',
    'ada',
    'email:*',
    'email:"ada',
    'email:ada*',
    'NOT email:"x"',
    'email:"x" email:"y"',
    'email:"x" AND',
    'OR email:"x"',
    '(email:"x"',
    'email:"x")',
    'logins_count:[1 TO 5]',
    'email:"x" and email:"y"',
  ])('%s', (q) => {
    expect(parseUserQuery(q)).toBeUndefined()
  })
})

test('law: no text makes it throw', () => {
  const word = fc.constantFrom('a:b', 'a:"b"', '(', ')', 'AND', 'OR', ':', '"', '\\', 'x')
  const text = fc.oneof(
    fc.string(),
    fc.array(word).map((words) => words.join(' ')),
  )
  fc.assert(fc.property(text, (q) => void parseUserQuery(q)?.(ADA)))
})

test('a quote in a value is written with a backslash', () => {
  expect(parseUserQuery('name:"the \\"x\\""')?.({ name: 'the "x"' })).toBe(true)
})
