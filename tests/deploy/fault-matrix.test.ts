/**
 * Breaks each request of a deploy in turn, in each way, and looks at what is left in the tenant.
 *
 * The deploy updates `first`, leaves the code of `second` alone, creates `third`, and sets the order
 * of a trigger in which three Actions of others are bound before, between and after ours.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { buildActions } from '../../build/build-actions.ts'
import { deploy } from '../../deploy/commands/deploy.ts'
import { bundlePrograms } from '../../test-kit/bundle-programs.ts'
import {
  makeCertificate,
  startDeployTenant,
  type DeployTenant,
} from '../../test-kit/deploy/deploy-tenant.ts'
import { builtCode } from '../../test-kit/deploy/fill-tenant.ts'
import { runWarmCli } from '../../test-kit/deploy-cli/warm.ts'
import { runIn, SECRETS } from '../../test-kit/deploy/run-command.ts'
import { makeProject, type TestProject } from '../../test-kit/deploy/test-project.ts'

const CHILD = 'test-kit/deploy/deploy-in-child.ts'
const programs = await bundlePrograms([CHILD])
afterAll(programs.remove)

const { certificate, remove } = await makeCertificate()
afterAll(remove)

const BEFORE = ['theirs-before', 'second', 'theirs-between', 'first', 'theirs-after']
const AFTER = ['theirs-before', 'first', 'theirs-between', 'second', 'third', 'theirs-after']

interface Target {
  by: 'deploy' | 'cli'
  method: string
  path: string
  /** From 1, among the like of it. */
  nth: number
}

const target = (text: string): Target => {
  const [by = '', method = '', path = '', nth = '1'] = text.split(' ')
  return { by: by as Target['by'], method, path, nth: Number(nth) }
}

const REQUESTS = [
  'deploy POST /oauth/token',
  'deploy GET /actions/actions 1',
  'deploy GET /actions/triggers/post-login/bindings 1',
  'deploy GET /actions/actions 2',
  'deploy GET /actions/triggers/post-login/bindings 2',
  'cli GET /actions/modules',
  'cli GET /actions/actions 1',
  'cli POST /actions/actions',
  'cli PATCH /actions/actions/:id',
  'cli GET /actions/actions 2',
  'deploy GET /actions/actions 3',
  'deploy GET /actions/actions/:id 1',
  'deploy POST /actions/actions/:id/deploy 1',
  'deploy GET /actions/actions/:id 2',
  'deploy POST /actions/actions/:id/deploy 2',
  'deploy GET /actions/actions last',
  'deploy GET /actions/triggers/post-login/bindings 3',
  'deploy PATCH /actions/triggers/post-login/bindings',
  'deploy GET /actions/triggers/post-login/bindings last',
]

/** What the undoing needs as well: broken for good, a version that was put live stays so. */
const BLINDING = [
  'deploy GET /actions/actions/:id 2',
  'deploy GET /actions/actions last',
  'deploy GET /actions/triggers/post-login/bindings last',
]

/** `sudden end`: from that request on nothing is sent or answered, as after a kill. */
const FAULTS = ['429 once', '500', 'dropped connection', 'sudden end'] as const
type FaultKind = (typeof FAULTS)[number] | 'kill -9'

/** What a process of its own adds, where a deploy writes. */
const KILLED = [
  'cli POST /actions/actions',
  'deploy POST /actions/actions/:id/deploy 1',
  'deploy PATCH /actions/triggers/post-login/bindings',
]

const CASES: (readonly [FaultKind, string])[] = [
  ...FAULTS.flatMap((fault) => REQUESTS.map((request) => [fault, request] as const)),
  ...KILLED.map((request) => ['kill -9', request] as const),
]

/** Deploys wait for the Deploy CLI more than they compute. */
const AT_ONCE = 5

const results = new Map<string, unknown>()

