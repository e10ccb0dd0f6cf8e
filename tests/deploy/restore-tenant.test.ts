import { describe, expect, test } from '@jest/globals'
import type { DoneAction } from '../../deploy/done.ts'
import {
  planUndo,
  unansweredIn,
  type Found,
  type RestoreOptions,
  type Undo,
} from '../../deploy/restore-tenant.ts'
import type { DeployedVersion, Tenant, TenantAction } from '../../deploy/tenant.ts'
import { verifyDeployment } from '../../deploy/verify-deployment.ts'
import {
  aRepository,
  aRepositoryAction,
  aTenant,
  aTenantAction,
  build,
} from '../../test-kit/deploy/builders.ts'

const wanted = aRepositoryAction('first', build('first', 'ours'))
const old = aRepositoryAction('first', build('first', 'old'))
const theirs = aRepositoryAction('first', build('first', 'theirs'))
const repository = aRepository([wanted])

const versionOf = (action: TenantAction): DeployedVersion => {
  if (action.deployed === undefined) throw new Error('not deployed')
  return action.deployed
}

const version1 = versionOf(aTenantAction(old, {}, 1))
const made = { ...versionOf(aTenantAction(wanted, {}, 2)), maybeOthers: false }

/** A run that found no `first`, and created it with this version. */
const created: DoneAction = { name: 'first', id: 'id-first', created: true, made }
/** A run that found version 1 live and wrote a draft. */
const draftOnly: DoneAction = {
  name: 'first',
  id: 'id-first',
  created: false,
  draftBefore: old,
  before: version1,
}
/** A run that found version 1 live and put version 2 live. */
const updated: DoneAction = { ...draftOnly, made }

/** `first` with `live` deployed as that version, and its draft. */
const shown = (live: typeof wanted, number: number, draft = live): TenantAction => ({
  ...aTenantAction(live, {}, number),
  draft,
})

const found = (action: TenantAction, ...others: DeployedVersion[]): Found => ({
  action,
  versions: [...(action.deployed === undefined ? [] : [action.deployed]), ...others],
})

describe('undo', () => {
  test.each<[string, DoneAction, Found, Undo]>([
    [
      'deploys the version from before again, while the one the run made is live',
      updated,
      found(shown(wanted, 2), version1),
      { steps: [{ kind: 'version', id: version1.id, number: 1, isDraftOurs: true }] },
    ],
    [
      'leaves a version that somebody deployed after it',
      updated,
      found(shown(theirs, 3), made, version1),
      { steps: [], left: expect.stringContaining('version 3 is live') as unknown as string },
    ],
    [
      'leaves a version of its own code that somebody else deployed after it',
      updated,
      found(shown(wanted, 3), made, version1),
      { steps: [], left: expect.stringContaining('version 3 is live') as unknown as string },
    ],
    [
      'leaves a version that another run may have made, because the answer was lost',
      { ...updated, made: { ...made, maybeOthers: true } },
      found(shown(wanted, 2), version1),
      {
        steps: [],
        left: expect.stringContaining('another run may have made it') as unknown as string,
      },
    ],
    [
      'keeps a draft that somebody saved since',
      updated,
      found(shown(wanted, 2, theirs), version1),
      {
        steps: [{ kind: 'version', id: version1.id, number: 1, isDraftOurs: false }],
        left: expect.stringContaining('another draft') as unknown as string,
      },
    ],
    [
      'puts back a draft of others that the run overwrote',
      { ...updated, draftBefore: theirs },
      found(shown(wanted, 2), version1),
      {
        steps: [
          { kind: 'version', id: version1.id, number: 1, isDraftOurs: true },
          { kind: 'draft', draft: theirs },
        ],
      },
    ],
    [
      'has nothing to do when the version from before was deployed again already',
      updated,
      found(shown(old, 3), made, version1),
      { steps: [] },
    ],
    [
      'names the draft that it wrote into an Action of which the plan knew nothing',
      { name: 'first', id: 'id-first', created: false, before: version1 },
      found(shown(old, 1, wanted)),
      { steps: [], left: expect.stringContaining('its draft is ours') as unknown as string },
    ],
    [
      'puts back a draft that was only written, without making a version',
      draftOnly,
      found(shown(old, 1, wanted)),
      { steps: [{ kind: 'draft', draft: old }] },
    ],
    [
      'leaves a draft that is no longer its own',
      draftOnly,
      found(shown(old, 1, theirs)),
      { steps: [], left: expect.stringContaining('another draft') as unknown as string },
    ],
    [
      'leaves an Action that somebody deployed after the run wrote its draft',
      draftOnly,
      found(shown(theirs, 2, wanted)),
      { steps: [], left: expect.stringContaining('version 2 is live') as unknown as string },
    ],
    [
      'deletes an Action that it created and that has no other version',
      created,
      found(shown(wanted, 2)),
      { steps: [{ kind: 'delete' }] },
    ],
    [
      'leaves an Action that it created and that somebody else deployed too',
      created,
      found(shown(wanted, 2), version1),
      {
        steps: [],
        left: expect.stringContaining('somebody else deployed it') as unknown as string,
      },
    ],
    [
      'leaves an Action that it created and of which somebody saved a draft',
      created,
      found(shown(wanted, 2, theirs)),
      { steps: [], left: expect.stringContaining('another draft') as unknown as string },
    ],
    [
      'cannot go back where nothing was live before',
      { ...created, created: false },
      found(shown(wanted, 2)),
      { steps: [], left: expect.stringContaining('no earlier one') as unknown as string },
    ],
    [
      'notes an Action that somebody deleted',
      updated,
      { action: undefined, versions: [] },
      { steps: [], left: expect.stringContaining('somebody deleted it') as unknown as string },
    ],
  ])('%s', (_title, done, now, undo) => {
    expect(planUndo(done, wanted, now)).toEqual(undo)
  })
})

