/** The record beside the tenant: what a deploy leaves in it, and what is noticed by it. */
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, jest, test } from '@jest/globals'
import { deploy } from '../../deploy/commands/deploy.ts'
import { drift, plan } from '../../deploy/commands/plan.ts'
import type { DeploymentRecord } from '../../deploy/deployment-record.ts'
import { recordFile } from '../../deploy/record-file.ts'
import { deployVersion, updateDraft } from '../../local-tenant/management/change-action.ts'
import { useDeployWorld } from '../../test-kit/deploy/deploy-world.ts'
import { fillTenant } from '../../test-kit/deploy/fill-tenant.ts'
import { runIn, SECRETS, succeed } from '../../test-kit/deploy/run-command.ts'
import { TWO_ACTIONS } from '../../test-kit/deploy/test-project.ts'

jest.setTimeout(120_000)

const world = await useDeployWorld()

const file = (): string => join(world.project.root, recordFile(world.tenant.domain))
const recorded = (): DeploymentRecord =>
  JSON.parse(readFileSync(file(), 'utf8')) as DeploymentRecord

/** Sets secrets in the dashboard and deploys there, as whoever may change Actions can. */
const setSecrets = (name: string, values: Readonly<Record<string, string>>): void => {
  const action = world.tenant.action(name)
  if (action === undefined) throw new Error('not there')
  const secrets = action.secrets.map((secret) => {
    const value = values[secret.name]
    return value === undefined ? { name: secret.name } : { name: secret.name, value }
  })
  const now = Date.now()
  updateDraft(action, { secrets }, now)
  deployVersion(action, action, now)
}

const liveSecrets = (name: string): Record<string, string> => {
  const action = world.tenant.action(name)
  const live = action?.versions.find(({ id }) => id === action.deployed_version_id)
  return Object.fromEntries((live?.secrets ?? []).map((secret) => [secret.name, secret.value]))
}

test('all secrets replaced at one moment are drift by name, and a deploy sends ours again', async () => {
  await fillTenant(world.tenant, world.project)
  expect((await succeed(world.project, world.tenant, drift)).code).toBe(0)
  setSecrets('first', { API_KEY: 'of-the-attacker', TERMS_TOKEN_SECRET: 'of-the-attacker-too' })

  const night = await runIn(world.project, world.tenant, drift)
  expect(night.code).toBe(2)
  expect(night.out).toContain('a secret API_KEY that was set')
  expect(night.out).toContain('a secret TERMS_TOKEN_SECRET that was set')
  expect((await runIn(world.project, world.tenant, plan)).out).toContain(
    'first: update, version 2 -> 3',
  )

  await succeed(world.project, world.tenant, deploy, ['--yes'])
  expect(liveSecrets('first')).toEqual(SECRETS)
  expect((await succeed(world.project, world.tenant, drift)).out).toContain('Nothing to do')
})

test('a deploy records what it made, by whom and from where, and no value of a secret', async () => {
  await fillTenant(world.tenant, world.project)
  const before = recorded()
  world.project.write({ ...TWO_ACTIONS, first: { ...TWO_ACTIONS['first'], says: 'two' } })
  const env = { ...world.tenant.env, ...SECRETS, GITHUB_ACTOR: 'octocat' }
  await succeed(world.project, world.tenant, deploy, ['--yes'], { env })
  const { actions, lastRun } = recorded()
  expect(lastRun).toMatchObject({
    kind: 'deploy',
    by: 'octocat',
    actions: [
      {
        name: 'first',
        before: before.actions['first']?.version,
        after: { number: 2, id: world.tenant.action('first')?.deployed_version_id },
        created: false,
      },
    ],
    bindings: [],
  })
  expect(actions['second']).toEqual(before.actions['second'])
  for (const value of Object.values(SECRETS))
    expect(readFileSync(file(), 'utf8')).not.toContain(value)
  expect((await succeed(world.project, world.tenant, drift)).out).toMatch(
    /On record: deploy of .* by octocat/,
  )
})

test('without a record nothing is taken for ours before it was shown and agreed to', async () => {
  await fillTenant(world.tenant, world.project)
  rmSync(file())
  const night = await runIn(world.project, world.tenant, drift)
  expect(night).toMatchObject({ code: 2, out: expect.stringContaining('In no record') })

  const refused = await runIn(world.project, world.tenant, deploy, [], {
    ask: () => Promise.resolve(false),
  })
  expect(refused).toMatchObject({ code: 1, out: expect.stringContaining('first runs version 1') })
  expect(existsSync(file())).toBe(false)

  const writes = world.tenant.writes().length
  await succeed(world.project, world.tenant, deploy, ['--yes'])
  expect(world.tenant.writes()).toHaveLength(writes)
  expect(Object.keys(recorded().actions)).toEqual(['first', 'second'])
  await succeed(world.project, world.tenant, drift)
})

test('a record that cannot be read stops every command and says what to do', async () => {
  await fillTenant(world.tenant, world.project)
  writeFileSync(file(), '<html>')
  for (const command of [plan, drift, deploy]) {
    expect(
      await runIn(world.project, world.tenant, command, command === deploy ? ['--yes'] : []),
    ).toMatchObject({
      code: 1,
      err: expect.stringMatching(/\[record_unusable\]\n {2}deployments\/.* \[record_invalid\]/),
    })
  }
})

test('a record that cannot be written is a warning that holds it, never a stack', async () => {
  await fillTenant(world.tenant, world.project)
  const text = readFileSync(file(), 'utf8')
  rmSync(file())
  symlinkSync('/nowhere/at/all.json', file())
  const ran = await succeed(world.project, world.tenant, deploy, ['--yes'])
  expect(ran.err).toContain('could not be written')
  expect(ran.err).toContain(text.trim())
  expect(ran.err).not.toMatch(/^\s+at /m)
})
