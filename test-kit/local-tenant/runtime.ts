import { applyProfileChanges, type ProfileChanges } from '../../local-tenant/api/profile-update.ts'
import type { BoundAction, EventData, ProfileStore } from '../../local-tenant/runtime/flow.ts'
import { buildEvent, type EventOverrides } from '../actions/event.ts'

let versions = 0

/** An Action from the body of its file, as a new version. */
export const action = (
  name: string,
  code: string,
  more: Partial<Pick<BoundAction, 'secrets' | 'dependencies' | 'versionId'>> = {},
): BoundAction => ({
  versionId: `version-${(versions += 1)}`,
  name,
  code,
  secrets: {},
  dependencies: [],
  ...more,
})

/** An Action whose `onExecutePostLogin` has this body. */
export const executing = (
  name: string,
  body: string,
  more: Parameters<typeof action>[2] = {},
): BoundAction => action(name, handler('onExecutePostLogin', body), more)

export const handler = (name: string, body: string): string =>
  `exports.${name} = async (event, api) => {\n${body}\n}\n`

export interface MemoryProfiles extends ProfileStore {
  user: Record<string, unknown>
  writes: ProfileChanges[]
}

/** One user, kept in memory, and every write. */
export const memoryProfiles = (user: EventOverrides['user'] = {}): MemoryProfiles => ({
  user: buildEvent({ user }).user,
  writes: [],
  readUser() {
    return structuredClone(this.user)
  },
  writeProfile(_userId, changes) {
    this.writes.push(changes)
    this.user = applyProfileChanges(this.user, changes)
  },
})

export const eventData = (profiles: ProfileStore, overrides: EventOverrides = {}): EventData => {
  const event: Record<string, unknown> = { ...buildEvent(overrides) }
  delete event['secrets']
  return { ...event, user: profiles.readUser('') } as EventData
}
