import { describe, expect, test } from '@jest/globals'
import { checkWhen, checkWitnesses } from '../../../actions/shared/check-when.ts'
import type { When } from '../../../actions/shared/when.ts'

const at = (path: string, message: string) => [expect.objectContaining({ path, message })]

describe('a condition is refused', () => {
  test.each<[string, When, string, string]>([
    [
      'that compares a list',
      { role: { equals: 'editor' } },
      'when.role',
      'is a list in each sign-in, so it is never one value; write contains',
    ],
    [
      'that compares a list with several',
      { scope: { oneOf: ['a'] } },
      'when.scope',
      'is a list in each sign-in, so it is never one value; write contains',
    ],
    [
      'that looks into one value',
      { connection: { contains: 'corp' } },
      'when.connection',
      'is one value in each sign-in; write equals or oneOf',
    ],
    [
      'that matches one of known values',
      { country: { matches: { pattern: '^de$' } } },
      'when.country',
      'is one value in each sign-in; write equals or oneOf',
    ],
    [
      'that asks for an address that nobody verified',
      { attribute: { path: ['email'], matches: { pattern: '@example\\.com$' } } },
      'when.attribute.path',
      'is an address that nobody verified; ask for emailDomain',
    ],
    [
      'with a strategy that is nearly one',
      { strategy: { equals: 'saml' } },
      'when.strategy.equals',
      '"saml" is not a strategy that Auth0 knows: did you mean "samlp"?',
    ],
    [
      'with a number for a name',
      { organization: { equals: 7 } },
      'when.organization.equals',
      'is 7, and this is a string in each sign-in',
    ],
    [
      'with an empty name',
      { audience: { equals: ' ' } },
      'when.audience.equals',
      'is empty, so it never holds; give a name',
    ],
    [
      'with an empty name among several',
      { connection: { oneOf: ['corp', ''] } },
      'when.connection.oneOf[1]',
      'is empty, so it never holds; give a name',
    ],
    [
      'with a country that is none',
      { country: { equals: 'XX' } },
      'when.country.equals',
      '"XX" is not a country of ISO 3166-1, e.g. "DE"',
    ],
    [
      'with an address for a domain',
      { emailDomain: { equals: 'ada@example.com' } },
      'when.emailDomain.equals',
      '"ada@example.com" never matches; write the domain alone, in lower case',
    ],
    [
      'with a domain in upper case',
      { emailDomain: { equals: 'Example.com' } },
      'when.emailDomain.equals',
      '"Example.com" never matches; write the domain alone, in lower case',
    ],
    [
      'with a string for a flag',
      { emailVerified: { equals: 'yes' } },
      'when.emailVerified.equals',
      'is true or false in each sign-in',
    ],
    [
      'that wants no verified address and its domain',
      { emailVerified: { equals: false }, emailDomain: { equals: 'example.com' } },
      'when.emailVerified',
      'is false, and emailDomain asks for a verified address: both never hold',
    ],
    [
      'that is empty inside of another',
      { not: {} },
      'when.not',
      'is empty, so it always holds; name a condition or leave it out',
    ],
    [
      'inside of any',
      { any: [{ role: { contains: 'a' } }, { role: { equals: 'a' } }] },
      'when.any[1].role',
      'is a list in each sign-in, so it is never one value; write contains',
    ],
  ])('%s', (_, when, path, message) => {
    expect(checkWhen('when', when)).toEqual(at(path, message))
  })
})

test('a condition that can hold is taken', () => {
  expect(
    checkWhen('when', {
      role: { contains: 'editor' },
      connection: { oneOf: ['corp'] },
      country: { equals: 'DE' },
      emailVerified: { equals: true },
      emailDomain: { equals: 'example.com' },
      not: { protocol: { equals: 'samlp' } },
    }),
  ).toEqual([])
})

test('an exemption by the word of anybody but the tenant is said, with a reason', () => {
  const when: When = { country: { equals: 'DE' } }
  const missing = at(
    'restsOn.network',
    "is missing: when.country is the word of the network, and decides who is exempt. Write restsOn: { network: 'why this is right' }, or ask for what the tenant or an administrator says",
  )
  expect(checkWitnesses('restsOn', when, {})).toEqual(missing)
  expect(checkWitnesses('restsOn', when, { network: ' ' })).toEqual(missing)
  expect(checkWitnesses('restsOn', when, { network: 'Our office.' })).toEqual([])
  expect(checkWitnesses('restsOn', { connection: { equals: 'a' } }, { network: 'x' })).toEqual(
    at('restsOn.network', 'is the word of nobody that `when` asks; take it out'),
  )
})
