import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { createPostLoginApi } from '../../local-tenant/api/post-login-api.ts'
import type { ApiResult } from '../../local-tenant/api/result.ts'
import type { ApiOptions } from '../../local-tenant/api/run.ts'
import { buildEvent, type EventOverrides } from '../actions/event.ts'

/** 20 November 2026, 09:00 UTC. */
export const NOW = Date.UTC(2026, 10, 20, 9)

export const SECRET = 'a-signing-key-of-more-than-32-bytes!'

export const newApi = (
  overrides: EventOverrides = {},
  options: ApiOptions = {},
): { api: PostLoginAPI; result: ApiResult; event: ReturnType<typeof buildEvent> } => {
  const event = buildEvent(overrides)
  return { event, ...createPostLoginApi(event, { now: () => NOW, ...options }) }
}
