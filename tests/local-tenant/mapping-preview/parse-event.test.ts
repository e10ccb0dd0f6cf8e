import { expect, test } from '@jest/globals'
import { readIdpFacts } from '../../../actions/map-idp-attributes/facts.ts'
import { parseEvent } from '../../../local-tenant/mapping-preview/parse-event.ts'

const CONNECTION = { name: 'corp', strategy: 'samlp' }

test('user and connection are enough for an event', () => {
  const event = parseEvent(JSON.stringify({ user: { a: 1 }, connection: CONNECTION }))
  expect(readIdpFacts(event)).toMatchObject({
    strategy: 'samlp',
    connection: 'corp',
    client: '',
    organization: [],
    emailVerified: false,
    isRefreshExchange: false,
    profile: { a: 1 },
    metadata: { app_metadata: {}, user_metadata: {} },
  })
})

test.each([
  ['[', /^The event is not JSON: /],
  ['[]', /must be a JSON object/],
  ['null', /must be a JSON object/],
  ['{}', /no "user" object/],
  ['{"user":[]}', /no "user" object/],
  ['{"user":{}}', /no "connection" object/],
  ['{"user":{},"connection":{"name":"a"}}', /no text in connection\.strategy/],
  ['{"user":{},"connection":{"name":"a","strategy":"b"},"organization":1}', /organization/],
])('%s is refused with one sentence', (text, message) => {
  expect(() => parseEvent(text)).toThrow(message)
})
