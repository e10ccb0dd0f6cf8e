/**
 * What a start of the tenant costs in Management API writes. The Deploy CLI runs without its 8 MB
 * schema of prompts, nearly all that a run costs; `fresh-tenant.test.ts` runs it untouched.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { loadCertificate, type LocalCertificate } from '../../local-tenant/certificate.ts'
import { importWhenChanged } from '../../local-tenant/import-when-changed.ts'
import { startTenant, type Tenant } from '../../local-tenant/tenant.ts'
import { runWarmCli } from '../deploy-cli/warm.ts'
import { ROOT } from './local-world.ts'

const DEPLOY_CLI_MS = 240_000

const TENANT_YAML = `actions:
  - name: only
    code: ./dist/only.js
    runtime: node22
    deployed: true
    supported_triggers: [{ id: post-login, version: v3 }]
triggers:
  post-login:
    - { action_name: only, display_name: only }
`

let root: string
let certificate: LocalCertificate
let tenant: Tenant

const start = async (): Promise<void> => {
  tenant = await startTenant({ port: 0, certificate, stateFile: join(root, 'tenant.json') })
}

const importNow = (run?: () => Promise<void>) =>
  importWhenChanged({
    root,
    bundles: [
      {
        name: 'only',
        file: 'dist/only.js',
        bytes: 0,
        hash: readFileSync(join(root, 'dist', 'only.js'), 'utf8'),
      },
    ],
    env: { SECRET: 'the same' },
    tenant,
    folder: { imported: join(root, 'imported.json') },
    run: run ?? runImport,
  })

const runImport = async (): Promise<void> => {
  const { exitCode, output } = await runWarmCli({
    inputFile: join(root, 'tenant.yaml'),
    env: {
      PATH: process.env['PATH'] ?? '',
      AUTH0_DOMAIN: tenant.host,
      AUTH0_CLIENT_ID: 'deploy-cli',
      AUTH0_CLIENT_SECRET: tenant.store.state.clients['deploy-cli']?.client_secret ?? '',
      AUTH0_INCLUDED_ONLY: '["actions","triggers"]',
      NODE_EXTRA_CA_CERTS: certificate.caFile,
    },
  })
  if (exitCode !== 0) throw new Error(output)
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'import-'))
  mkdirSync(join(root, 'dist'))
  cpSync(join(ROOT, 'dist', 'actions', 'guard-access.js'), join(root, 'dist', 'only.js'))
  writeFileSync(join(root, 'tenant.yaml'), TENANT_YAML)
  certificate = await loadCertificate(join(root, 'certificate'), Date.now())
  await start()
})

afterAll(async () => {
  await tenant.close()
  rmSync(root, { recursive: true, force: true })
})

test(
  'the first start writes each Action, its version and the bindings; the second nothing',
  async () => {
    expect(await importNow()).toEqual({ wasImported: true, writes: 3 })
    await tenant.close()
    await start()
    expect(await importNow()).toEqual({ wasImported: false, writes: 0 })
    expect(tenant.managementLog.requests()).toEqual([])
  },
  DEPLOY_CLI_MS,
)

test('an import that failed is done again, even when everything is as it was before it', async () => {
  const code = readFileSync(join(root, 'dist', 'only.js'), 'utf8')
  writeFileSync(join(root, 'dist', 'only.js'), `${code}// changed`)
  await expect(importNow(() => Promise.reject(new Error('half-way')))).rejects.toThrow('half-way')
  writeFileSync(join(root, 'dist', 'only.js'), code)
  expect(await importNow(() => Promise.resolve())).toEqual({ wasImported: true, writes: 0 })
})