describe('reading back', () => {
  const after = (edit: (live: DeployedVersion, tenant: Tenant) => void) => {
    const tenant = { ...aTenant(), actions: [aTenantAction(wanted, {}, 2)] }
    edit(versionOf(tenant.actions[0] ?? aTenantAction(wanted)), tenant)
    return verifyDeployment([updated], repository, tenant)
  }

  test('is content when the version that was made is live and built', () => {
    expect(after(() => undefined)).toEqual({ problems: [], left: [], isUnsettled: false })
  })

  test.each<[string, Parameters<typeof after>[0], string, string, boolean]>([
    [
      'the version from before is still live',
      (live) => Object.assign(live, { id: 'x', number: 1 }),
      'version 1 is live',
      'not_live',
      true,
    ],
    [
      'nothing is live',
      (_live, { actions: [action] }) => delete action?.deployed,
      'none is',
      'not_live',
      true,
    ],
    [
      'it is still being built',
      (live) => (live.status = 'building'),
      'still being built',
      'not_live',
      true,
    ],
    [
      'its build failed',
      (live) => (live.status = 'failed'),
      'could not be built',
      'build_failed',
      false,
    ],
    ['other code is in it', (live) => (live.code = ''), 'was not deployed', 'not_live', false],
  ])('complains when %s', (_title, edit, problem, code, isUnsettled) => {
    expect(after(edit)).toEqual({
      problems: [{ path: 'first', message: expect.stringContaining(problem), code }],
      left: [],
      isUnsettled,
    })
  })

  test.each<[string, Parameters<typeof after>[0], string]>([
    [
      'somebody deployed after it',
      (live) => Object.assign(live, { id: 'x', number: 3 }),
      'version 3 after our version 2',
    ],
    ['somebody deleted it', (_live, tenant) => (tenant.actions = []), 'deleted'],
  ])('only notes when %s', (_title, edit, left) => {
    expect(after(edit)).toMatchObject({ problems: [], left: [expect.stringContaining(left)] })
  })
})

describe('a draft like ours of which nobody knows who wrote it', () => {
  const said = (
    now: typeof wanted | undefined,
    before: typeof wanted | undefined,
    change = 'changed',
    done: DoneAction[] = [],
  ) => {
    const tenantOf = (draft: typeof wanted | undefined) => ({
      ...aTenant(),
      actions: draft === undefined ? [] : [shown(old, 1, draft)],
    })
    return unansweredIn(
      {
        plan: { actions: [{ name: 'first', change }] },
        repository,
        before: tenantOf(before),
        done: { actions: done, bindings: [] },
      } as unknown as RestoreOptions,
      tenantOf(now),
    )
  }
  const unknown = ['first: its draft is like ours; this run does not know whether it wrote it']

  test('is named where the draft was another before, or there was none', () => {
    expect(said(wanted, old)).toEqual(unknown)
    expect(said(wanted, undefined)).toEqual(unknown)
  })

  test('is not named where it was so before, where another lies there, or where none does', () => {
    expect(said(wanted, wanted)).toEqual([])
    expect(said(theirs, old)).toEqual([])
    expect(said(undefined, old)).toEqual([])
  })

  test('is not named where the run changed nothing, or the Deploy CLI said that it wrote it', () => {
    expect(said(wanted, old, 'unchanged')).toEqual([])
    expect(said(wanted, old, 'changed', [draftOnly])).toEqual([])
  })
})
