/**
 * The Deploy CLI against the Management API of the local tenant. Its 8 MB schema of prompts, nearly
 * all that a run costs, is taken away before it is compiled; `tests/end-to-end` runs it untouched.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { DeployCliResult } from '../../../deploy/run-deploy-cli.ts'
import { runWarmCli } from '../../../test-kit/deploy-cli/warm.ts'
import { startTestTenant, type TestTenant } from '../../../test-kit/local-tenant/test-tenant.ts'

jest.setTimeout(240_000)

const SECRET = 'not-a-real-secret-0123456789abcdef'

const TENANT_YAML = `
actions:
  - name: first
    code: ./first.js
    runtime: node22
    deployed: true
    supported_triggers: [{ id: post-login, version: v3 }]
    secrets: [{ name: KEY, value: @@KEY@@ }]
  - name: second
    code: ./second.js
    runtime: node22
    deployed: true
    supported_triggers: [{ id: post-login, version: v3 }]
triggers:
  post-login:
    - { action_name: second, display_name: second }
    - { action_name: first, display_name: first }
`

let tenant: TestTenant
let folder: string

beforeAll(async () => {
  tenant = await startTestTenant({ tls: true })
  folder = await mkdtemp(join(tmpdir(), 'deploy-cli-'))
  await writeFile(join(folder, 'ca.pem'), tenant.certificate)
  await writeFile(join(folder, 'tenant.yaml'), TENANT_YAML)
  for (const name of ['first', 'second']) {
    await writeFile(
      join(folder, `${name}.js`),
      `exports.onExecutePostLogin = async () => {} // ${name}\n`,
    )
  }
})

afterAll(async () => {
  await tenant.close()
  await rm(folder, { recursive: true })
})

const runImport = async (file: string): Promise<DeployCliResult> => {
  const scopes = ['read:actions', 'create:actions', 'update:actions']
  return runWarmCli({
    inputFile: join(folder, file),
    env: {
      AUTH0_DOMAIN: tenant.context.host,
      AUTH0_ACCESS_TOKEN: await tenant.token(...scopes),
      AUTH0_INCLUDED_ONLY: '["actions","triggers"]',
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
      KEY: SECRET,
    },
  })
}

const summary = (): unknown => {
  const { actions, bindings } = tenant.context.store.state
  return {
    actions: Object.values(actions)
      .toSorted((one, other) => one.name.localeCompare(other.name))
      .map(({ name, runtime, secrets, versions, all_changes_deployed }) => ({
        name,
        runtime,
        secrets: secrets.map((secret) => [secret.name, secret.value]),
        versions: versions.map(({ number }) => number),
        all_changes_deployed,
      })),
    bindings: bindings['post-login']?.map(({ action_id }) => actions[action_id]?.name),
  }
}

const importedTimes = (times: number): unknown => {
  const versions = Array.from({ length: times }, (_, index) => index + 1)
  const common = { runtime: 'node22', versions, all_changes_deployed: true }
  return {
    actions: [
      { ...common, name: 'first', secrets: [['KEY', SECRET]] },
      { ...common, name: 'second', secrets: [] },
    ],
    bindings: ['second', 'first'],
  }
}

test('the Deploy CLI imports Actions, secrets and bindings in their order', async () => {
  const { exitCode: code, output } = await runImport('tenant.yaml')
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringContaining('Import Successful'),
  })
  expect(summary()).toEqual(importedTimes(1))
  expect(output).not.toContain(SECRET)
})

test('the request log tells the five writes of that import', () => {
  // A deploy that comes before the build is ready is answered 400 and tried again.
  const writes = tenant.log
    .requests()
    .filter(({ method, status }) => method !== 'GET' && status < 300)
  expect(writes).toEqual([
    { method: 'POST', path: '/actions/actions', status: 201 },
    { method: 'POST', path: '/actions/actions', status: 201 },
    { method: 'POST', path: '/actions/actions/:id/deploy', status: 200 },
    { method: 'POST', path: '/actions/actions/:id/deploy', status: 200 },
    { method: 'PATCH', path: '/actions/triggers/:id/bindings', status: 200 },
  ])
})

test('importing again makes a second version of each Action and keeps the bindings', async () => {
  const ids = Object.keys(tenant.context.store.state.actions)
  const bindingIds = tenant.context.store.state.bindings['post-login']?.map(({ id }) => id)
  expect(await runImport('tenant.yaml')).toMatchObject({ exitCode: 0 })
  expect(summary()).toEqual(importedTimes(2))
  expect(Object.keys(tenant.context.store.state.actions)).toEqual(ids)
  expect(tenant.context.store.state.bindings['post-login']?.map(({ id }) => id)).toEqual(bindingIds)
})

test('an unknown Action in a binding fails the import and leaves the bindings alone', async () => {
  await writeFile(
    join(folder, 'unknown.yaml'),
    'triggers:\n  post-login:\n    - { action_name: nobody, display_name: nobody }\n',
  )
  const { exitCode: code, output } = await runImport('unknown.yaml')
  expect(output).toContain('That action does not exist.')
  expect(code).toBe(1)
  expect(summary()).toEqual(importedTimes(2))
})
