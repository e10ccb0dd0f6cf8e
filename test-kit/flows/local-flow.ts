import { createProfileStore } from '../../local-tenant/profiles.ts'
import { createFlowEngine } from '../../local-tenant/runtime/flow-engine.ts'
import type {
  BoundAction,
  EventData,
  FlowEngine,
  FlowResult,
} from '../../local-tenant/runtime/flow.ts'
import { emptyState, openStore, type Store, type User } from '../../local-tenant/store.ts'
import { buildEvent, type EventOverrides } from '../actions/event.ts'
import { ACTION_NAMES, bundleOf } from '../fixture-project.ts'

export const SECRETS = {
  TERMS_URL: 'https://terms.example.com/terms',
  TERMS_TOKEN_SECRET: 'Vq3v9Qx7Lw2Tr8Yp5Nm1Bc6Hd4Jf0Gs-Aa',
}

/** All five bundles over one profile that is kept from sign-in to sign-in. */
export interface LocalFlow {
  readonly engine: FlowEngine
  signIn(overrides?: EventOverrides): Promise<FlowResult>
  /** The stored profile, as the Management API would show it. */
  user(): User
}

/** What enrich-profile needs to reach another system; without it, its look-ups are off. */
export interface LookUpWorld {
  secrets?: Record<string, string>
  /** PEM of the authority behind the certificate of that system. */
  trustedCa?: string
}

export const createLocalFlow = (
  profile: Partial<User> = {},
  secrets: Record<string, string> = SECRETS,
  lookUp: LookUpWorld = {},
): LocalFlow => {
  const standard = buildEvent().user
  const userId = standard.user_id
  const store: Store = openStore(undefined, () => ({
    ...emptyState({ kty: 'RSA' }),
    users: {
      [userId]: {
        ...(standard as unknown as User),
        logins_count: 1,
        app_metadata: {},
        user_metadata: {},
        ...profile,
      },
    },
  }))
  const profiles = createProfileStore(store, Date.now)
  const engine = createFlowEngine({ profiles, now: Date.now, trustedCa: lookUp.trustedCa })
  return {
    engine,
    signIn: (overrides = {}) => {
      const event: Record<string, unknown> = { ...buildEvent(overrides) }
      delete event['secrets']
      event['user'] = profiles.readUser(userId)
      return engine.start(boundActions(secrets, lookUp.secrets ?? {}), event as EventData)
    },
    user: () => {
      const user = store.state.users[userId]
      if (user === undefined) throw new Error('the user is gone')
      return user
    },
  }
}

const boundActions = (
  secrets: Record<string, string>,
  lookUpSecrets: Record<string, string>,
): BoundAction[] =>
  ACTION_NAMES.map((name) => ({
    versionId: `${name}-under-test`,
    name,
    code: bundleOf(name),
    secrets: { 'enforce-terms': secrets, 'enrich-profile': lookUpSecrets }[name as string] ?? {},
    dependencies: [],
  }))
