import { describe, expect, test } from '@jest/globals'
import {
  adoptActions,
  mergeRecords,
  moveVersions,
  recordAction,
  recordRun,
  type DeploymentRecord,
  type RecordedRun,
} from '../../deploy/deployment-record.ts'
import { parseRecord } from '../../deploy/parse-record.ts'
import { renderRecord } from '../../deploy/record-file.ts'
import type { Tenant } from '../../deploy/tenant.ts'
import {
  aRepository,
  aRepositoryAction,
  aTenant,
  aTenantAction,
} from '../../test-kit/deploy/builders.ts'

const first = aRepositoryAction('first', { secretNames: ['KEY'] })
const second = aRepositoryAction('second')
const DOMAIN = 'example.eu.auth0.com'

/** A tenant where `first` is live in this version, with a secret of this date. */
const tenantWith = (number: number, setAt = '2026-11-01T10:00:00.000Z'): Tenant => {
  const action = aTenantAction(first, {}, number)
  if (action.deployed !== undefined) action.deployed.secretsSetAt = { KEY: setAt }
  return { ...aTenant(), actions: [action, aTenantAction(second)] }
}

/** What is live of the Actions that a run made in a tenant. */
const liveOf = (tenant: Tenant, run: RecordedRun) =>
  tenant.actions.flatMap((action) =>
    action.deployed !== undefined &&
    run.actions.some(({ after }) => after?.id === action.deployed?.id)
      ? [{ name: action.name, action: recordAction(action, action.deployed) }]
      : [],
  )

const afterRun = (record: DeploymentRecord | undefined, tenant: Tenant, run: RecordedRun) =>
  recordRun(record, tenant.domain, run, liveOf(tenant, run))

const ref = (number: number, name = 'first') => ({ id: `version-${name}-${number}`, number })

const aRun = (change: Partial<RecordedRun> = {}): RecordedRun => ({
  kind: 'deploy',
  at: '2026-11-01T10:00:00.000Z',
  by: 'octocat',
  commit: 'f'.repeat(40),
  actions: [{ name: 'first', id: 'id-first', before: ref(1), after: ref(2), created: false }],
  bindings: [],
  ...change,
})

describe('a record', () => {
  const record = afterRun(undefined, tenantWith(2), aRun())

  test('holds id, version, hash, trigger, modules and dates of secrets of what a run made', () => {
    expect(record.actions).toEqual({
      first: {
        id: 'id-first',
        version: ref(2),
        hash: first.hash,
        trigger: { id: 'post-login', version: 'v3' },
        modules: [],
        secretsSetAt: { KEY: '2026-11-01T10:00:00.000Z' },
      },
    })
  })

  test('comes back from its file as it went in, with members of a later version', () => {
    const later = {
      ...record,
      color: 'blue',
      lastRun: { ...record.lastRun, reviewer: 'x', bindings: [] },
    }
    expect(parseRecord(renderRecord(later as DeploymentRecord), DOMAIN)).toEqual({
      ok: true,
      value: later,
    })
  })

  test.each<[string, (raw: Record<string, unknown>) => unknown, RegExp]>([
    ['another schema', (raw) => (raw['schema'] = 2), /^schema is a number, not 1$/],
    [
      'another tenant',
      (raw) => (raw['domain'] = 'other.eu.auth0.com'),
      /^domain is other.*, another tenant$/,
    ],
    ['no Actions', (raw) => delete raw['actions'], /^actions is missing$/],
    [
      'an Action without a version',
      (raw) => (raw['actions'] = { a: { id: 'x', trigger: {} } }),
      /^actions\.a\.version is missing$/,
    ],
    [
      'a run of an unknown kind',
      (raw) => (raw['lastRun'] = { kind: 'magic' }),
      /^lastRun\.kind is a string, not one of/,
    ],
    ['a list for a run', (raw) => (raw['lastRun'] = []), /^lastRun\.kind is missing$/],
  ])('of %s is refused with the reason', (_, edit, problem) => {
    const raw = structuredClone(record) as unknown as Record<string, unknown>
    edit(raw)
    const parsed = parseRecord(JSON.stringify(raw), DOMAIN)
    const said = parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path} ${message}`)
    expect(said).toContainEqual(expect.stringMatching(problem))
  })

  test.each(['', 'null', '[]', '{', '<html>', '"x"', '{"schema":1}'])(
    'is never taken from %j',
    (text) => {
      expect(parseRecord(text, DOMAIN)).toMatchObject({ ok: false })
    },
  )

  test('forgets an Action that the run deleted', () => {
    const deletion = { name: 'first', id: 'id-first', before: ref(2), created: false }
    expect(afterRun(record, aTenant(), aRun({ actions: [deletion] })).actions).toEqual({})
  })

  test('keeps the newest date of a secret over a rollback that brought an older value back', () => {
    const rolledBack = afterRun(
      record,
      tenantWith(3, '2026-10-01T00:00:00.000Z'),
      aRun({
        kind: 'rollback',
        actions: [{ name: 'first', id: 'id-first', before: ref(2), after: ref(3), created: false }],
      }),
    )
    expect(rolledBack.actions['first']).toMatchObject({
      version: ref(3),
      secretsSetAt: { KEY: '2026-11-01T10:00:00.000Z' },
    })
  })

  test('takes over what is live only where it knows nothing', () => {
    const adopted = adoptActions(record, tenantWith(9), ['first', 'second', 'not there'])
    expect(Object.keys(adopted.actions)).toEqual(['first', 'second'])
    expect(adopted.actions['first']?.version).toEqual(ref(2))
    expect(adopted.lastRun).toEqual(record.lastRun)
  })

  test('follows an undo, which deploys the version before again under a new number', () => {
    const moved = moveVersions(record, [{ from: ref(2), to: ref(4) }])
    expect(moved.actions['first']?.version).toEqual(ref(4))
    expect(moved.lastRun?.actions).toMatchObject([{ before: ref(1), after: ref(4) }])
  })
})

describe('two records written at the same time', () => {
  const base = adoptActions(undefined, aTenant({ deployed: aRepository([first, second]) }), [
    'first',
    'second',
  ])
  const mine = afterRun(base, tenantWith(2), aRun())
  const theirs = afterRun(
    base,
    { ...aTenant(), actions: [aTenantAction(second, {}, 5)] },
    aRun({
      at: '2026-11-01T10:00:09.000Z',
      actions: [
        {
          name: 'second',
          id: 'id-second',
          before: ref(1, 'second'),
          after: ref(5, 'second'),
          created: false,
        },
      ],
    }),
  )

  test('become one that holds the newest version of each Action and the last run, in either order', () => {
    for (const merged of [mergeRecords(mine, theirs), mergeRecords(theirs, mine)]) {
      expect(merged.actions['first']?.version).toEqual(ref(2))
      expect(merged.actions['second']?.version).toEqual(ref(5, 'second'))
      expect(merged.lastRun).toEqual(theirs.lastRun)
    }
  })
})
