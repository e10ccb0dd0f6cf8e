import { CommandFailure } from '../../cli/failure.ts'
import type { ActionEvent } from '../../actions/shared/event.ts'
import { isObject } from '../../local-tenant/json.ts'

/**
 * An event from a file, with what mapping can do without filled in: client, identities and both
 * metadata objects. Throws an error whose message says what is missing.
 */
export const parseEvent = (text: string): ActionEvent => {
  const event = parseJson(text)
  if (!isObject(event))
    throw new CommandFailure('event_invalid', 'The event must be a JSON object, { "user": …, … }.')
  const { user, connection, client, organization } = event
  if (!isObject(user)) throw new CommandFailure('event_invalid', 'The event has no "user" object.')
  if (!isObject(connection))
    throw new CommandFailure('event_invalid', 'The event has no "connection" object.')
  for (const name of ['name', 'strategy']) {
    if (typeof connection[name] !== 'string') {
      throw new CommandFailure('event_invalid', `The event has no text in connection.${name}.`)
    }
  }
  if (organization !== undefined && !isObject(organization)) {
    throw new CommandFailure('event_invalid', 'The event has an "organization" that is no object.')
  }
  const parsed = {
    ...event,
    client: isObject(client) ? client : { client_id: '', name: '', metadata: {} },
    user: {
      email_verified: false,
      app_metadata: {},
      user_metadata: {},
      ...onlyIdentity(connection, user),
      ...user,
    },
  }
  return parsed as unknown as ActionEvent
}

/** An event without identities is that of a user who has one: of the connection used now. */
const onlyIdentity = (connection: Record<string, unknown>, user: Record<string, unknown>) => {
  const { user_id: userId = `${String(connection['strategy'])}|preview` } = user
  const [provider = '', ...rest] = String(userId).split('|')
  return {
    user_id: userId,
    identities: [{ connection: connection['name'], provider, user_id: rest.join('|') }],
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CommandFailure(
      'event_invalid',
      `The event is not JSON: ${(error as Error).message}`,
      { cause: error },
    )
  }
}
