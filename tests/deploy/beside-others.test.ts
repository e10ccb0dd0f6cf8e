/** A deploy while others work in the tenant: what they do survives, and what is left alone is named. */
import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { deploy } from '../../deploy/commands/deploy.ts'
import type { runDeployCli } from '../../deploy/run-deploy-cli.ts'
import { deployVersion, updateDraft } from '../../local-tenant/management/change-action.ts'
import {
  makeCertificate,
  startDeployTenant,
  type DeployTenant,
} from '../../test-kit/deploy/deploy-tenant.ts'
import { fillTenant } from '../../test-kit/deploy/fill-tenant.ts'
import { runWarmCli } from '../../test-kit/deploy-cli/warm.ts'
import { runIn, type Ran } from '../../test-kit/deploy/run-command.ts'
import { makeProject, TWO_ACTIONS, type TestProject } from '../../test-kit/deploy/test-project.ts'

jest.setTimeout(120_000)

const { certificate, remove } = await makeCertificate()
let project: TestProject
let tenant: DeployTenant

beforeEach(async () => {
  project = makeProject()
  tenant = await startDeployTenant(certificate)
  for (const name of ['x', 'y', 'z']) tenant.addForeign(name)
  await fillTenant(tenant, project)
})

afterEach(async () => {
  await tenant.close()
  project.remove()
})

afterAll(remove)

const THEIRS = 'exports.onExecutePostLogin = async () => {} // a hotfix'

/** Deploys new code of `second`; `meanwhile` runs when the Deploy CLI is done. */
const deployWhile = (meanwhile: () => void): Promise<Ran> => {
  project.write({ ...TWO_ACTIONS, second: { says: 'new' } })
  const runCli: typeof runDeployCli = async (asked) => {
    const result = await runWarmCli(asked)
    meanwhile()
    return result
  }
  return runIn(project, tenant, deploy, ['--yes'], { runCli })
}

/** Runs `work` when a request for `path` arrives, which the tenant then answers. */
const whenAsked = (method: string, end: string, work: () => void): void => {
  let isDue = true
  tenant.setFault((seen) => {
    if (isDue && seen.method === method && seen.path.endsWith(end)) {
      isDue = false
      work()
    }
    return false
  })
}

const actionOf = (name: string) => {
  const action = tenant.action(name)
  if (action === undefined) throw new Error(`no ${name}`)
  return action
}

const saveDraft = (name: string): void => updateDraft(actionOf(name), { code: THEIRS }, Date.now())

const hotfix = (name: string): void => {
  saveDraft(name)
  deployVersion(actionOf(name), actionOf(name), Date.now())
}

const liveCode = (name: string): string | undefined => {
  const { versions, deployed_version_id: live } = actionOf(name)
  return versions.find(({ id }) => id === live)?.code
}

const deleteAction = (name: string): void => {
  tenant.bind(...tenant.bound().filter((bound) => bound !== name))
  delete tenant.state.actions[actionOf(name).id]
}

describe('bindings', () => {
  test.each<[string, () => void, string[]]>([
    [
      'unbind of theirs',
      () => tenant.bind('x', 'second', 'first', 'z'),
      ['x', 'first', 'second', 'z'],
    ],
    [
      'new order of theirs',
      () => tenant.bind('z', 'second', 'y', 'first', 'x'),
      ['z', 'first', 'y', 'second', 'x'],
    ],
    [
      'new binding of theirs',
      () => tenant.bind('x', 'second', 'y', 'new', 'first', 'z'),
      ['x', 'first', 'y', 'new', 'second', 'z'],
    ],
    ['Action of theirs that they delete', () => deleteAction('y'), ['x', 'first', 'second', 'z']],
  ])('of others stay: %s', async (_title, change, expected) => {
    tenant.addForeign('new')
    tenant.bind('x', 'second', 'y', 'first', 'z')
    const ran = await deployWhile(change)
    expect(ran).toEqual({ code: 0, out: ran.out, err: ran.err })
    expect(tenant.bound()).toEqual(expected)
  })

  test('are read again when an Action of others is deleted between reading and writing', async () => {
    tenant.bind('x', 'second', 'y', 'first', 'z')
    whenAsked('PATCH', '/bindings', () => deleteAction('y'))
    const ran = await deployWhile(() => undefined)
    expect(ran).toEqual({ code: 0, out: ran.out, err: ran.err })
    expect(tenant.bound()).toEqual(['x', 'first', 'second', 'z'])
  })

  test('of ours that somebody removes stay removed, with exit code 1 and the name', async () => {
    tenant.bind('second', 'x', 'first')
    const ran = await deployWhile(() => tenant.bind('x', 'first'))
    expect(ran).toMatchObject({ code: 1, out: expect.stringContaining('somebody unbound second') })
    expect(tenant.bound()).toEqual(['x', 'first'])
  })

  test('of ours in an order that somebody changes keep that order, and it is said', async () => {
    const third = { says: 'new' }
    tenant.bind('x', 'first', 'second')
    project.write({ ...TWO_ACTIONS, third })
    const runCli: typeof runDeployCli = async (asked) => {
      const result = await runWarmCli(asked)
      tenant.bind('second', 'x', 'first')
      return result
    }
    const ran = await runIn(project, tenant, deploy, ['--yes'], { runCli })
    expect(ran).toMatchObject({
      code: 1,
      out: expect.stringContaining('changed the order of ours'),
    })
    expect(tenant.bound()).toEqual(['second', 'third', 'x', 'first'])
  })

  test('of others that change before the first write do not stop the deploy', async () => {
    tenant.bind('x', 'second', 'first')
    const ask = (): Promise<boolean> => {
      tenant.bind('second', 'first', 'z')
      return Promise.resolve(true)
    }
    const ran = await runIn(project, tenant, deploy, [], { ask })
    expect(ran).toEqual({ code: 0, out: ran.out, err: ran.err })
    expect(tenant.bound()).toEqual(['first', 'second', 'z'])
  })
})

