/** Whole rollbacks against a local tenant, of what real deploys put on record. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, jest, test } from '@jest/globals'
import { deploy } from '../../deploy/commands/deploy.ts'
import { drift, plan } from '../../deploy/commands/plan.ts'
import { rollback } from '../../deploy/commands/rollback.ts'
import { recordFile } from '../../deploy/record-file.ts'
import { deployVersion, updateDraft } from '../../local-tenant/management/change-action.ts'
import { useDeployWorld } from '../../test-kit/deploy/deploy-world.ts'
import { fillTenant } from '../../test-kit/deploy/fill-tenant.ts'
import { runIn, SECRETS, succeed, type Ran } from '../../test-kit/deploy/run-command.ts'
import { TWO_ACTIONS } from '../../test-kit/deploy/test-project.ts'

jest.setTimeout(120_000)

const world = await useDeployWorld()

const deployed = (...args: string[]): Promise<Ran> =>
  succeed(world.project, world.tenant, deploy, ['--yes', ...args])
const back = (...args: string[]): Promise<Ran> =>
  runIn(world.project, world.tenant, rollback, ['--yes', ...args])

const actionOf = (name: string) => {
  const action = world.tenant.action(name)
  if (action === undefined) throw new Error(`${name} is not there`)
  return action
}
const liveOf = (name: string) => {
  const action = actionOf(name)
  return action.versions.find(({ id }) => id === action.deployed_version_id)
}
const numbersOf = (name: string): number[] => actionOf(name).versions.map(({ number }) => number)

const says = (first: string, second = 'one'): void =>
  world.project.write({
    ...TWO_ACTIONS,
    first: { ...TWO_ACTIONS['first'], says: first },
    second: { says: second },
  })

test('puts the version before back, and a second time the one after', async () => {
  await fillTenant(world.tenant, world.project)
  const before = liveOf('second')?.code
  says('one', 'two')
  await deployed()
  const after = liveOf('second')?.code
  const ran = await back()
  expect(ran).toEqual({ ...ran, code: 0 })
  expect(ran.out).toContain('second: version 2 -> the content and secrets of version 1')
  expect(liveOf('second')?.code).toBe(before)
  expect(numbersOf('first')).toEqual([1])
  expect((await runIn(world.project, world.tenant, plan)).code).toBe(2)
  await back()
  expect(liveOf('second')?.code).toBe(after)
  await succeed(world.project, world.tenant, drift)
  expect(world.tenant.bound()).toEqual(['first', 'second'])
})

test('says which rotated secrets it revives, and the next deploy sends the current ones', async () => {
  await fillTenant(world.tenant, world.project)
  const rotated = { ...SECRETS, API_KEY: 'q7Vw2Zr9Lk4Xn8Tb1Hs6Jd3Gf5Mc0Py' }
  const env = { ...world.tenant.env, ...rotated }
  await succeed(world.project, world.tenant, deploy, ['--yes', '--rotate-secrets'], { env })
  const asked: string[] = []
  const ran = await succeed(world.project, world.tenant, rollback, [], {
    ask: (question) => {
      asked.push(question)
      return Promise.resolve(true)
    },
  })
  expect(asked).toHaveLength(1)
  expect(ran.out).toMatch(/secret API_KEY: the value of .* is replaced by an OLDER one of/)
  expect(liveOf('first')?.secrets).toContainEqual(
    expect.objectContaining({ name: 'API_KEY', value: SECRETS.API_KEY }),
  )
  expect(await runIn(world.project, world.tenant, drift)).toMatchObject({
    code: 2,
    out: expect.stringContaining('the record has a newer one'),
  })
  await succeed(world.project, world.tenant, deploy, ['--yes'], { env })
  expect(liveOf('first')?.secrets).toContainEqual(
    expect.objectContaining({ name: 'API_KEY', value: rotated.API_KEY }),
  )
  await succeed(world.project, world.tenant, drift)
})

test('undoes a bad first deploy whole, and leaves the tenant to the others', async () => {
  world.tenant.addForeign('theirs')
  world.tenant.bind('theirs')
  await deployed()
  expect(world.tenant.bound()).toEqual(['theirs', 'first', 'second'])
  const ran = await back()
  expect(ran).toEqual({ ...ran, code: 0 })
  expect(world.tenant.bound()).toEqual(['theirs'])
  expect(world.tenant.action('first')).toBeUndefined()
  expect(world.tenant.action('second')).toBeUndefined()
  await deployed()
  await succeed(world.project, world.tenant, drift)
})

test('after a deploy of bindings alone changes bindings alone', async () => {
  await fillTenant(world.tenant, world.project)
  world.tenant.addForeign('theirs')
  world.tenant.bind('second', 'theirs', 'first')
  await deployed()
  expect(world.tenant.bound()).toEqual(['first', 'theirs', 'second'])
  const writes = world.tenant.writes().length
  const ran = await back()
  expect(ran).toEqual({ ...ran, code: 0 })
  expect(world.tenant.bound()).toEqual(['second', 'theirs', 'first'])
  expect(world.tenant.writes().slice(writes)).toEqual([
    'PATCH /actions/triggers/post-login/bindings',
  ])
})

test("leaves a colleague's version and a colleague's draft, and names them", async () => {
  await fillTenant(world.tenant, world.project)
  says('two', 'two')
  await deployed()
  const draft = 'exports.onExecutePostLogin = async () => {} // unfinished'
  updateDraft(actionOf('first'), { code: draft }, Date.now())
  const second = actionOf('second')
  deployVersion(second, { ...second, code: '// hotfix' }, Date.now())
  const ran = await back()
  expect(ran).toEqual({ ...ran, code: 0 })
  expect(ran.out).toContain('an undeployed draft of somebody is in it and stays')
  expect(ran.out).toContain('= second: version 3 is live, which the last run did not make')
  expect(actionOf('first').code).toBe(draft)
  expect(liveOf('first')?.code).toContain('one')
  expect(liveOf('second')?.code).toBe('// hotfix')
})

test('without a record lists the versions, writes nothing and takes --only and --to', async () => {
  await fillTenant(world.tenant, world.project)
  says('one', 'two')
  await deployed()
  rmSync(join(world.project.root, recordFile(world.tenant.domain)))
  const writes = world.tenant.writes().length
  const ran = await back()
  expect(ran).toMatchObject({
    code: 1,
    out: expect.stringMatching(/second:\n {4}\* 2 \(.*\n {6}1 \(/),
  })
  expect(world.tenant.writes()).toHaveLength(writes)
  expect(await back('--only', 'second', '--to', '1')).toMatchObject({ code: 0 })
  expect(numbersOf('second')).toEqual([1, 2, 3])
  expect(await back('--to', 'x')).toMatchObject({ code: 1 })
  expect(await back('--to', '1')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/goes with one --only.*\[arguments_wrong\]/),
  })
  expect(await back('--only', 'theirs')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^--only theirs: .*\[arguments_wrong\]/),
  })
  expect(await back('--only', 'second', '--to', '99')).toMatchObject({ code: 1 })
})

test('works when the repository cannot be built', async () => {
  await fillTenant(world.tenant, world.project)
  says('one', 'two')
  await deployed()
  rmSync(join(world.project.root, 'actions/second/action.ts'))
  expect(await back()).toMatchObject({ code: 0 })
})

test('says before it writes which scopes it lacks', async () => {
  await deployed()
  world.tenant.scopes.splice(0, 9, 'read:actions', 'create:actions')
  const writes = world.tenant.writes().length
  expect(await back()).toMatchObject({
    code: 1,
    err: expect.stringContaining('update:actions, delete:actions'),
  })
  expect(world.tenant.writes()).toHaveLength(writes)
})
