import { CommandFailure } from '../../cli/failure.ts'
import type { ActionEvent } from '../../actions/shared/event.ts'
import type { LocalFetch } from '../local-fetch.ts'
import type { RunningTenant } from '../running.ts'
import { DATABASE, people } from '../seed/people.ts'
import { connectTenant, findNamed } from '../sign-in/connect-tenant.ts'
import type { User } from '../../local-tenant/store.ts'
import { makePersonEvent } from './make-person-event.ts'

/** Where somebody may be found whom no seed made: a person who signed up. */
const DEFAULT_CLIENT = 'web-app'

/**
 * The next sign-in of somebody whom the running tenant, or one of its identity providers, knows.
 * Throws an error whose message says what there is instead.
 */
export const findPersonEvent = async (
  options: { user: string; connection?: string; client?: string },
  running: RunningTenant,
  fetch: LocalFetch,
): Promise<ActionEvent> => {
  const email = options.user.toLowerCase()
  const person = people.find((known) => known.email === email)
  const tenant = await connectTenant(running, fetch)

  const connectionName = options.connection ?? person?.connection ?? DATABASE
  const connection = findNamed('connection', connectionName, await tenant.connections())
  const clientName = options.client ?? person?.clientId ?? DEFAULT_CLIENT
  const client = findNamed('application', clientName, await tenant.applications())
  const { user } = await tenant.look(email, connection.name)
  const event = makePersonEvent(
    { email, user: 'user_id' in user ? (user as User) : undefined, connection, client },
    Date.now,
  )
  if (event === undefined) {
    throw new CommandFailure(
      'not_found',
      `${connection.name} knows nobody with the address ${email}.`,
    )
  }
  return event
}
