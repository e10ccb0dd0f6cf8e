import { expect, test } from '@jest/globals'
import { readIdpFacts } from '../../../actions/map-idp-attributes/facts.ts'
import { parseEvent } from '../../../playground/mapping-preview/parse-event.ts'

const CONNECTION = { name: 'corp', strategy: 'samlp' }

test('user and connection are enough for an event', () => {
  const event = parseEvent(JSON.stringify({ user: { a: 1 }, connection: CONNECTION }))
  expect(readIdpFacts(event)).toMatchObject({
    strategy: 'samlp',
    connection: 'corp',
    client: '',
    organization: [],
    currentIdentity: { connection: 'corp', isPrimary: true },
    isRefreshExchange: false,
    profile: { a: 1 },
    metadata: { app_metadata: {}, user_metadata: {} },
  })
})

test.each([[undefined], ['samlp|corp|ada'], ['auth0|1']])(
  'an event without identities, of user_id %j, is that of a user who has one, used now',
  (user_id) => {
    const event = parseEvent(JSON.stringify({ user: { user_id }, connection: CONNECTION }))
    expect(readIdpFacts(event).currentIdentity).toMatchObject({ isPrimary: true })
  },
)

test('the identities of an event stay as they are', () => {
  const user = { user_id: 'a|1', identities: [] }
  const event = parseEvent(JSON.stringify({ user, connection: CONNECTION }))
  expect(readIdpFacts(event)).toMatchObject({ identities: [], currentIdentity: undefined })
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
