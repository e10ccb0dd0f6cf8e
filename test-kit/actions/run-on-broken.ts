import type { Event, PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { captureConsole } from '../../local-tenant/api/capture-console.ts'
import { ActionLog } from '../../local-tenant/api/action-log.ts'
import { createPostLoginApi } from '../../local-tenant/api/post-login-api.ts'

/**
 * Runs a handler on an event that Auth0 would never send, as it stands: `runHandler` wants a whole
 * one. Rejects when the handler does.
 */
export const runOnBroken = async (
  handler: (event: Event, api: PostLoginAPI) => Promise<void>,
  event: unknown,
) => {
  const { api, result } = createPostLoginApi(event as Event)
  const log = new ActionLog()
  await captureConsole(log, async () => handler(event as Event, api))
  return { result, logs: log.lines.map(({ message }) => message) }
}
