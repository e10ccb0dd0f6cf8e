import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseUser, type ExportedUser } from '../../reports/parse-user.ts'
import { TIME } from '../../test-kit/reports/documents.ts'

const parse = (line: string) => parseUser(Buffer.from(line), 'terms')

const userOf = (value: unknown): ExportedUser => {
  const parsed = parse(JSON.stringify(value))
  if (parsed.kind !== 'user') throw new Error(`not a user but ${parsed.kind}`)
  return parsed.user
}

describe('a line of an export', () => {
  test.each([
    ['{"user_id":"auth0|1"', 'not JSON'],
    ['user_id,email', 'not JSON'],
    ['[{"user_id":"auth0|1"}]', 'JSON, but a list and not an object'],
    ['"auth0|1"', 'JSON, but not an object'],
    ['null', 'JSON, but not an object'],
  ])('%s is malformed: %s', (line, problem) => {
    expect(parse(line)).toEqual({ kind: 'malformed', problem })
  })

  test('that was too long to keep is malformed', () => {
    expect(parseUser(undefined, 'terms')).toEqual({
      kind: 'malformed',
      problem: 'longer than 1 MB',
    })
  })

  test.each(['', ' ', '\t'])('with %j is no line', (line) => {
    expect(parse(line)).toEqual({ kind: 'empty' })
  })

  test('may be anything without an error', () => {
    const name = fc.constantFrom(
      ...['app_metadata', 'terms', 'documents', 'history', 'identities', 'connection', 'version'],
      ...['app_metadata.terms', 'app_metadata.terms.documents.a.version', 'app_metadata.terms.'],
      ...['__proto__', 'constructor', 'toString', 'accepted_at', 'deferred_at', '0'],
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(null, true, 1, '', 'text', TIME),
        fc.array(tie('value'), { maxLength: 2 }),
        fc.dictionary(name, tie('value'), { maxKeys: 4 }),
      ),
    }))
    fc.assert(
      fc.property(value, (content) => {
        expect(['user', 'malformed']).toContain(parse(JSON.stringify(content)).kind)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['{"app_metadata":{"terms":{"documents":', '{"a":', '}', '}}}'],
    [`{"app_metadata.terms${'.a'.repeat(200_000)}":`, '', '', '1}'],
  ])('may be nested as deep as a line is long: %s', (before, open, close, after) => {
    const line = `${before}${open.repeat(50_000)}1${close.repeat(50_000)}${after}`
    expect(parse(line).kind).not.toBe('empty')
  })
})

describe('the connection of a user', () => {
  const linked = [{ connection: 'first' }, { connection: 'second' }]
  test.each<[string, object, string | undefined]>([
    ['is that of the first identity', { identities: linked }, 'first'],
    ['may be a flat key', { 'identities[0].connection': 'flat' }, 'flat'],
    ['may have been exported as connection', { connection: 'named' }, 'named'],
    ['may have been exported as Connection', { Connection: 'named' }, 'named'],
    ['may have been exported as provider', { provider: 'named' }, 'named'],
    ['is the nested one of two', { identities: linked, connection: 'named' }, 'first'],
    ['may have a dot and an underscore', { connection: 'acme_saml.eu' }, 'acme_saml.eu'],
    ['is unknown without identities', {}, undefined],
    ['is unknown with no identity', { identities: [] }, undefined],
    ['is unknown with identities of another form', { identities: 'x' }, undefined],
    ['is unknown when it is an e-mail address', { provider: 'ann@example.com' }, undefined],
    ['is unknown when it is no text', { connection: { name: 'x' } }, undefined],
    ['is unknown when it steers a terminal', { connection: 'a\u001b[2J' }, undefined],
    ['is unknown when it is longer than a name', { connection: 'a'.repeat(129) }, undefined],
  ])('%s', (_, user, connection) => {
    expect(userOf(user).connection).toBe(connection)
  })
})

const STATE = { version: '2026-01', accepted_at: TIME }
const TERMS = { documents: { terms: STATE } }

