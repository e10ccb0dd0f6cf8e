import * as fc from 'fast-check'
import {
  reordered,
  signIns,
  type DrawnSignIn,
  type LawSubject,
  type ServiceAnswer,
} from './arbitraries.ts'
import {
  createBundleLoader,
  createInProcessEngine,
  type BundleLoader,
} from './in-process-engine.ts'
import { createLawTenant, type LawTenant, type SignInResult } from './law-tenant.ts'
import { clockOf } from './load-action.ts'
import type { BoundAction } from '../../local-tenant/runtime/flow.ts'

/** A user who signs in twice, the second time with nothing new. */
export interface Drawn {
  signIn: DrawnSignIn
  /** From which the second answer of the provider gets its order. */
  order: number
  laterMs: number
}

export interface Transcript {
  once: SignInResult
  again: SignInResult
  /** Profile writes of each. */
  writes: { once: number; again: number }
  /** Metadata after each. */
  kept: { once: unknown; again: unknown }
  /**
   * Whether the metadata came near its budget. What one Action found no room for may then find it
   * in the next sign-in, because a later Action made some.
   */
  isNearlyFull: boolean
  /** The fourth sign-in of a user whose metadata is nearly full. */
  settled: SignInResult
}

const NEARLY_FULL_BYTES = 3000

/** Throws when it is broken. */
export type Law = (transcript: Transcript, subject: LawSubject) => void

/** In which drawn time the Actions are, and whom they ask. */
const world: { now: number; service: ServiceAnswer | undefined } = { now: 0, service: undefined }

const customerService: typeof fetch = async () => {
  const { status, body, retryAfter, fails } = world.service ?? { status: 500, fails: true }
  if (fails) throw new TypeError('fetch failed')
  return new Response(body, {
    status,
    headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  })
}

/** Bundles in a world whose time and customer service are drawn. */
export const createWorldLoader = (): BundleLoader =>
  createBundleLoader({
    globals: { Date: clockOf(() => world.now), fetch: customerService },
  })

export const openTenant = (
  { user, now, service }: DrawnSignIn,
  actions: BoundAction[],
  load: BundleLoader,
): LawTenant => {
  world.now = now
  world.service = service
  const clock = () => world.now
  return createLawTenant({
    actions,
    user,
    now: clock,
    engineFor: (profiles) => createInProcessEngine({ profiles, now: clock, load }),
  })
}

const signingInTwice = (subject: LawSubject): fc.Arbitrary<Drawn> =>
  fc
    .record({
      signIn: signIns(subject),
      order: fc.nat(),
      laterMs: fc.integer({ min: 0, max: 12 * 3_600_000 - 1000 }),
    })
    .map((drawn) => {
      // Asked again after the wait it asked for, a service that asks for another one says news.
      const isBusy = [429, 503].includes(drawn.signIn.service.status)
      return isBusy ? { ...drawn, laterMs: 0 } : drawn
    })

export const signInTwice = async (
  drawn: Drawn,
  actions: BoundAction[],
  load: BundleLoader,
): Promise<Transcript> => {
  const { signIn, order, laterMs } = drawn
  const { event, provider, answers } = signIn
  const tenant = openTenant(signIn, actions, load)
  const once = await tenant.signIn(event, provider, answers)
  const [writesOnce, keptOnce] = [tenant.writes(), structuredClone(tenant.metadata())]
  world.now = signIn.now + laterMs
  const later = laterEvent(event, laterMs)
  const sameAgain = reordered(provider, order) as Record<string, unknown>
  const again = await tenant.signIn(later, sameAgain, answers)
  const transcript = {
    once,
    again,
    writes: { once: writesOnce, again: tenant.writes() - writesOnce },
    kept: { once: keptOnce, again: structuredClone(tenant.metadata()) },
  }
  const isNearlyFull = [signIn.user, keptOnce].some(
    ({ app_metadata, user_metadata }) =>
      JSON.stringify([app_metadata, user_metadata]).length > NEARLY_FULL_BYTES,
  )
  if (!isNearlyFull) return { ...transcript, isNearlyFull, settled: again }
  await tenant.signIn(later, provider, answers)
  return { ...transcript, isNearlyFull, settled: await tenant.signIn(later, provider, answers) }
}

/** What differs in every sign-in and is no news. */
const laterEvent = (event: Record<string, unknown>, laterMs: number): Record<string, unknown> => ({
  ...event,
  stats: { logins_count: 4 },
  session: { id: `sess_${laterMs}` },
  transaction: { ...(event['transaction'] as object), id: `transaction-${laterMs}` },
  request: { ...(event['request'] as object), ip: '198.51.100.7', user_agent: 'another browser' },
})

/**
 * Holds many laws to the same drawn transcripts, since drawing and running them is what takes the
 * time. Answers the report of each law that is broken, with a counterexample shrunk for it alone.
 */
export const findBrokenLaws = async (
  laws: ReadonlyMap<string, Law>,
  subject: LawSubject,
  runs: { numRuns: number; seed: number },
  transcribe: (drawn: Drawn) => Promise<Transcript>,
): Promise<Map<string, string>> => {
  const reports = new Map<string, string>()
  for (;;) {
    let broken: string | undefined
    const property = fc.asyncProperty(signingInTwice(subject), async (drawn) => {
      const transcript = await transcribe(drawn)
      for (const [name, law] of laws) {
        if (reports.has(name) || (broken ?? name) !== name) continue
        try {
          law(transcript, subject)
        } catch (error) {
          broken = name
          throw error
        }
      }
    })
    const details = await fc.check(property, runs)
    if (!details.failed) return reports
    const cause = details.errorInstance instanceof Error ? details.errorInstance.message : ''
    const report = `${fc.defaultReportMessage(details) ?? ''}\n${cause}`
    reports.set(broken ?? 'no law, but the sign-in itself', report)
    if (broken === undefined) return reports
  }
}
