import { bundleFile } from '../laws/bundle-variant.ts'
import type { EnforceTermsSettings } from '../../actions/enforce-terms/schema.ts'
import { createProfileStore } from '../../local-tenant/profiles.ts'
import { createFlowEngine } from '../../local-tenant/runtime/flow-engine.ts'
import type {
  BoundAction,
  EventData,
  FlowEngine,
  FlowRedirected,
  FlowResult,
} from '../../local-tenant/runtime/flow.ts'
import { emptyState, openStore, type User } from '../../local-tenant/store.ts'
import { buildEvent, type EventOverrides } from '../actions/event.ts'
import { bundleOf } from '../fixture-project.ts'
import type { Brought, SentAway } from './terms-attacks.ts'

export const SECRETS = {
  TERMS_URL: 'https://terms.example.com/terms',
  TERMS_TOKEN_SECRET: 'Vq3v9Qx7Lw2Tr8Yp5Nm1Bc6Hd4Jf0Gs-Aa',
  TERMS_TOKEN_SECRET_PREVIOUS: 'Bw7n4Zc1Xk9Mh6Ds3Fg8Lq5Rt2Yv0Pj-Ee',
}

/** A user who was sent to the Terms page, and the flow that waits. */
export interface Waiting extends SentAway {
  readonly userId: string
  readonly suspended: FlowRedirected['suspended']
}

/** The bundle of enforce-terms alone, with many users: one worker serves them all, as on Auth0. */
export interface TermsFlow {
  readonly engine: FlowEngine
  /** A new user with this metadata; answers the `user_id`. */
  addUser(appMetadata?: unknown): string
  user(userId: string): User
  signIn(userId: string, overrides?: EventOverrides): Promise<FlowResult>
  /** From the sign-in to the Terms page; throws when the user does not get there. */
  sendAway(userId: string): Promise<Waiting>
  comeBack(waiting: Waiting, brought: Brought): Promise<FlowResult>
}

/** @param code of enforce-terms; default: the bundle as it was built */
export const createTermsFlow = (code = bundleOf('enforce-terms')): TermsFlow => {
  const standard = buildEvent().user as unknown as User
  const store = openStore(undefined, () => emptyState({ kty: 'RSA' }))
  const profiles = createProfileStore(store, Date.now)
  const engine = createFlowEngine({ profiles, now: Date.now })
  const action: BoundAction = {
    versionId: 'enforce-terms-under-test',
    name: 'enforce-terms',
    code,
    secrets: SECRETS,
    dependencies: [],
  }
  let count = 0

  const signIn = (userId: string, overrides: EventOverrides = {}): Promise<FlowResult> => {
    const event: Record<string, unknown> = { ...buildEvent(overrides) }
    delete event['secrets']
    event['user'] = profiles.readUser(userId)
    return engine.start([action], event as EventData)
  }

  return {
    engine,
    signIn,
    addUser(appMetadata = {}) {
      const user_id = `auth0|user-${++count}`
      const user = { ...standard, user_id, app_metadata: appMetadata, user_metadata: {} }
      store.state.users[user_id] = user
      return user_id
    },
    user(userId) {
      const user = store.state.users[userId]
      if (user === undefined) throw new Error('the user is gone')
      return user
    },
    async sendAway(userId) {
      const result = await signIn(userId)
      if (result.kind !== 'redirected') throw new Error(`expected a redirect, got ${result.kind}`)
      const token = new URL(result.url).searchParams.get('session_token') ?? ''
      const state = `state-${++count}`
      const key = SECRETS.TERMS_TOKEN_SECRET
      return { userId, suspended: result.suspended, token, state, key }
    },
    comeBack: ({ suspended, state }, { body, query }) =>
      engine.resume(suspended, {
        method: 'POST',
        hostname: 'login.example.com',
        ip: '192.0.2.10',
        query: { state, ...(query === undefined ? {} : { session_token: query }) },
        body: body === undefined ? {} : { session_token: body },
        geoip: {},
      }),
  }
}

/**
 * The bundle as the build makes it, but with other settings: what a version's time does can only be
 * seen with times around now, because an Action reads the clock of its own worker.
 */
export const bundleWithSettings = (settings: EnforceTermsSettings): Promise<string> =>
  bundleFile('actions/enforce-terms/action.ts', [
    {
      name: 'other-settings',
      setup: (bundler) => {
        bundler.onLoad({ filter: /enforce-terms[\\/]settings\.ts$/ }, () => ({
          contents: `export const settings = ${JSON.stringify(settings)}`,
        }))
      },
    },
  ])

/** The code of a denial. */
export const codeOf = (result: FlowResult): string | undefined =>
  result.kind === 'denied' ? /^(\w+): /.exec(result.reason)?.[1] : undefined