describe('the record of a user', () => {
  test.each<[string, object]>([
    ['nested', { app_metadata: { terms: TERMS } }],
    ['flat', { app_metadata: null, 'app_metadata.terms': TERMS }],
    ['flat beside app_metadata', { app_metadata: { x: 1 }, 'app_metadata.terms': TERMS }],
    ['flat to its documents', { 'app_metadata.terms.documents': { terms: STATE } }],
    [
      'flat to its leaves',
      {
        'app_metadata.terms.documents.terms.version': STATE.version,
        'app_metadata.terms.documents.terms.accepted_at': STATE.accepted_at,
        'app_metadata.terms.history': null,
      },
    ],
    ['exported as terms', { terms: TERMS }],
    ['of the older form', { app_metadata: { terms: { ...STATE, locale: 'en' } } }],
    [
      'of the older form, flat',
      { 'app_metadata.terms.version': '2026-01', 'app_metadata.terms.accepted_at': TIME },
    ],
  ])('is read when it is %s', (_, user) => {
    const { record, hasAppMetadata, isReadable } = userOf(user)
    expect(record.documents.get('terms')).toMatchObject(STATE)
    expect({ hasAppMetadata, isReadable }).toEqual({ hasAppMetadata: true, isReadable: true })
  })

  test.each<[string, unknown]>([
    ['app_metadata is a text', 'x'],
    ['app_metadata is a list', [1]],
    ['the record is true', { terms: true }],
    ['the record is a list', { terms: [] }],
    ['the older form has no time', { terms: { version: '2026-01' } }],
    ['the documents are a text', { terms: { documents: 'terms' } }],
    ['an answer is a text', { terms: { documents: { terms: 'accepted', news: STATE } } }],
    [
      'an answer is two at once',
      { terms: { documents: { terms: { ...STATE, declined_at: TIME } } } },
    ],
    ['a time is none', { terms: { documents: { terms: { ...STATE, accepted_at: 'now' } } } }],
    ['the history is an object', { terms: { ...TERMS, history: {} } }],
    ['an entry of the history is of another form', { terms: { ...TERMS, history: [STATE, 1] } }],
    ['a document is called __proto__', JSON.parse('{"terms":{"documents":{"__proto__":{}}}}')],
    ['a document is called like nothing', { terms: { documents: { constructor: {} } } }],
  ])('is unreadable when %s', (_, appMetadata) => {
    const { isReadable, hasAppMetadata } = userOf({ app_metadata: appMetadata })
    expect({ isReadable, hasAppMetadata }).toEqual({ isReadable: false, hasAppMetadata: true })
  })

  test('is unreadable when it is a text and no document is required', () => {
    const line = '{"app_metadata":{"terms":{"documents":"terms"}}}'
    expect(parseUser(Buffer.from(line), undefined)).toMatchObject({ user: { isReadable: false } })
  })

  test('is read as far as it can be', () => {
    const { record } = userOf({ app_metadata: { terms: { documents: { terms: STATE, x: 1 } } } })
    expect(record.documents.get('terms')).toEqual(STATE)
  })

  test.each<[string, object, boolean]>([
    ['without app_metadata', {}, false],
    ['when app_metadata is null', { app_metadata: null }, false],
    ['when app_metadata has no record', { app_metadata: { plan: 'pro' } }, true],
    ['when another member was exported', { 'app_metadata.plan': 'pro' }, true],
    ['when the record is null', { app_metadata: { terms: null } }, true],
    ['when the record is null, flat', { 'app_metadata.terms.version': null }, true],
    ['when the record is empty', { app_metadata: { terms: {} } }, true],
    ['when an attribute has its name', { terms: 'yes' }, false],
  ])('is empty and no problem %s', (_, user, hasAppMetadata) => {
    const { record, ...rest } = userOf(user)
    expect(rest).toMatchObject({ isReadable: true, hasAppMetadata })
    expect(record.history).toEqual([])
    expect([...record.documents.values()].flatMap((state) => Object.keys(state))).toEqual([])
  })
})
