/** One version of a trigger as `GET /actions/triggers` shows it. */
export interface Trigger {
  id: string
  version: string
  status: 'CURRENT' | 'DEPRECATED'
  runtimes: string[]
  default_runtime: string
  binding_policy: 'trigger-bound' | 'entity-bound'
  compatible_triggers: { id: string; version: string }[]
}

/** What the API takes for `runtime`: node22 first, then the names older tenants still hold. */
export const RUNTIMES: readonly string[] = [
  'node22',
  'node18',
  'node18-actions',
  'node16',
  'node12',
]

export const DEFAULT_RUNTIME = 'node22'

const current = (id: string, version: string): Trigger => ({
  id,
  version,
  status: 'CURRENT',
  runtimes: ['node18-actions', 'node22'],
  default_runtime: 'node22',
  binding_policy: 'trigger-bound',
  compatible_triggers: [],
})

const deprecated = (id: string, version: string): Trigger => ({
  ...current(id, version),
  status: 'DEPRECATED',
  runtimes: ['node22'],
  default_runtime: 'node12',
})

const entityBound = (id: string): Trigger => ({
  ...current(id, 'v1'),
  runtimes: ['node22'],
  binding_policy: 'entity-bound',
})

/** Every trigger of a real tenant; only the flow of `post-login` runs here. */
export const TRIGGERS: readonly Trigger[] = [
  { ...current('post-login', 'v3'), compatible_triggers: [{ id: 'post-login', version: 'v2' }] },
  { ...deprecated('post-login', 'v2'), runtimes: ['node18', 'node22'], default_runtime: 'node16' },
  deprecated('post-login', 'v1'),
  current('credentials-exchange', 'v2'),
  deprecated('credentials-exchange', 'v1'),
  current('pre-user-registration', 'v2'),
  deprecated('pre-user-registration', 'v1'),
  current('post-user-registration', 'v2'),
  deprecated('post-user-registration', 'v1'),
  current('post-change-password', 'v2'),
  deprecated('post-change-password', 'v1'),
  current('send-phone-message', 'v2'),
  deprecated('send-phone-message', 'v1'),
  current('password-reset-post-challenge', 'v1'),
  current('custom-phone-provider', 'v1'),
  current('custom-email-provider', 'v1'),
  { ...entityBound('custom-token-exchange'), runtimes: ['node18', 'node22'] },
  entityBound('event-stream'),
  entityBound('password-hash-migration'),
  entityBound('mcp-tool'),
]

export const isTriggerId = (id: unknown): boolean => TRIGGERS.some((trigger) => trigger.id === id)

export const isTriggerVersion = (id: unknown, version: unknown): boolean =>
  TRIGGERS.some((trigger) => trigger.id === id && trigger.version === version)