describe('versions', () => {
  test('that somebody deploys meanwhile stay live and are not deployed over', async () => {
    const ran = await deployWhile(() => hotfix('second'))
    expect(ran).toMatchObject({ code: 1, out: expect.stringContaining('[tenant_changed]') })
    expect(ran.out).toContain('second: somebody deployed version 2')
    expect(liveCode('second')).toBe(THEIRS)
    expect(actionOf('second').versions).toHaveLength(2)
  })

  test('are not made of a draft that somebody saved meanwhile', async () => {
    const ran = await deployWhile(() => saveDraft('second'))
    expect(ran).toMatchObject({ code: 1, out: expect.stringContaining('saved another draft') })
    expect(actionOf('second')).toMatchObject({ code: THEIRS, versions: [{ number: 1 }] })
  })

  /** Fails when the bindings are written, after `meanwhile`; then everything is undone. */
  const failAfter = async (meanwhile: () => void): Promise<Ran> => {
    tenant.bind('second', 'first')
    let isDue = true
    tenant.setFault(({ method, path }, { response }) => {
      if (method !== 'PATCH' || !path.endsWith('/bindings')) return false
      if (isDue) meanwhile()
      isDue = false
      response.status(400).json({ statusCode: 400, message: 'injected by a test' })
      return true
    })
    return deployWhile(() => undefined)
  }

  test('of others that follow ours survive the undoing of ours, and are named', async () => {
    const ran = await failAfter(() => hotfix('second'))
    expect(ran).toMatchObject({
      code: 1,
      out: expect.stringContaining('second: version 3 is live'),
    })
    expect(liveCode('second')).toBe(THEIRS)
    expect(ran.out).not.toContain('The tenant is as it was found')
  })

  test('of ours alone are undone when the bindings cannot be written', async () => {
    const before = liveCode('second')
    const ran = await failAfter(() => undefined)
    expect(ran).toMatchObject({ code: 1, out: expect.stringContaining('version 1 deployed again') })
    expect(liveCode('second')).toBe(before)
  })

  test('of others keep an Action that this run created from being deleted', async () => {
    delete tenant.state.actions[actionOf('second').id]
    const ran = await failAfter(() => hotfix('second'))
    expect(ran.code).toBe(1)
    expect(liveCode('second')).toBe(THEIRS)
  })
})

test('an unreadable answer after drafts were put live is told with all that was written', async () => {
  tenant.bind('x', 'second', 'first', 'y')
  let isLive = false
  tenant.setFault(({ method, path }, { response }) => {
    isLive ||= path.endsWith('/deploy')
    if (!isLive || method !== 'GET' || !path.endsWith('/bindings')) return false
    response.status(200).type('html').send('<html></html>')
    return true
  })
  const before = liveCode('second')
  const { code, out, err } = await deployWhile(() => undefined)
  expect(code).toBe(1)
  expect(out).toContain('[answer_unreadable]')
  expect(out).toContain('It had written:\n  - second: version 2 put live')
  expect(out).toContain('second: version 1 deployed again')
  expect((out + err).toLowerCase()).not.toContain('nothing was written')
  expect(liveCode('second')).toBe(before)
  expect(tenant.bound()).toEqual(['x', 'second', 'first', 'y'])
})