// Not `test.concurrent`: jest refuses the build's imports outside of a hook or a test.
beforeAll(async () => {
  const waiting = CASES.values()
  const work = async (): Promise<void> => {
    for (const [fault, request] of waiting) {
      results.set(
        `${fault} ${request}`,
        await breakAndRepeat(fault, request).then(
          () => 'converged',
          (error: unknown) => error,
        ),
      )
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}, 900_000)

test.each(CASES)('%s at %s: others untouched, second run there', (fault, request) => {
  const result = results.get(`${fault} ${request}`)
  if (result instanceof Error) throw result
  expect(result).toBe('converged')
})

const breakAndRepeat = async (fault: FaultKind, request: string): Promise<void> => {
  const project = makeProject({
    first: { says: 'new', secrets: ['API_KEY'] },
    second: { says: 'same' },
    third: { says: 'new', secrets: ['TERMS_TOKEN_SECRET'] },
  })
  const tenant = await startDeployTenant(certificate)
  try {
    await fill(tenant, project)
    const found = snapshot(tenant)

    const fired = breakAt(tenant, target(request), fault)
    const first = await RUNS[fault](project, tenant, fired)
    expect(fired.count).toBeGreaterThan(0)
    tenant.setFault(undefined)

    const left = snapshot(tenant)
    expect(left.others).toEqual(found.others)
    expect([BEFORE, AFTER]).toContainEqual(left.bound)
    if (fault === '429 once') expect(first).toBe(0)
    // Not killed, it either got there or left the tenant as it was; unless it could not even look.
    if (first === 1 && !(fault === '500' && BLINDING.includes(request)))
      expect(left).toEqual({ ...found, versions: left.versions })

    const second = await runIn(project, tenant, deploy, ['--yes'])
    expect(second).toEqual({ code: 0, out: second.out, err: second.err })
    const end = snapshot(tenant)
    expect(end).toEqual({
      others: found.others,
      bound: AFTER,
      live: {
        first: builtCode(project, 'first'),
        second: builtCode(project, 'second'),
        third: builtCode(project, 'third'),
      },
      versions: end.versions,
    })
    // One new version each; two more where a failed deploy had to be undone.
    expect(end.versions.second).toBe(1)
    expect(end.versions.third).toBe(1)
    expect([2, first === 1 ? 4 : 2]).toContain(end.versions.first)

    const writes = tenant.writes().length
    const third = await runIn(project, tenant, deploy, ['--yes'])
    expect(third).toEqual({ code: 0, out: third.out, err: third.err })
    expect(tenant.writes()).toHaveLength(writes)
  } finally {
    await tenant.close()
    project.remove()
  }
}

const fill = async (tenant: DeployTenant, project: TestProject): Promise<void> => {
  await buildActions(project.root)
  const body = 'exports.onExecutePostLogin = async () => {} // old\n'
  const hash = createHash('sha256').update(body).digest('hex')
  const old = tenant.addForeign('first', `// first sha256:${hash}\n${body}`)
  old.secrets = [{ name: 'API_KEY', value: 'old-value', updated_at: old.updated_at }]
  for (const version of old.versions) version.secrets = old.secrets
  tenant.addForeign('second', builtCode(project, 'second'))
  for (const name of ['theirs-before', 'theirs-between', 'theirs-after']) tenant.addForeign(name)
  tenant.bind(...BEFORE)
}

const snapshot = (tenant: DeployTenant) => {
  const live = (name: string): string | undefined => {
    const action = tenant.action(name)
    return action?.versions.find(({ id }) => id === action.deployed_version_id)?.code
  }
  const count = (name: string): number => tenant.action(name)?.versions.length ?? 0
  return {
    others: structuredClone(
      Object.values(tenant.state.actions).filter(({ name }) => name.startsWith('theirs')),
    ),
    bound: tenant.bound(),
    live: { first: live('first'), second: live('second'), third: live('third') },
    versions: { first: count('first'), second: count('second'), third: count('third') },
  }
}

interface Fired {
  count: number
  kill?: () => void
}

const breakAt = (tenant: DeployTenant, wanted: Target, fault: FaultKind): Fired => {
  const fired: Fired = { count: 0 }
  let alike = 0
  let deploys = 0
  let isBound = false
  tenant.setFault((seen, exchange) => {
    const by = seen.byCli ? 'cli' : 'deploy'
    const path = seen.path.replace('/api/v2', '')
    isBound ||= seen.method === 'PATCH' && path.endsWith('/bindings')
    deploys += Number(path.endsWith('/deploy'))
    if (by !== wanted.by || seen.method !== wanted.method || path !== wanted.path) return false
    alike += 1
    const isActions = path === '/actions/actions'
    const isIt = Number.isNaN(wanted.nth)
      ? isBound || (isActions && deploys > 1)
      : alike >= wanted.nth
    if (!isIt || (fault !== '500' && fired.count > 0)) return false
    fired.count += 1
    const drop = (): void => void exchange.response.socket?.destroy()
    switch (fault) {
      case '429 once':
      case '500': {
        const status = fault === '500' ? 500 : 429
        exchange.response
          .status(status)
          .set({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': resetSoon() })
          .json({ statusCode: status, error: 'Injected', message: 'injected by a test' })
        return true
      }
      case 'dropped connection':
        // The tenant does it; only the answer is lost.
        if (seen.method === 'GET') drop()
        else exchange.doSilently(drop)
        return true
      case 'sudden end':
      case 'kill -9': {
        const kill = (): void => {
          fired.kill?.()
          drop()
        }
        if (seen.method === 'GET') kill()
        else exchange.doSilently(kill)
        return true
      }
    }
  })
  return fired
}

const resetSoon = (): string => String(Math.ceil(Date.now() / 1000))

/** One retry, so that a tenant that stays broken does not take minutes. */
const IMPATIENT = { AUTH0_API_MAX_RETRIES: '1', AUTH0_MAX_RETRIES: '1' }

type Run = (project: TestProject, tenant: DeployTenant, fired: Fired) => Promise<number>

const runHere: Run = async (project, tenant) => {
  const { code } = await runIn(project, tenant, deploy, ['--yes'], {
    env: { ...tenant.env, ...SECRETS, ...IMPATIENT },
  })
  return code
}

const runAndEnd: Run = async (project, tenant, fired) => {
  const end = new AbortController()
  fired.kill = () => end.abort()
  const isOver = (): boolean => end.signal.aborted
  const nothingMore = new Promise<never>(() => undefined)
  const untilEnd = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (isOver()) return nothingMore
    try {
      return await work()
    } finally {
      if (isOver()) await nothingMore
    }
  }
  const ended = new Promise<number>((resolve) =>
    end.signal.addEventListener('abort', () => resolve(-9)),
  )
  const ran = runIn(project, tenant, deploy, ['--yes'], {
    env: { ...tenant.env, ...SECRETS, ...IMPATIENT },
    fetch: (...request) => untilEnd(() => tenant.fetch(...request)),
    runCli: (run) => untilEnd(() => runWarmCli({ ...run, signal: end.signal })),
  })
  return Promise.race([ended, ran.then(({ code }) => code)])
}

/** The deploy and the Deploy CLI are one group of processes; both die. */
const runAndKill: Run = (project, tenant, fired) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [programs.fileOf(CHILD), '--yes'], {
      cwd: join(import.meta.dirname, '../..'),
      detached: true,
      stdio: 'ignore',
      env: { ...tenant.env, ...SECRETS, ...IMPATIENT, DEPLOY_TEST_ROOT: project.root },
    })
    fired.kill = () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? -9))
  })

const RUNS: Readonly<Record<FaultKind, Run>> = {
  '429 once': runHere,
  '500': runHere,
  'dropped connection': runHere,
  'sudden end': runAndEnd,
  'kill -9': runAndKill,
}
