/** Whole deploys through the real Deploy CLI, trimmed; `pipeline.test.ts` runs it untouched. */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, jest, test } from '@jest/globals'
import { deploy } from '../../deploy/commands/deploy.ts'
import { drift, plan } from '../../deploy/commands/plan.ts'
import type { DeployCliRun, runDeployCli } from '../../deploy/run-deploy-cli.ts'
import { useDeployWorld } from '../../test-kit/deploy/deploy-world.ts'
import { builtCode, fillTenant } from '../../test-kit/deploy/fill-tenant.ts'
import { runWarmCli } from '../../test-kit/deploy-cli/warm.ts'
import { runIn, SECRETS, type Ran } from '../../test-kit/deploy/run-command.ts'
import { TWO_ACTIONS } from '../../test-kit/deploy/test-project.ts'

jest.setTimeout(600_000)

const world = await useDeployWorld()

const run = (...args: string[]): Promise<Ran> =>
  runIn(world.project, world.tenant, deploy, ['--yes', ...args])

const deployed = async (...args: string[]): Promise<Ran> => {
  const ran = await run(...args)
  expect(ran).toEqual({ code: 0, out: ran.out, err: ran.err })
  return ran
}

const versionsOf = (name: string): number[] =>
  (world.tenant.action(name)?.versions ?? []).map(({ number }) => number)

const liveCode = (name: string): string | undefined => {
  const action = world.tenant.action(name)
  return action?.versions.find(({ id }) => id === action.deployed_version_id)?.code
}

const says = (first: string, second = 'one'): void =>
  world.project.write({
    ...TWO_ACTIONS,
    first: { ...TWO_ACTIONS['first'], says: first },
    second: { says: second },
  })

test('a first deploy puts Actions, secrets and order into an empty tenant', async () => {
  const ran = await run()
  expect(ran).toEqual({ code: 0, out: ran.out, err: ran.err })
  expect(world.tenant.bound()).toEqual(['first', 'second'])
  for (const name of ['first', 'second']) {
    expect(liveCode(name)).toBe(builtCode(world.project, name))
  }
  expect(world.tenant.action('first')?.secrets).toMatchObject([
    { name: 'API_KEY', value: SECRETS.API_KEY },
    { name: 'TERMS_TOKEN_SECRET', value: SECRETS.TERMS_TOKEN_SECRET },
  ])
  expect(ran.out).toContain('first created')
  expect(ran.out).toMatch(/Live bundles: sha256:[0-9a-f]{64}/)
})

