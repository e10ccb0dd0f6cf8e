import { spawnSync } from 'node:child_process'
import type { Event } from '@auth0/actions-types/post-login/v3'
import { createPostLoginApi } from '../local-tenant/api/post-login-api.ts'
import { createFlowEngine } from '../local-tenant/runtime/flow-engine.ts'
import type { FlowEngine, ProfileStore } from '../local-tenant/runtime/flow.ts'
import { buildEvent } from '../test-kit/actions/event.ts'
import { ACTION_NAMES, bundleOf, FIXTURE } from '../test-kit/fixture-project.ts'
import { createBundleLoader, createInProcessEngine } from '../test-kit/laws/in-process-engine.ts'
import { boundActions, createLawTenant, type LawTenant } from '../test-kit/laws/law-tenant.ts'
import { loadAction } from '../test-kit/laws/load-action.ts'
import { ENTERPRISE } from './enterprise-sign-in.ts'
import { measureMicroseconds, medianOf, type Effort } from './measure.ts'
import { formatNumber, type BenchTable } from './table.ts'

/** Bytes, cold load and a repeat sign-in of each Action. */
export const measureActions = async (
  starts = 15,
  effort: Effort = { calls: 2000, rounds: 7 },
): Promise<BenchTable> => {
  const commands = ['0', ...ACTION_NAMES.map((name) => `require('./dist/actions/${name}.js')`)]
  const times = measureStarts(commands, starts)
  const bare = medianOf(times[0] ?? [])
  const rows: string[][] = []
  for (const [index, name] of ACTION_NAMES.entries()) {
    const code = bundleOf(name)
    const start = medianOf(times[index + 1] ?? [])
    rows.push([
      name,
      formatNumber(Buffer.byteLength(code)),
      formatNumber(start - bare, 1),
      formatNumber(start / bare, 2),
      formatNumber(await measureHandler(code, effort), 1),
    ])
  }
  return {
    title: 'Each Action',
    columns: [
      'Action',
      'bundle, bytes',
      'cold load over bare node, ms of CPU',
      'as a factor',
      'repeat sign-in, µs of CPU',
    ],
    rows,
    notes: [
      `Cold load: \`node -e "require(bundle)"\` beside \`node -e 0\` (${formatNumber(bare, 1)} ms), in turn, median of ${starts} starts.`,
      'Repeat sign-in: the handler with a new `api` in a warm process, for a user with nothing new.',
    ],
  }
}

/** Microseconds of CPU from the start of the process. */
const SAY_CPU = ';const{user,system}=process.cpuUsage();process.stdout.write(String(user+system))'

/** Each command in turn, so that what else the machine does meets all of them alike. */
const measureStarts = (commands: readonly string[], starts: number): number[][] => {
  const times: number[][] = commands.map(() => [])
  for (let start = 0; start < starts; start += 1) {
    for (const [index, command] of commands.entries()) {
      const options = { cwd: FIXTURE, encoding: 'utf8' } as const
      const { status, stdout } = spawnSync(process.execPath, ['-e', command + SAY_CPU], options)
      if (status !== 0) throw new Error(`node -e "${command}" failed`)
      times[index]?.push(Number(stdout) / 1000)
    }
  }
  return times
}

const settledEvent = (): Event => {
  const today = new Date().toISOString().slice(0, 10)
  const accepted = { accepted_at: `${today}T00:00:00.000Z`, locale: 'en' }
  return buildEvent({
    connection: ENTERPRISE.connection,
    user: {
      ...ENTERPRISE.user,
      groups: ['staff', 'sales'],
      app_metadata: {
        customer_id: 'cus_1',
        tasks: { assign_customer_id: accepted.accepted_at },
        activity: { first_seen: today, last_seen: today, last_connection: 'enterprise-saml' },
        idp: { groups: ['sales', 'staff'] },
        terms: {
          version: '2026-11-01',
          ...accepted,
          documents: {
            'terms-of-service': { version: '2026-11-01', ...accepted },
            'privacy-policy': { version: '2025-01-15', ...accepted },
            'product-news': { version: '2025-01-15', ...accepted },
          },
        },
      },
      user_metadata: { newsletter: false, preferred_language: 'en' },
    },
  })
}

const measureHandler = (code: string, effort: Effort): Promise<number> => {
  const handler = loadAction(code).onExecutePostLogin
  const event = settledEvent()
  return measureMicroseconds(async () => {
    const { api, result } = createPostLoginApi(event)
    await handler?.(event, api)
    if ('denied' in result || 'redirect' in result || Object.keys(result.app_metadata).length > 0)
      throw new Error('a repeat sign-in must go through and set nothing')
  }, effort)
}

/** A repeat sign-in through all five, in process and in the threads of the local tenant. */
export const measureFlows = async (
  effort: Effort = { calls: 100, rounds: 7 },
): Promise<BenchTable> => {
  const load = createBundleLoader()
  const inProcess = await measureFlow(
    (profiles) => createInProcessEngine({ profiles, now: Date.now, load }),
    effort,
  )
  const inThreads = await measureFlow(
    (profiles) => createFlowEngine({ profiles, now: Date.now }),
    effort,
  )
  return {
    title: 'A whole flow of five Actions',
    columns: ['engine', 'µs of CPU for each sign-in', 'ratio'],
    rows: [
      ['in process, as the laws run it', formatNumber(inProcess), '1.0'],
      [
        'worker threads, as the local tenant runs it',
        formatNumber(inThreads),
        formatNumber(inThreads / inProcess, 1),
      ],
    ],
    notes: [
      'A repeat sign-in with the profile read, the trace written and the event copied for each Action.',
    ],
  }
}

const measureFlow = async (
  engineFor: (profiles: ProfileStore) => FlowEngine,
  effort: Effort,
): Promise<number> => {
  const { user, ...event } = settledEvent()
  let engine: FlowEngine | undefined
  const tenant: LawTenant = createLawTenant({
    actions: boundActions().map((action) =>
      action.name === 'enrich-profile' ? { ...action, secrets: {} } : action,
    ),
    user,
    now: Date.now,
    engineFor: (profiles) => (engine = engineFor(profiles)),
  })
  const answers = { required: 'accepted', coming: 'accepted', optional: 'accepted' } as const
  try {
    return await measureMicroseconds(async () => {
      const { last } = await tenant.signIn({ ...event }, {}, answers)
      if (last.kind !== 'completed') throw new Error(`the sign-in ended ${last.kind}`)
    }, effort)
  } finally {
    await engine?.close()
  }
}
