import { verifyHs256, signHs256 } from '../../local-tenant/api/hs256.ts'
import { createProfileStore } from '../../local-tenant/profiles.ts'
import type {
  BoundAction,
  EventData,
  FlowEngine,
  FlowResult,
  ProfileStore,
} from '../../local-tenant/runtime/flow.ts'
import type { FlowTrace, TracedCommand } from '../../local-tenant/trace.ts'
import { emptyState, openStore, type User } from '../../local-tenant/store.ts'
import { ACTION_NAMES, bundleOf, type ActionName } from '../fixture-project.ts'
import { SECRETS } from '../flows/local-flow.ts'

export const LAW_SECRETS: Partial<Record<ActionName, Record<string, string>>> = {
  'enforce-terms': SECRETS,
  'enrich-profile': {
    CUSTOMER_URL: 'https://customers.example.com/customers',
    CUSTOMER_TOKEN: 'a-token-of-the-customer-service',
  },
}

/** The chain of the fixture project, with some bundles replaced. */
export const boundActions = (replaced: Partial<Record<ActionName, string>> = {}): BoundAction[] =>
  ACTION_NAMES.map((name) => ({
    versionId: `${name}-of-the-laws`,
    name,
    code: replaced[name] ?? bundleOf(name),
    secrets: LAW_SECRETS[name] ?? {},
    dependencies: [],
  }))

/** What the user says on the Terms page to each document, by what it allows. */
export interface Answers {
  /** To required documents. */
  required: 'accepted' | 'declined'
  /** To required documents that are not in force yet. */
  coming: 'accepted' | 'deferred'
  optional: 'accepted' | 'declined'
}

export interface SignInResult {
  /** How the flow went up to the Terms page, or to its end without one. */
  first: FlowResult
  /** How it ended; the same as `first` without a redirect. */
  last: FlowResult
}

/** One user with one profile that is kept from sign-in to sign-in, in one process. */
export interface LawTenant {
  /** `provider` replaces what the identity provider says on the root of the profile. */
  signIn(
    event: Record<string, unknown>,
    provider: Record<string, unknown>,
    answers: Answers,
  ): Promise<SignInResult>
  /** As stored. */
  metadata(): { app_metadata: unknown; user_metadata: unknown }
  /** How often the profile was written. */
  writes(): number
}

export interface LawTenantOptions {
  actions: BoundAction[]
  user: Record<string, unknown> & { user_id: string }
  now: () => number
  /** The engine that runs the flows over these profiles. */
  engineFor: (profiles: ProfileStore) => FlowEngine
}

export const createLawTenant = ({ actions, user, now, engineFor }: LawTenantOptions): LawTenant => {
  const store = openStore(undefined, () => emptyState({ kty: 'RSA' }))
  const userId = user.user_id
  store.state.users[userId] = user as unknown as User
  const stored = createProfileStore(store, now)
  let written = 0
  const profiles: ProfileStore = {
    readUser: (id) => stored.readUser(id),
    writeProfile: (id, changes) => {
      written += 1
      stored.writeProfile(id, changes)
    },
  }
  const engine = engineFor(profiles)

  return {
    async signIn(event, provider, answers) {
      const { app_metadata, user_metadata } = store.state.users[userId] ?? {}
      store.state.users[userId] = { ...user, ...provider, app_metadata, user_metadata } as User
      const first = await engine.start(actions, {
        ...event,
        user: profiles.readUser(userId),
      } as EventData)
      if (first.kind !== 'redirected') return { first, last: first }
      const last = await engine.resume(first.suspended, {
        method: 'POST',
        hostname: 'login.example.com',
        ip: '192.0.2.10',
        query: { state: STATE },
        body: { session_token: answerTo(first.url, answers, now()) },
        geoip: (event['request'] as { geoip?: object } | undefined)?.geoip ?? {},
      })
      return { first, last }
    },
    metadata: () => {
      const { app_metadata, user_metadata } = store.state.users[userId] ?? {}
      return { app_metadata, user_metadata }
    },
    writes: () => written,
  }
}

const STATE = 'state-of-the-laws'

interface AskedDocument {
  id: string
  version: string
  required: boolean
  effective_at?: string
}

/** What the Terms page signs. */
const answerTo = (url: string, answers: Answers, now: number): string => {
  const token = new URL(url).searchParams.get('session_token')
  const verified = verifyHs256(token, SECRETS.TERMS_TOKEN_SECRET)
  if ('problem' in verified) throw new Error(verified.problem)
  const { iss, sub, nonce, documents } = verified.payload
  const iat = Math.floor(now / 1000)
  return signHs256(
    {
      iss,
      sub,
      iat,
      exp: iat + 120,
      state: STATE,
      purpose: 'terms_answer',
      nonce,
      answers: (documents as AskedDocument[]).map(({ id, version, required, effective_at }) => ({
        id,
        version,
        answer:
          effective_at === undefined ? answers[required ? 'required' : 'optional'] : answers.coming,
        locale: 'en',
        hash: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is',
      })),
    },
    SECRETS.TERMS_TOKEN_SECRET,
  )
}

/** Calls of `api`, and whose they are. */
export const commandsOf = ({ actions }: FlowTrace): (TracedCommand & { action: string })[] =>
  actions.flatMap(({ action, commands }) => commands.map((command) => ({ ...command, action })))

export const metadataCalls = (trace: FlowTrace): (TracedCommand & { action: string })[] =>
  commandsOf(trace).filter(({ name }) => /^user\.set(?:App|User)Metadata$/.test(name))

/** Lines by which an Action says that it gave up on a whole event. */
export const failures = ({ actions }: FlowTrace): string[] =>
  actions.flatMap(({ action, logs, outcome, reason }) => [
    ...logs
      .map(({ message }) => message)
      .filter((message) => /^(?:action_failed|error)\b/.test(message))
      .map((message) => `${action}: ${message}`),
    ...(outcome === 'failed' ? [`${action}: ${String(reason)}`] : []),
  ])