describe('a deploy', () => {
  test('of nothing only reads and does not start the Deploy CLI', async () => {
    await fillTenant(world.tenant, world.project)
    const writes = world.tenant.writes().length
    const runCli = jest.fn(runWarmCli)
    const ran = await runIn(world.project, world.tenant, deploy, ['--yes'], { runCli })
    expect(ran.code).toBe(0)
    expect(ran.out).toContain('Nothing was written.')
    expect(runCli).not.toHaveBeenCalled()
    expect(world.tenant.writes()).toHaveLength(writes)
  })

  test('writes only the Action that changed', async () => {
    await fillTenant(world.tenant, world.project)
    const writes = world.tenant.writes().length
    says('one', 'two')
    await deployed()
    expect(world.tenant.writes().slice(writes)).toEqual([
      'PATCH /actions/actions/:id',
      'POST /actions/actions/:id/deploy',
    ])
    expect([versionsOf('first'), versionsOf('second')]).toEqual([[1], [1, 2]])
  })

  test('leaves Actions of others before, between and after ours in place, ten times over', async () => {
    const others = ['before', 'between', 'after'].map((name) => world.tenant.addForeign(name))
    await fillTenant(world.tenant, world.project)
    world.tenant.bind('before', 'first', 'between', 'second', 'after')
    const found = structuredClone(others)
    for (let time = 0; time < 10; time += 1) {
      says(`time ${time}`, time % 2 === 0 ? 'even' : 'odd')
      if (time === 4) world.tenant.bind('before', 'second', 'between', 'first', 'after')
      await deployed()
      expect(world.tenant.bound()).toEqual(['before', 'first', 'between', 'second', 'after'])
    }
    expect(others).toEqual(found)
  })

  test('shows no secret and no token, and leaves no file behind', async () => {
    const files = (): string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith(`auth0-deploy-${process.pid}-`))
    const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8)
    const texts: string[] = []
    const modes: string[] = []
    let cli: DeployCliRun | undefined
    const runCli: typeof runDeployCli = (asked) => {
      cli = asked
      const folder = dirname(asked.inputFile)
      modes.push(mode(folder), mode(asked.inputFile), mode(join(folder, 'actions/first.js')))
      texts.push(readFileSync(asked.inputFile, 'utf8'), JSON.stringify(readdirSync(folder)))
      return runWarmCli(asked)
    }
    const summary = join(world.project.root, 'summary.md')
    const before = files()
    const ran = await runIn(world.project, world.tenant, deploy, ['--yes', '--summary', summary], {
      runCli,
    })
    expect(ran.code).toBe(0)
    expect(modes).toEqual(['700', '600', '600'])
    expect(files()).toEqual(before)
    const token = cli?.env['AUTH0_ACCESS_TOKEN'] ?? ''
    expect(token).not.toBe('')
    const shown = [ran.out, ran.err, readFileSync(summary, 'utf8'), ...texts].join('\n')
    for (const secret of [...Object.values(SECRETS), token, 'the-secret-of-the-deployer']) {
      expect(shown).not.toContain(secret)
    }
    expect(Object.keys(cli?.env ?? {}).sort()).toEqual([
      'API_KEY',
      'AUTH0_ACCESS_TOKEN',
      'AUTH0_ALLOW_DELETE',
      'AUTH0_DOMAIN',
      'AUTH0_INCLUDED_ONLY',
      'NODE_EXTRA_CA_CERTS',
      'PATH',
      'TERMS_TOKEN_SECRET',
    ])
  })

  test('cannot be made to put a variable into code or into a name of others', async () => {
    const name = '##AUTH0_ACCESS_TOKEN## and @@API_KEY@@'
    world.tenant.addForeign(name)
    await fillTenant(world.tenant, world.project)
    world.tenant.bind('second', name, 'first')
    await deployed()
    expect(world.tenant.bound()).toEqual(['first', name, 'second'])
    expect(JSON.stringify(world.tenant.state.bindings)).not.toContain(SECRETS.API_KEY)
  })

  test('--only deploys that Action and leaves the others', async () => {
    await fillTenant(world.tenant, world.project)
    says('two', 'two')
    await deployed('--only', 'second')
    expect([versionsOf('first'), versionsOf('second')]).toEqual([[1], [1, 2]])
  })

  test('--rotate-secrets sends the new value, and a run killed in between is finished later', async () => {
    await fillTenant(world.tenant, world.project)
    const rotated = { ...SECRETS, API_KEY: 'ak_9x2Fp7Lc4Vh8Ms3' }
    const env = { ...world.tenant.env, ...rotated }
    const ran = await runIn(world.project, world.tenant, deploy, ['--yes', '--rotate-secrets'], {
      env,
    })
    expect(ran.code).toBe(0)
    expect(world.tenant.action('first')?.versions.at(-1)?.secrets[0]?.value).toBe(rotated.API_KEY)
    expect([versionsOf('first'), versionsOf('second')]).toEqual([[1, 2], [1]])

    const first = world.tenant.action('first')
    if (first === undefined) throw new Error('not there')
    first.all_changes_deployed = false
    expect((await runIn(world.project, world.tenant, plan)).out).toContain(
      'secrets set but not deployed',
    )
    await deployed()
    expect(versionsOf('first')).toEqual([1, 2, 3])
  })

  test('--prune unbinds and deletes what world.tenant.yaml dropped, and nothing else', async () => {
    world.tenant.addForeign('theirs')
    await fillTenant(world.tenant, world.project)
    world.tenant.bind('first', 'theirs', 'second')
    rmSync(join(world.project.root, 'actions/second'), { recursive: true })
    const { first = { says: '' } } = TWO_ACTIONS
    world.project.write({ first })
    expect((await deployed()).out).toContain('npm run deploy -- --prune second')
    expect(world.tenant.action('second')).toBeDefined()
    const { out } = await deployed('--prune', 'second')
    expect(out).toContain('- second: is taken from post-login')
    expect(world.tenant.action('second')).toBeUndefined()
    expect(world.tenant.bound()).toEqual(['first', 'theirs'])
    expect(await run('--prune', 'theirs')).toMatchObject({ code: 1 })
    expect(world.tenant.action('theirs')).toBeDefined()
    await deployed('--prune', 'second')
  })
})

