import { describe, expect, test } from '@jest/globals'
import type { DeploymentRecord, RecordedRun } from '../../deploy/deployment-record.ts'
import { planRollback, type RollbackOptions } from '../../deploy/plan-rollback.ts'
import { renderRollback } from '../../deploy/render-rollback.ts'
import type { DeployedVersion, Tenant, TenantAction } from '../../deploy/tenant.ts'
import { aRepositoryAction, aTenant, aTenantAction } from '../../test-kit/deploy/builders.ts'

const NEW = '2026-11-20T10:00:00.000Z'
const OLD = '2026-10-01T10:00:00.000Z'
const NAMES = ['first', 'second', 'third']

/** Version `number` of an Action, with a secret of that date. */
const version = (name: string, number: number, setAt = NEW): DeployedVersion => ({
  ...deployedOf(aTenantAction(aRepositoryAction(name, { secretNames: ['KEY'] }), {}, number)),
  code: `// ${name} ${number}`,
  secretsSetAt: { KEY: setAt },
})

const deployedOf = ({ deployed }: TenantAction): DeployedVersion => {
  if (deployed === undefined) throw new Error('not deployed')
  return deployed
}

const ref = (name: string, number: number) => ({ id: `version-${name}-${number}`, number })

const bind = (...names: string[]) => names.map((name) => ({ actionName: name, displayName: name }))

interface Scene {
  /** Number of the live version of each Action; `theirs` is nobody's of ours. */
  live?: Readonly<Record<string, number>>
  bound?: string[]
  run?: Partial<RecordedRun> | undefined
  edit?: (tenant: Tenant, versions: Record<string, DeployedVersion[]>) => void
}

const plan = (scene: Scene, options: RollbackOptions = {}) => {
  const { live = { first: 2, second: 1 }, bound = ['first', 'second'], edit } = scene
  const versions = Object.fromEntries(
    Object.entries(live).map(([name, number]) => [
      name,
      Array.from({ length: number }, (_, index) => version(name, number - index)),
    ]),
  )
  const tenant: Tenant = {
    ...aTenant(),
    actions: Object.keys(live).map((name) =>
      aTenantAction(aRepositoryAction(name), {
        deployed: versions[name]?.[0] ?? version(name, 1),
      }),
    ),
    bindings: { 'post-login': bind(...bound) },
  }
  edit?.(tenant, versions)
  const record: DeploymentRecord = {
    schema: 1,
    domain: tenant.domain,
    actions: {},
    ...('run' in scene && scene.run === undefined
      ? {}
      : { lastRun: { kind: 'deploy', at: NEW, actions: [], bindings: [], ...scene.run } }),
  }
  return planRollback({ names: NAMES, tenant, versions, record }, options)
}

const updated = (name: string, from: number, to: number) => ({
  name,
  id: `id-${name}`,
  before: ref(name, from),
  after: ref(name, to),
  created: false,
})
const created = (name: string) => ({ name, id: `id-${name}`, after: ref(name, 1), created: true })

const inShort = ({ steps, left, problems, deletions, bindings }: ReturnType<typeof plan>) => ({
  steps: steps.map(({ action, from, to }) => [action, from.number, to.number]),
  bindings: bindings.map(({ to }) => to.map(({ actionName }) => actionName)),
  deletions: deletions.map(({ action }) => action),
  left: left.map(({ action }) => action),
  problems,
})
const NOTHING = { steps: [], bindings: [], deletions: [], left: [], problems: [] }

const nameOf = ({ actionName }: { actionName: string }): string => actionName

describe('what the last run did is taken back', () => {
  test('an Action that it deployed goes back to the version that was live before', () => {
    const found = plan({
      live: { first: 5, second: 3 },
      run: { actions: [updated('first', 3, 5)] },
    })
    expect(inShort(found)).toEqual({ ...NOTHING, steps: [['first', 5, 3]] })
  })

  test('after a deploy of bindings alone no Action is rolled back', () => {
    const found = plan({
      bound: ['second', 'theirs', 'first'],
      run: {
        bindings: [
          {
            trigger: 'post-login',
            before: bind('first', 'second'),
            after: bind('second', 'first'),
          },
        ],
      },
    })
    expect(inShort(found)).toEqual({ ...NOTHING, bindings: [['first', 'second']] })
  })

  test('an Action that it created is unbound and deleted', () => {
    const found = plan({
      live: { first: 1, second: 1 },
      run: {
        actions: [created('second')],
        bindings: [
          { trigger: 'post-login', before: bind('first'), after: bind('first', 'second') },
        ],
      },
    })
    expect(inShort(found)).toEqual({ ...NOTHING, bindings: [['first']], deletions: ['second'] })
  })

  test('a whole first deploy can be undone', () => {
    const found = plan({
      live: { first: 1, second: 1 },
      run: {
        actions: [created('first'), created('second')],
        bindings: [{ trigger: 'post-login', before: [], after: bind('first', 'second') }],
      },
    })
    expect(inShort(found)).toEqual({ ...NOTHING, bindings: [[]], deletions: ['first', 'second'] })
  })

  test('--only takes back that Action and its binding, and leaves the rest of the run', () => {
    const found = plan(
      {
        live: { first: 2, second: 1 },
        run: {
          actions: [updated('first', 1, 2), created('second')],
          bindings: [
            { trigger: 'post-login', before: bind('first'), after: bind('first', 'second') },
          ],
        },
      },
      { only: ['second'] },
    )
    expect(inShort(found)).toEqual({ ...NOTHING, bindings: [[]], deletions: ['second'] })
  })
})

