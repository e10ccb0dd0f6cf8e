/**
 * Two real deploys, each with the real Deploy CLI, in one tenant at the same moment. Requests are
 * delayed at random, and people change bindings of other Actions meanwhile. Nobody gets into the
 * window that the documentation names: see `windows.ts`.
 */
import { afterAll, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { decodeJwt } from 'jose'
import { deploy } from '../../deploy/commands/deploy.ts'
import { mintManagementToken } from '../../local-tenant/management-token.ts'
import type { StoredAction } from '../../local-tenant/store.ts'
import { PAIRS, SEED } from '../../test-kit/laws/runs.ts'
import {
  makeCertificate,
  startDeployTenant,
  type DeployTenant,
} from '../../test-kit/deploy/deploy-tenant.ts'
import { fillTenant, recordTenant } from '../../test-kit/deploy/fill-tenant.ts'
import { runIn, SECRETS, type Ran } from '../../test-kit/deploy/run-command.ts'
import {
  makeProject,
  type ActionText,
  type TestProject,
} from '../../test-kit/deploy/test-project.ts'
import { joinWindows, makeWindows, type Windows } from '../../test-kit/deploy/windows.ts'

jest.setTimeout(120_000)

const { certificate, remove } = await makeCertificate()
afterAll(remove)

const RUNS = ['a', 'b'] as const
type RunName = (typeof RUNS)[number]

/** Whose code it is can be read from it. */
const MARKS = { found: 'as it was found', a: 'written by a', b: 'written by b' } as const
type Author = keyof typeof MARKS

const authorOf = (code: string | undefined): Author | undefined =>
  (Object.keys(MARKS) as Author[]).find((author) => code?.includes(MARKS[author]) === true)

const written = (names: readonly string[], by: Author): Record<string, ActionText> =>
  Object.fromEntries(
    names.map((name, index) => [
      name,
      { says: MARKS[by], ...(index === 0 && { secrets: ['API_KEY'] }) },
    ]),
  )

/** What each run deploys, over what is there: Actions by name, in the order in which they are bound. */
interface Kind {
  isOneTeam: boolean
  found: readonly (readonly string[])[]
  a: readonly string[]
  b: readonly string[]
}

const KINDS: Readonly<Record<string, Kind>> = {
  'two teams': {
    isOneTeam: false,
    found: [
      ['a-one', 'a-two'],
      ['b-one', 'b-two'],
    ],
    a: ['a-two', 'a-new', 'a-one'],
    b: ['b-one', 'b-two', 'b-new'],
  },
  'two machines of one team': {
    isOneTeam: true,
    found: [['first', 'second']],
    a: ['first', 'second', 'third'],
    b: ['second', 'first'],
  },
  'the first deploys of one team': {
    isOneTeam: true,
    found: [],
    a: ['first', 'second'],
    b: ['second', 'first'],
  },
  'the first deploys of two teams': {
    isOneTeam: false,
    found: [],
    a: ['a-one', 'a-two'],
    b: ['b-one', 'b-two'],
  },
}

const delays = fc.array(
  fc.oneof({ weight: 4, arbitrary: fc.nat(30) }, { weight: 1, arbitrary: fc.nat(400) }),
  { minLength: 60, maxLength: 60 },
)

const chances = fc.record({
  /** Which request of `a` starts `b`. */
  start: fc.nat(14),
  /** Milliseconds that each request waits. */
  delays: fc.record({ a: delays, b: delays }),
  /** What people do to bindings of others, and at which request. */
  changes: fc.array(
    fc.record({
      at: fc.integer({ min: 1, max: 40 }),
      kind: fc.constantFrom('add', 'unbind', 'move', 'delete'),
      which: fc.nat(99),
      where: fc.nat(99),
    }),
    { minLength: 2, maxLength: 5 },
  ),
})

type Chances = typeof chances extends fc.Arbitrary<infer Value> ? Value : never
type Change = Chances['changes'][number]

const PAIR_LIST = fc.sample(chances, { seed: SEED, numRuns: PAIRS }).map((chance, index) => {
  const kinds = Object.keys(KINDS)
  return { number: index + 1, kind: kinds[index % kinds.length] ?? '', chance }
})

test.each(PAIR_LIST)(
  'pair $number, $kind at the same moment: no foreign binding and no version is lost',
  async ({ number, kind: title, chance }) => {
    const kind = KINDS[title]
    if (kind === undefined) throw new Error(`no ${title}`)
    const pair = await runPair(kind, chance)
    try {
      judge(kind, pair)
    } catch (error) {
      const story = [...pair.log, ...RUNS.map((run) => tell(run, pair.ran[run]))].join('\n')
      throw new Error(`LAW_SEED=${SEED}, pair ${number}:\n${story}`, { cause: error })
    } finally {
      await pair.close()
    }
  },
)

const tell = (run: RunName, { code, out, err }: Ran): string =>
  `${run} ended with exit code ${code}\n${err}\n${out}`

interface Pair {
  tenant: DeployTenant
  ran: Record<RunName, Ran>
  /** Names of Actions whose code or draft was a run's own at the moment it ended. */
  ownAtEnd: Record<RunName, string[]>
  /** Writes that a run sent and that were not refused. */
  writes: Record<RunName, number>
  /** Bound Actions of others, as others last left them. */
  foreign: string[]
  /** Writes that no run may make. */
  violations: string[]
  /** What happened, in order. */
  log: string[]
  close(): Promise<void>
}

const FOREIGN = ['x', 'y', 'z']
const FOREIGN_UNBOUND = ['new-one', 'new-two', 'new-three']

const runPair = async (kind: Kind, chance: Chances): Promise<Pair> => {
  const tenant = await startDeployTenant(certificate)
  const projects = {
    a: makeProject(written(kind.found[0] ?? kind.a, 'found')),
    b: makeProject(written(kind.found[1] ?? kind.b, 'found')),
  }
  for (const name of [...FOREIGN, ...FOREIGN_UNBOUND]) tenant.addForeign(name)
  const pair: Pair = {
    tenant,
    ran: { a: NOTHING_RAN, b: NOTHING_RAN },
    ownAtEnd: { a: [], b: [] },
    writes: { a: 0, b: 0 },
    foreign: FOREIGN,
    violations: [],
    log: [],
    async close() {
      await tenant.close()
      for (const run of RUNS) projects[run].remove()
    },
  }
  await prepare(kind, tenant, projects)

  const windows = makeWindows()
  const parties = { a: joinWindows(windows), b: joinWindows(windows) }
  const watch = watchWrites(kind, pair)
  const startB = new Gate(chance.start)
  const counts = { a: 0, b: 0 }
  const changing: Promise<void>[] = []

  const pass = async (
    run: RunName,
    {
      request,
      response,
      goOn,
    }: Parameters<NonNullable<Parameters<DeployTenant['setFault']>[0]>>[1],
    byCli: boolean,
  ): Promise<void> => {
    const { method, path } = request
    counts[run] += 1
    if (run === 'a') startB.count()
    for (const change of chance.changes) {
      if (change.at === counts.a + counts.b) changing.push(changeForeign(pair, windows, change))
    }
    await new Promise((over) => setTimeout(over, chance.delays[run][counts[run] % 60]))
    const answered = await parties[run].pass({ method, path, byCli })
    const seen = watch(run, method, path, byCli)
    response.on('close', () => {
      pair.log.push(`${run} ${byCli ? 'cli ' : ''}${method} ${path} ${response.statusCode}`)
      if (method !== 'GET' && response.statusCode < 400) pair.writes[run] += 1
      seen(response.statusCode < 400)
      answered()
    })
    goOn()
  }
  tenant.setFault(({ byCli }, exchange) => {
    const token = exchange.request.get('authorization')?.replace('Bearer ', '') ?? ''
    void pass(decodeJwt(token)['azp'] as RunName, exchange, byCli)
    return true
  })

  const run = async (name: RunName): Promise<void> => {
    const token = await mintManagementToken(tenant.context, name, tenant.scopes)
    pair.ran[name] = await runIn(projects[name], tenant, deploy, ['--yes'], {
      env: { ...tenant.env, ...SECRETS, AUTH0_ACCESS_TOKEN: token },
    })
    parties[name].end()
    pair.log.push(`${name} ended`)
    pair.ownAtEnd[name] = Object.values(tenant.state.actions)
      .filter((action) => [action.code, liveCode(action)].some((code) => authorOf(code) === name))
      .map((action) => action.name)
  }
  await Promise.all([run('a').finally(() => startB.open()), startB.opened.then(() => run('b'))])
  await Promise.all(changing)
  return pair
}

const NOTHING_RAN: Ran = { code: 1, out: '', err: '' }

/** Opens after so many counts. */
class Gate {
  readonly opened: Promise<void>
  private left: number
  open!: () => void
  constructor(left: number) {
    this.left = left
    this.opened = new Promise((opened) => {
      this.open = opened
    })
  }
  count(): void {
    if (this.left <= 0) this.open()
    this.left -= 1
  }
}

/** What is there before: Actions and records as earlier deploys left them, bound among foreign ones. */
const prepare = async (
  { found, isOneTeam, a, b }: Kind,
  tenant: DeployTenant,
  projects: Record<RunName, TestProject>,
): Promise<void> => {
  for (const [index, names] of found.entries()) {
    const project = index === 0 ? projects.a : projects.b
    project.write(written(names, 'found'))
    await fillTenant(tenant, project)
  }
  if (isOneTeam && found.length > 0) recordTenant(tenant, projects.b)
  const [x = '', ...others] = FOREIGN
  tenant.bind(x, ...found.flatMap((names, index) => [...names, others[index] ?? '']))
  if (found.length < others.length) tenant.bind(...tenant.bound(), ...others.slice(found.length))
  projects.a.write(written(a, 'a'))
  projects.b.write(written(b, 'b'))
}

/** Somebody adds, unbinds, moves or deletes an Action of others, outside of everybody's window. */
const changeForeign = async (
  pair: Pair,
  windows: Windows,
  { kind, which, where }: Change,
): Promise<void> => {
  const { tenant } = pair
  await windows.open('bindings')
  const bound = tenant.bound()
  const isForeign = (name: string): boolean => [...FOREIGN, ...FOREIGN_UNBOUND].includes(name)
  const candidates =
    kind === 'add'
      ? FOREIGN_UNBOUND.filter((name) => tenant.action(name) !== undefined && !bound.includes(name))
      : bound.filter(isForeign)
  const name = candidates[which % candidates.length]
  if (name !== undefined) {
    const rest = bound.filter((other) => other !== name)
    const at = where % (rest.length + 1)
    tenant.bind(...(kind === 'add' || kind === 'move' ? rest.toSpliced(at, 0, name) : rest))
    if (kind === 'delete') delete tenant.state.actions[tenant.action(name)?.id ?? '']
    pair.foreign = tenant.bound().filter(isForeign)
    pair.log.push(`somebody: ${kind} ${name}: ${tenant.bound().join(' ')}`)
  }
  windows.close('bindings')
}

const liveCode = ({ versions, deployed_version_id: live }: StoredAction): string | undefined =>
  versions.find(({ id }) => id === live)?.code

/**
 * Notes what no run may do: deploy over a version that it did not see when it planned, deploy a
 * draft that is not its own, take back or delete what the other made, touch the other team's.
 */
const watchWrites = (kind: Kind, pair: Pair) => {
  const { actions } = pair.tenant.state
  const liveIds = (): Map<string, string | undefined> =>
    new Map(Object.values(actions).map(({ id, deployed_version_id: live }) => [id, live]))
  const planned = { a: liveIds(), b: liveIds() }
  const hasWritten = { a: false, b: false }
  const made = { a: new Set<string>(), b: new Set<string>() }
  return (run: RunName, method: string, path: string, byCli: boolean) => {
    const [, id = '', rest = ''] = /\/actions\/actions\/([^/]+)(.*)$/.exec(path) ?? []
    const action = actions[id]
    const forbid = (isForbidden: boolean, what: string): void => {
      if (isForbidden) pair.violations.push(`${run} ${what} ${action?.name}`)
    }
    hasWritten[run] ||= byCli && method !== 'GET'
    if (action !== undefined && method !== 'GET') {
      const isOwnDraft = authorOf(action.code) === run
      forbid(!kind[run].includes(action.name), 'writes the other team’s')
      if (method === 'DELETE') {
        forbid(
          !isOwnDraft || action.versions.some((version) => !made[run].has(version.id)),
          'deletes the other run’s',
        )
      } else if (rest === '/deploy') {
        forbid(!isOwnDraft, 'deploys a draft of the other run in')
        forbid(
          action.deployed_version_id !== planned[run].get(id),
          'deploys over a version that it did not plan for in',
        )
      } else if (rest !== '') {
        forbid(!made[run].has(action.deployed_version_id ?? ''), 'takes back a version not its own')
      } else if (!byCli) forbid(!isOwnDraft, 'overwrites the other run’s draft of')
    }
    return (isDone: boolean): void => {
      if (!hasWritten[run] && method === 'GET') planned[run] = liveIds()
      if (!isDone || method !== 'POST' || rest !== '/deploy') return
      made[run].add(actions[id]?.deployed_version_id ?? '')
    }
  }
}

const AS_FOUND = 'The tenant is as it was found.'

const judge = (kind: Kind, pair: Pair): void => {
  const { tenant, ran } = pair
  const foreignOrOther = [...FOREIGN, ...FOREIGN_UNBOUND]
  expect(pair.violations).toEqual([])
  expect(tenant.bound().filter((name) => foreignOrOther.includes(name))).toEqual(pair.foreign)
  for (const name of tenant.bound()) {
    expect(tenant.action(name)).toMatchObject({ deployed_version_id: expect.any(String) })
  }
  const reports = RUNS.map((run) => ran[run].out + ran[run].err).join('\n')
  for (const run of RUNS) {
    const { code, out, err } = ran[run]
    const text = out + err
    if (!kind.isOneTeam) expect(code).toBe(0)
    expect(text).not.toContain('Could NOT be undone')
    if (code === 0 || out.includes('Deployed to')) {
      for (const name of kind[run]) {
        expect(pair.ownAtEnd[run].concat(pair.ownAtEnd[other(run)])).toContain(name)
        expect([run, other(run)]).toContain(authorOf(liveOf(tenant, name)))
      }
      if (code === 0) {
        expect(out).toContain('Deployed to')
        expect(tenant.bound()).toEqual(expect.arrayContaining([...kind[run]]))
      }
      continue
    }
    expect(text).toMatch(/The deploy to .* failed \[|\[tenant_changed\]/)
    if (/Nothing was (written|deployed)/.test(text)) expect(pair.writes[run]).toBe(0)
    if (text.includes(AS_FOUND)) expect(pair.ownAtEnd[run]).toEqual([])
    // What it leaves behind, a report names.
    for (const name of pair.ownAtEnd[run]) expect(text).toContain(`${name}: `)
  }
  // Where each order is one team's own, each ends in its own.
  if (!kind.isOneTeam) {
    for (const run of RUNS) {
      expect(tenant.bound().filter((name) => kind[run].includes(name))).toEqual(kind[run])
      for (const name of kind[run]) expect(authorOf(liveOf(tenant, name))).toBe(run)
    }
  }
  for (const action of Object.values(tenant.state.actions)) {
    const author = authorOf(liveCode(action))
    if (author !== 'a' && author !== 'b') continue
    const isReported = ran[author].out.includes('Deployed to')
    if (!isReported) expect(reports).toContain(`${action.name}: `)
  }
}

const other = (run: RunName): RunName => (run === 'a' ? 'b' : 'a')

const liveOf = (tenant: DeployTenant, name: string): string | undefined => {
  const action = tenant.action(name)
  return action === undefined ? undefined : liveCode(action)
}