describe('a deploy that does not come out as planned', () => {
  const broken = async (): Promise<{ ran: Ran; before: unknown }> => {
    world.tenant.addForeign('theirs')
    await fillTenant(world.tenant, world.project)
    world.tenant.bind('first', 'theirs', 'second')
    const third = { says: 'new' }
    world.project.write({ third, ...TWO_ACTIONS, first: { ...TWO_ACTIONS['first'], says: 'two' } })
    const before = picture()
    world.tenant.setFault(({ path, method }, { response }) => {
      if (method !== 'PATCH' || !path.endsWith('/bindings')) return false
      response.status(400).json({ statusCode: 400, message: 'That action does not exist.' })
      return true
    })
    const ran = await run()
    world.tenant.setFault(undefined)
    return { ran, before }
  }
  const picture = (): unknown => ({
    bound: world.tenant.bound(),
    live: ['first', 'second', 'third', 'theirs'].map(liveCode),
    drafts: ['first', 'second', 'third', 'theirs'].map((name) => world.tenant.action(name)?.code),
  })

  test('is brought back to how the tenant was found, with the cause', async () => {
    const { ran, before } = await broken()
    expect(ran.code).toBe(1)
    expect(ran.out).toContain('[tenant_failed]')
    expect(ran.out).toContain('first: version 1 deployed again')
    expect(ran.out).toContain('third: deleted, it was not there before')
    expect(ran.out).toContain('The tenant is as it was found.')
    expect(picture()).toEqual(before)
  })

  test('says so when it cannot be brought back, and the next run gets there', async () => {
    world.tenant.scopes.splice(0, 9, 'read:actions', 'create:actions', 'update:actions')
    const { ran } = await broken()
    expect(ran.code).toBe(1)
    expect(ran.out).toContain('Could NOT be undone')
    expect(ran.out).toContain('delete:actions')
    expect(world.tenant.bound()).toEqual(['first', 'theirs', 'second'])
    await deployed()
    expect(world.tenant.bound()).toEqual(['third', 'first', 'theirs', 'second'])
  })

  test('counts when the Deploy CLI lies: a draft that it did not write is noticed', async () => {
    await fillTenant(world.tenant, world.project)
    says('two')
    const runCli: typeof runDeployCli = () =>
      Promise.resolve({ exitCode: 0, output: 'Import Successful' })
    const ran = await runIn(world.project, world.tenant, deploy, ['--yes'], { runCli })
    expect(ran).toMatchObject({ code: 1, out: expect.stringContaining('did not write first') })
    expect(ran.out).toContain('Nothing was written.')
    expect(versionsOf('first')).toEqual([1])
  })

  test('and cannot be read back says what it wrote and to run again, which gets there', async () => {
    await fillTenant(world.tenant, world.project)
    says('two')
    let isWritten = false
    world.tenant.setFault(({ method, path }, { response }) => {
      if (isWritten) response.socket?.destroy()
      const isBroken = isWritten
      isWritten ||= method === 'POST' && path.endsWith('/deploy')
      return isBroken
    })
    const env = { ...world.tenant.env, ...SECRETS, AUTH0_API_MAX_RETRIES: '0' }
    const ran = await runIn(world.project, world.tenant, deploy, ['--yes'], { env })
    expect(ran).toMatchObject({ code: 1, out: expect.stringContaining('run the deploy again') })
    expect(ran.out).toContain('It had written:\n  - first: version 2 put live')
    world.tenant.setFault(undefined)
    // That run could not put version 2 on record, so nobody can tell whose it is.
    await deployed()
    expect(versionsOf('first')).toEqual([1, 2, 3])
  })

  test('shows the build errors of the tenant and puts nothing live', async () => {
    await fillTenant(world.tenant, world.project)
    says('two', 'two')
    const before = picture()
    const id = world.tenant.action('second')?.id ?? ''
    let isBroken = false
    world.tenant.setFault(({ method, path, byCli }, exchange) => {
      isBroken ||= byCli && method === 'PATCH'
      if (!isBroken || byCli || method !== 'GET' || path !== '/api/v2/actions/actions') return false
      const json = exchange.response.json.bind(exchange.response)
      exchange.response.json = (body: { actions: Record<string, unknown>[] }) =>
        json({
          ...body,
          actions: body.actions.map((action) =>
            action['id'] === id
              ? { ...action, status: 'failed', errors: [{ id: 'x', msg: 'no package left-padd' }] }
              : action,
          ),
        })
      return false
    })
    const ran = await run()
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('no package left-padd') })
    expect(ran.out).toContain('[build_failed]')
    expect([versionsOf('first'), versionsOf('second')]).toEqual([[1], [1]])
    expect(picture()).toEqual(before)
  })
})

