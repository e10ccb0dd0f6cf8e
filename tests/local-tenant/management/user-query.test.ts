import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseUserQuery } from '../../../local-tenant/management/user-query.ts'

const ADA = {
  user_id: 'auth0|1',
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  created_at: '2026-03-04T10:00:00.000Z',
  organization_id: ['org_one'],
  user_metadata: { language: 'en' },
  email_verified: true,
  logins_count: 3,
  app_metadata: {
    none: null,
    empty: [],
    plan: 'gold',
    terms: { version: '2' },
    groups: ['staff', 'admins'],
  },
  identities: [{ connection: 'Users' }, { connection: 'google-oauth2' }],
}

const read = (q: string) => {
  const query = parseUserQuery(q)
  if ('reason' in query) throw new Error(query.reason)
  return query.filter
}
const finds = (q: string): boolean => read(q)(ADA)

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
    'email.domain:"EXAMPLE.com"',
    'email: "ada@example.com"',
    'email:ada*',
    'email:*example.com',
    'name:ada*lace',
    'name:"ADA lovelace"',
    'app_metadata.plan:g*d',
    '_exists_:app_metadata.plan',
    'NOT email:"x"',
    '-email:"x"',
    'app_metadata.plan:gold AND NOT _exists_:blocked',
    'NOT (email:"x" OR email:"y")',
    'user_id:("x" OR "auth0|1")',
    'email:("x" OR ada*)',
    'logins_count:[1 TO 5]',
    'logins_count:[3 TO 3]',
    'logins_count:{2 TO 4}',
    'logins_count:[2 TO *]',
    'created_at:[2026-03-04 TO 2026-03-04]',
    'created_at:[2026-01-01 TO *]',
    'organization_id:org_one',
    'user_id:auth0\\|1',
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
    'app_metadata.plan:G*',
    'email:ada.*',
    'email:example*',
    'email.domain:"ada@example.com"',
    '-app_metadata.plan:gold',
    'NOT NOT email:"x"',
    '_exists_:blocked',
    '_exists_:app_metadata.none',
    '_exists_:app_metadata.empty',
    'user_id:("x" OR "y")',
    'logins_count:{3 TO 5}',
    'logins_count:{1 TO 3}',
    'logins_count:[4 TO *]',
    'logins_count:[* TO 2]',
    'created_at:{2026-03-04 TO *]',
    'name:[1 TO 5]',
  ])('%s', (q) => {
    expect(finds(q)).toBe(false)
  })
})

describe('what is not read is refused with the reason, never taken for "everyone"', () => {
  test.each([
    ['', 'ends too early'],
    ['ada', 'names no field: write field:ada'],
    ['email:*', 'Write _exists_:email'],
    ['email:**', 'Write _exists_:email'],
    ['email:*ad*', 'at least 3 characters'],
    ['email:"ada', 'cannot be read from here: email:"ada'],
    ['email:ada~', 'cannot be read from here: email:ada~'],
    ['email:ad?', 'cannot be read from here'],
    ['email:/ada/ email:"x"', 'cannot be read from here: email:"x"'],
    ['email:"x" email:"y"', 'cannot be read from here: email:"y"'],
    ['email:"x" AND', 'cannot be read from here: AND'],
    ['OR email:"x"', 'names no field'],
    ['(email:"x"', 'ends too early'],
    ['email:"x")', 'cannot be read from here: )'],
    ['email:"x" and email:"y"', 'cannot be read from here: and'],
    ['user_metadata.language:e*', 'no wildcards for user_metadata'],
    ['user_metadata.age:[1 TO 2]', 'no ranges for user_metadata'],
    ['_exists_:', '_exists_ needs a field'],
  ])('%s', (q, reason) => {
    expect(parseUserQuery(q)).toEqual({ reason: expect.stringContaining(reason) })
  })
})

test('law: no text makes it throw', () => {
  const word = fc.constantFrom('a:b', 'a:"b"', '(', ')', 'AND', 'OR', ':', '"', '\\', 'x')
  const text = fc.oneof(
    fc.string(),
    fc.array(word).map((words) => words.join(' ')),
  )
  fc.assert(
    fc.property(text, (q) => {
      const query = parseUserQuery(q)
      if ('filter' in query) query.filter(ADA)
    }),
  )
})

test('a quote in a value is written with a backslash', () => {
  expect(read('name:"the \\"x\\""')({ name: 'the "x"' })).toBe(true)
})
