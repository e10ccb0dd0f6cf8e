import { afterAll, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { FlowResult } from '../../local-tenant/runtime/flow.ts'
import { createFlowEngine } from '../../local-tenant/runtime/flow-engine.ts'
import type { ProfileStore } from '../../local-tenant/runtime/flow.ts'
import { signIns, type DrawnSignIn } from '../../test-kit/laws/arbitraries.ts'
import { FIXTURE_SUBJECT } from '../../test-kit/laws/fixture-subject.ts'
import { createBundleLoader, createInProcessEngine } from '../../test-kit/laws/in-process-engine.ts'
import {
  boundActions,
  createLawTenant,
  type LawTenantOptions,
} from '../../test-kit/laws/law-tenant.ts'
import { ENGINE_RUNS, LAW_TIMEOUT_MS } from '../../test-kit/laws/runs.ts'

/** Without the customer service: its answers cannot be drawn inside a thread. */
const actions = boundActions().map((action) =>
  action.name === 'enrich-profile' ? { ...action, secrets: {} } : action,
)
const load = createBundleLoader()

/** Passes on to the profiles of the sign-in at hand, so that one set of threads serves all. */
let profiles: ProfileStore
const engine = createFlowEngine({
  profiles: {
    readUser: (userId) => profiles.readUser(userId),
    writeProfile: (userId, changes) => profiles.writeProfile(userId, changes),
  },
  now: Date.now,
})

afterAll(() => engine.close())

const inThreads: LawTenantOptions['engineFor'] = (ofTenant) => {
  profiles = ofTenant
  return engine
}
const inProcess: LawTenantOptions['engineFor'] = (ofTenant) =>
  createInProcessEngine({ profiles: ofTenant, now: Date.now, load })

/** Two sign-ins, with what no two runs have in common made equal. */
const transcribe = async (
  { user, event, provider, answers }: DrawnSignIn,
  engineFor: LawTenantOptions['engineFor'],
): Promise<unknown> => {
  const tenant = createLawTenant({ actions, user, now: Date.now, engineFor })
  const first = await tenant.signIn(event, provider, answers)
  const second = await tenant.signIn(event, provider, answers)
  const results = [first.first, first.last, second.first, second.last].map(withoutChance)
  return { results, metadata: neutral(tenant.metadata()) }
}

const withoutChance = (result: FlowResult): unknown => {
  const nonces = result.trace.actions
    .flatMap(({ commands }) => commands)
    .filter(({ arguments: [key] }) => key === 'terms_nonce')
    .flatMap(({ arguments: [, nonce] }) => (typeof nonce === 'string' ? [nonce] : []))
  const { trace, ...rest } = result
  const shown =
    rest.kind === 'redirected' ? { ...rest, url: rest.url.split('?')[0], suspended: '' } : rest
  const runs = trace.actions.map((run) => ({ ...run, durationMs: 0 }))
  return neutral({ ...shown, ...trace, id: '', started_at: '', actions: runs }, nonces)
}

const neutral = (value: unknown, nonces: string[] = []): unknown => {
  const text = JSON.stringify(value).replace(
    /"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/g,
    (time) => (Date.now() - Date.parse(JSON.parse(time) as string) < 600_000 ? '"<now>"' : time),
  )
  return JSON.parse(nonces.reduce((rest, nonce) => rest.replaceAll(nonce, '<nonce>'), text))
}

describe('the engine of the laws', () => {
  test(
    'comes to the same results, calls, lines, writes and profiles as the real engine',
    () =>
      fc.assert(
        fc.asyncProperty(signIns(FIXTURE_SUBJECT), async (signIn) => {
          expect(await transcribe(signIn, inProcess)).toEqual(await transcribe(signIn, inThreads))
        }),
        ENGINE_RUNS,
      ),
    LAW_TIMEOUT_MS,
  )
})