describe('npm run plan and drift', () => {
  const planned = (...args: string[]): Promise<Ran> =>
    runIn(world.project, world.tenant, plan, args)

  test('exit 2 with changes and 0 without, and only read', async () => {
    expect((await planned()).code).toBe(2)
    await fillTenant(world.tenant, world.project)
    const writes = world.tenant.writes().length
    expect((await planned()).code).toBe(0)
    expect((await runIn(world.project, world.tenant, drift)).code).toBe(0)
    expect(world.tenant.writes()).toHaveLength(writes)
  })

  test('read with read:actions alone', async () => {
    world.tenant.scopes.splice(0, 9, 'read:actions')
    expect((await planned()).code).toBe(2)
  })

  test('need no secret of an Action', async () => {
    expect(
      await runIn(world.project, world.tenant, plan, [], { env: world.tenant.env }),
    ).toMatchObject({ code: 2 })
  })

  test('give the plan as data', async () => {
    const { out } = await planned('--json')
    expect(JSON.parse(out)).toMatchObject({
      schema: 1,
      changes: true,
      domain: world.tenant.domain,
      actions: [{ name: 'first', change: 'create' }, { name: 'second' }],
      bindings: [{ trigger: 'post-login', changed: true, before: [] }],
    })
  })

  test('give the plan as Markdown', async () => {
    expect((await planned('--markdown')).out).toContain('| create | `first` | 1 | new |')
  })

  test('an edit in the dashboard is drift, shown with its diff', async () => {
    await fillTenant(world.tenant, world.project)
    const action = world.tenant.action('second')
    const version = action?.versions.at(-1)
    if (action === undefined || version === undefined) throw new Error('not there')
    version.code = action.code = action.code.replace('one', 'hotfix')
    const { code, out } = await runIn(world.project, world.tenant, drift)
    expect(code).toBe(2)
    expect(out).toContain('second was edited in the tenant after our build')
    expect(out).toMatch(/-\s+console.log\("hotfix"\)/)
  })

  test('a changed order is a change', async () => {
    await fillTenant(world.tenant, world.project)
    world.tenant.bind('second', 'first')
    expect((await planned()).code).toBe(2)
  })

  test('read a tenant of more Actions than one page holds', async () => {
    await fillTenant(world.tenant, world.project)
    for (let index = 0; index < 120; index += 1) world.tenant.addForeign(`other-${index}`)
    expect((await planned()).code).toBe(0)
  })

  test('read environments/NAME.env under the environment of the process', async () => {
    const { AUTH0_DOMAIN = '', ...rest } = world.tenant.env
    world.project.writeFile('environments/staging.json', JSON.stringify({ domain: AUTH0_DOMAIN }))
    world.project.writeFile('environments/staging.env', 'AUTH0_CLIENT_ID=x\n')
    const ran = await runIn(world.project, world.tenant, plan, ['--env', 'staging'], { env: rest })
    expect(ran).toMatchObject({ code: 2 })
    expect(await planned('--env', 'nowhere')).toMatchObject({
      code: 1,
      err: expect.stringContaining('environments/ has staging'),
    })
  })
})