describe('what others did since is left alone and named', () => {
  test('a version that a colleague put live', () => {
    const found = plan({ live: { first: 3 }, run: { actions: [updated('first', 1, 2)] } })
    expect(inShort(found)).toEqual({ ...NOTHING, left: ['first'] })
    expect(found.left[0]?.why).toContain('version 3 is live, which the last run did not make')
  })

  test('an Action that the run created and a colleague deployed again stays, and stays bound', () => {
    const found = plan({
      live: { first: 1, second: 2 },
      run: {
        actions: [created('second')],
        bindings: [
          { trigger: 'post-login', before: bind('first'), after: bind('first', 'second') },
        ],
      },
    })
    expect(inShort(found)).toEqual({ ...NOTHING, left: ['second'] })
  })

  test('an Action that the run created and that holds a draft of somebody is only unbound', () => {
    const found = plan({
      live: { first: 1, second: 1 },
      run: {
        actions: [created('second')],
        bindings: [
          { trigger: 'post-login', before: bind('first'), after: bind('first', 'second') },
        ],
      },
      edit: ({ actions }) => {
        Object.assign(actions[1] ?? {}, { allChangesDeployed: false })
      },
    })
    expect(inShort(found)).toEqual({ ...NOTHING, bindings: [['first']], left: ['second'] })
  })

  test('a draft of somebody survives the rollback of its Action', () => {
    const run = { actions: [updated('first', 1, 2)] }
    expect(plan({ run }).steps).toMatchObject([{ updateDraft: true }])
    const found = plan({
      run,
      edit: ({ actions }) => {
        Object.assign(actions[0] ?? {}, { allChangesDeployed: false })
      },
    })
    expect(found.steps).toMatchObject([{ updateDraft: false }])
    expect(renderRollback(found, 'x')).toContain(
      'an undeployed draft of somebody is in it and stays',
    )
  })

  test('a binding that was taken out since', () => {
    const found = plan({
      bound: ['second'],
      run: {
        bindings: [
          {
            trigger: 'post-login',
            before: bind('first', 'second'),
            after: bind('second', 'first'),
          },
        ],
      },
    })
    expect(inShort(found)).toEqual({ ...NOTHING, left: ['first'] })
  })

  test('an Action that is gone, and a version that is no longer kept', () => {
    const found = plan({
      live: { first: 2 },
      run: { actions: [updated('first', 1, 2), updated('third', 1, 2)] },
      edit: (_, versions) => versions['first']?.pop(),
    })
    expect(found.left).toEqual([
      { action: 'first', why: 'version 1 is no longer kept' },
      { action: 'third', why: 'is gone' },
    ])
  })
})

describe('secrets', () => {
  test('that were rotated since are named with both dates before anybody is asked', () => {
    const found = plan({
      run: { actions: [updated('first', 1, 2)] },
      edit: (_, versions) =>
        Object.assign(versions['first'] ?? [], { 1: version('first', 1, OLD) }),
    })
    expect(found.steps).toMatchObject([{ revived: [{ name: 'KEY', from: NEW, to: OLD }] }])
    expect(renderRollback(found, 'x')).toContain(
      'secret KEY: the value of 2026-11-20T10:00:00Z is replaced by an OLDER one of 2026-10-01T10:00:00Z',
    )
  })

  test('that are the same are not mentioned', () => {
    expect(plan({ run: { actions: [updated('first', 1, 2)] } }).steps).toMatchObject([
      { revived: [] },
    ])
  })
})

describe('when the record does not tell', () => {
  test.each<[string, Scene, RollbackOptions]>([
    ['nothing is on record', { run: undefined }, {}],
    ['the last run did nothing to the Actions asked for', {}, { only: ['first'] }],
  ])('%s: the versions are listed to choose from, and nothing is planned', (_, scene, options) => {
    const found = plan(scene, options)
    expect(inShort(found)).toMatchObject({ ...NOTHING, problems: [{ code: 'nothing_on_record' }] })
    const text = renderRollback(found, 'x')
    expect(text).toContain('* 2 (2026-11-01T10:00:00Z')
    expect(text).toContain('  1 (2026-11-01T10:00:00Z')
    expect(text).toContain('--only NAME --to VERSION')
  })

  test('--to goes to any version that is kept', () => {
    const found = plan({ live: { first: 5 }, run: undefined }, { only: ['first'], to: 2 })
    expect(inShort(found)).toEqual({ ...NOTHING, steps: [['first', 5, 2]] })
  })

  test('--to the version that is live leaves it', () => {
    expect(inShort(plan({}, { only: ['first'], to: 2 }))).toEqual({ ...NOTHING, left: ['first'] })
  })
})

test.each<[string, RollbackOptions, RegExp]>([
  ['a version that is not kept', { only: ['first'], to: 9 }, /has no version 9; it has 2, 1/],
  ['--to for an Action that is not deployed', { only: ['third'], to: 1 }, /is not deployed/],
])('refuses %s', (_, options, problem) => {
  expect(inShort(plan({}, options))).toMatchObject({
    ...NOTHING,
    problems: [{ message: expect.stringMatching(problem), code: 'version_missing' }],
  })
})

test('a rollback is taken back by the next', () => {
  const found = plan({
    live: { first: 3 },
    run: { kind: 'rollback', actions: [updated('first', 2, 3)] },
  })
  expect(inShort(found)).toEqual({ ...NOTHING, steps: [['first', 3, 2]] })
  expect(found.bindings.map(({ to }) => to.map(nameOf))).toEqual([])
})
